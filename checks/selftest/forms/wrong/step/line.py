def predict(X, w, b):
    return w * X + b


def update(X, y, learning_rate, w, b):
    gap = w * X + b - y
    w = w - learning_rate * 2 * (gap * X).mean()
    gap = w * X + b - y
    return w, b - learning_rate * 2 * gap.mean()
