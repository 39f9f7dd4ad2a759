"""Linear regression on columns: X is (N, d), y is (N, 1), w is (d, 1)."""

import numpy as np


def predict(X, w, b):
    return X @ w + b


def loss(X, y, w, b):
    assert y.shape == (len(X), 1)
    return np.mean((predict(X, w, b) - y) ** 2)


def gradient(X, y, w, b):
    assert y.shape == (len(X), 1)
    gap = predict(X, w, b) - y
    return 2 / len(X.T) * X.T @ gap, 2 * np.mean(gap)


if __name__ == "__main__":
    X = np.random.default_rng(0).normal(size=(20, 3))
    y = (X @ np.array([1.0, 2.0, 3.0])).reshape(-1, 1)
    w, b = np.zeros((3, 1)), 0.0
    for _ in range(50):
        dw, db = gradient(X, y, w, b)
        w, b = w - 0.1 * dw, b - 0.1 * db
    print(loss(X, y, w, b))
