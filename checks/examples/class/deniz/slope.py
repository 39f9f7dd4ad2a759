import numpy as np

N = 20  # samples


def predict(X, w):
    return X * w


def loss(X, y, w):
    return np.mean((predict(X, w) - y) ** 2)


def gradient(X, y, w):
    return np.sum(2 * X * (predict(X, w) - y)) / N


def update(X, y, learning_rate, w):
    return w - learning_rate * gradient(X, y, w)
