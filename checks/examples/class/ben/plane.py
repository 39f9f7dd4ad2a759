# Homework 2 - loops, as in the lecture

def predict(X, w, b):
    out = []
    for row in X:
        out.append(w[0] * row[0] + w[1] * row[1] + b)
    return out

def loss(X, y, w, b):
    total = 0.0
    for predicted, actual in zip(predict(X, w, b), y):
        total += (actual - predicted) ** 2
    return total / 2

def gradient(X, y, w, b):
    dw = [0.0, 0.0]
    db = 0.0
    for row, predicted, actual in zip(X, predict(X, w, b), y):
        error = predicted - actual
        dw[0] += error * row[0]
        dw[1] += error * row[1]
        db += error
    return dw, db

def update(X, y, learning_rate, w, b):
    dw, db = gradient(X, y, w, b)
    new_w = [w[0] - learning_rate * dw[0], w[1] - learning_rate * dw[1]]
    return new_w, b - learning_rate * db
