import numpy as np


class Dense:
    def __init__(self, in_features, out_features, learning_rate=0.01):
        self.mat = np.random.randn(in_features, out_features)
        self.bias = np.zeros(out_features)
        self.lr = learning_rate
        self.seen = None

    def forward(self, X):
        self.seen = X
        return X @ self.mat + self.bias

    def backprop(self, partial_gradient):
        count = len(self.seen)
        self.mat = self.mat - self.lr * (self.seen.T @ partial_gradient) / count
        self.bias = self.bias - self.lr * partial_gradient.sum() / count
        return partial_gradient @ self.mat.T
