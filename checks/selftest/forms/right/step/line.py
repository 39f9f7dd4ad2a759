def predict(X, w, b):
    return w * X + b


def update(X, y, learning_rate, w, b):
    gap = w * X + b - y
    return w - learning_rate * 2 * (gap * X).mean(), b - learning_rate * 2 * gap.mean()
