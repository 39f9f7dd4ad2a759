def predict(A, x):
    return A @ x


def loss(A, y, x):
    r = A @ x - y
    return (r @ r) / r.size


def gradient(A, y, x):
    r = A @ x - y
    return 2 * (A.T @ r) / r.size


def update(A, y, learning_rate, x):
    x -= learning_rate * gradient(A, y, x)
    return x
