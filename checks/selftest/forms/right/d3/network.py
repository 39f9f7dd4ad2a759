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
    a = net.hidden(X)
    delta = a @ net.W2 - y
    return X.T @ (delta @ net.W2.T * a * (1 - a)), a.T @ delta


net = Neural_Network(2, 3, 1)
print(cost(net.predict(np.ones((4, 2))), np.ones((4, 1))))
