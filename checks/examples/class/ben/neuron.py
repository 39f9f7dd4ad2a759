# Homework 4 - one neuron
import numpy as np

def sigmoid(z):
    z = np.clip(z, -700, 700)
    return 1.0 / (1.0 + np.exp(-z))

def sigmoid_derivative(z):
    return sigmoid(z) * (1.0 - sigmoid(z))

def predict(X, w):
    return sigmoid(X @ w)

def loss(X, y, w):
    return np.mean((predict(X, w) - y) ** 2)

def gradient(X, y, w):
    predicted = predict(X, w)
    delta = 2 * (predicted - y) * sigmoid_derivative(predicted)
    return X.T @ delta / len(y)

def update(X, y, learning_rate, w):
    return w - learning_rate * gradient(X, y, w)
