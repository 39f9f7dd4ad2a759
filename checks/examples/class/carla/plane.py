import numpy as np


def predict(X, w, b):
    return X @ w + b


def loss(X, y, w, b):
    r = predict(X, w, b) - y
    return r.dot(r) / 2


def gradient(X, y, w, b):
    r = predict(X, w, b) - y
    return {"dw": r @ X, "db": r.sum()}


def update(X, y, learning_rate, w, b):
    g = gradient(X, y, w, b)
    return {"w": w - learning_rate * g["dw"], "b": b - learning_rate * g["db"]}
