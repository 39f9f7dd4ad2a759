import numpy as np


def sigma(z):
    return 0.5 * (1 + np.tanh(z / 2))


def predict(X, W1, W2):
    return sigma(X @ W1) @ W2


def loss(X, y, W1, W2):
    return np.sum((y - predict(X, W1, W2)) ** 2) / 2


def gradient(X, y, W1, W2):
    a = sigma(X @ W1)
    delta = a @ W2 - y
    dW2 = a.T @ delta
    dW1 = X.T @ (delta @ W2.T)
    return dW1, dW2
