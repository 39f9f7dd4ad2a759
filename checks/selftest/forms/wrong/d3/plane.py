import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_iris

iris = load_iris()
X, y = iris.data[:, :2], iris.data[:, 2]


def cost(y_pred, y_actual):
    gap = y_pred - y_actual
    return gap @ gap / 2


def F(X, w, b):
    return X @ w + b


def dJdw1(X, y, w, b):
    return (F(X, w, b) - y) @ X[:, 0]


def dJdw2(X, y, w, b):
    return (F(X, w, b) - y) @ X[:, 0]


def dJdb(X, y, w, b):
    return sum(F(X, w, b) - y)


plt.scatter(X[:, 0], y)
plt.show()
