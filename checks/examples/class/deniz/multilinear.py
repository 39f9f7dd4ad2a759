import numpy as np


def predict(X, w, b):
    return np.dot(X, w) + b


def loss(X, y, w, b):
    m = len(y)
    return (1 / (2 * m)) * np.sum((predict(X, w, b) - y) ** 2)


def gradient(X, y, w, b):
    m = len(y)
    error = predict(X, w, b) - y
    return (1 / m) * np.dot(X.T, error), (1 / m) * np.sum(error)


def update(X, y, learning_rate, w, b):
    dw, db = gradient(X, y, w, b)
    return w - learning_rate * dw, b - learning_rate * db
