from math import cos, sin


def loss(x, y):
    return sin(x) * sin(y)


def gradient(x, y):
    return cos(x) * sin(y), sin(x) * cos(y)


def update(learning_rate, x, y):
    dx, dy = gradient(x, y)
    return x - learning_rate * dx, y - learning_rate * dy
