import numpy as np


def sovleUsingGradient(A, Y, lr=0.01, iters=1000):
    x = np.zeros(A.shape[1])
    for i in range(iters):
        gap = A @ x - Y
        x = x - lr * (gap @ A)
        if i % 500 == 0:
            print(i, np.mean(gap * gap))
    return x


print(sovleUsingGradient(np.array([[3.0, 1.0], [1.0, 2.0]]), np.array([1.0, 0.0]), lr=0.05))
