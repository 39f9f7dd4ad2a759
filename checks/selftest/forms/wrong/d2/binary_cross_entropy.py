import numpy as np


class BinaryCrossEntropy:
    def compute_loss_and_gradient(self, y_pred, y_gt):
        terms = y_gt * np.log(y_pred) + (1 - y_gt) * np.log1p(-y_pred)
        return -terms.mean(), y_gt / y_pred - (1 - y_gt) / (1 - y_pred)
