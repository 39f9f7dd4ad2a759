import numpy as np


class LinearRegression:
    def __init__(self, n_features, learning_rate=0.01):
        self.weights = np.zeros(n_features)
        self.bias = 0.0
        self.lr = learning_rate

    def predict(self, X):
        return X @ self.weights + self.bias

    def cost(self, X, y):
        return np.mean((self.predict(X) - y) ** 2)

    def gradient(self, X, y):
        gap = self.predict(X) - y
        self.dw = 2 * X.T @ gap / len(y)
        self.db = 2 * gap.mean()

    def step(self, X, y):
        self.gradient(X, y)
        self.weights -= self.lr * self.dw
        self.bias -= self.lr * self.db
