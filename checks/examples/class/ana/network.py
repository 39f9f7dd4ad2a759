from activations import sigmoid


def predict(X, W1, W2):
    return sigmoid(X @ W1) @ W2


def loss(X, y, W1, W2):
    return 0.5 * ((predict(X, W1, W2) - y) ** 2).sum()


def gradient(X, y, W1, W2):
    hidden = sigmoid(X @ W1)
    residual = hidden @ W2 - y
    upstream = (residual @ W2.T) * hidden * (1 - hidden)
    return {"W1": X.T @ upstream, "W2": hidden.T @ residual}


def update(X, y, learning_rate, W1, W2):
    d = gradient(X, y, W1, W2)
    return W1 - learning_rate * d["W1"], W2 - learning_rate * d["W2"]
