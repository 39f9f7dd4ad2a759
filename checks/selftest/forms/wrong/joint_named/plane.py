def cost_and_gradients(X, y, w, b):
    gap = X @ w + b - y
    return X.T @ gap / len(y), gap.sum(), gap @ gap / 2
