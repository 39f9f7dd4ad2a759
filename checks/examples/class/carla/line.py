import numpy as np


def predict(X, w, b):
    return w * X + b


def loss(X, y, w, b):
    return ((y - predict(X, w, b)) ** 2).mean()


def gradient(X, y, w, b):
    error = y - predict(X, w, b)
    return [-2 * (X * error).mean(), -2 * error.mean()]


def update(X, y, learning_rate, w, b):
    w = w - learning_rate * gradient(X, y, w, b)[0]
    b = b - learning_rate * gradient(X, y, w, b)[1]
    return w, b


if __name__ == "__main__":
    rng = np.random.default_rng(1)
    X = rng.uniform(-2, 2, 50)
    y = 2 * X + 1 + rng.normal(0, 0.5, 50)
    w, b = 0.0, 0.0
    for epoch in range(200):
        w, b = update(X, y, 0.1, w, b)
    print("w =", w, "b =", b, "loss =", loss(X, y, w, b))
