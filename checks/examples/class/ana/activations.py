import numpy as np


def sigmoid(z):
    # exp of a negative number only, so nothing overflows
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, small) / (1 + small)
