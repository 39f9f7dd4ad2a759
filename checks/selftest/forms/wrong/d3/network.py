import numpy as np


def sigmoid(z):
    return (1 + np.tanh(z / 2)) / 2


def cost(y_pred, y_actual):
    return np.sum(np.square(y_pred - y_actual)) / 2


class Neural_Network:
    def __init__(self, n0, n1, n2):
        self.W1 = np.random.randn(n0, n1)
        self.W2 = np.random.randn(n1, n2)

    def hidden(self, x):
        return sigmoid(x @ self.W1)

    def predict(self, x):
        return self.hidden(x) @ self.W2


def get_gradient(net, X, y):
    step = 1e-8
    start = cost(net.predict(X), y)
    slopes = []
    for name in ("W1", "W2"):
        kept = getattr(net, name)
        slope = np.zeros(kept.shape)
        for place in np.ndindex(kept.shape):
            moved = np.copy(kept)
            moved[place] += step
            setattr(net, name, moved)
            slope[place] = (cost(net.predict(X), y) - start) / step
        slopes.append(slope)
    return tuple(slopes)


net = Neural_Network(2, 3, 1)
print(cost(net.predict(np.ones((4, 2))), np.ones((4, 1))))
