import matplotlib.pyplot as plt
import numpy as np

X = np.linspace(-1, 1, 30)
S = 0.5 * X - 2 + np.random.normal(0, 0.2, X.size)


def line_func(x, w, b):
    return b + w * x


def MSE(Y, Yhat):
    return ((Yhat - Y) ** 2).mean()


def get_gradient(X, Y, Yhat):
    gap = Yhat - Y
    return 2 * (gap * X).mean(), 2 * gap.sum()


model = [0.0, 0.0]
for i in range(50):
    dm, db = get_gradient(X, S, line_func(X, *model))
    model[0] -= 0.1 * dm
    model[1] -= 0.1 * db
plt.plot(X, line_func(X, *model))
