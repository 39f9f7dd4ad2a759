def loss(X, y, m, b):
    gap = m * X + b - y
    return 0.5 * float(gap @ gap), (float(gap @ X), -float(gap.sum()))
