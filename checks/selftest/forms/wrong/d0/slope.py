import numpy as np


def nn(x, w):
    return w * x


def loss(y, t):
    gap = t - y
    return (gap @ gap) / gap.size


def gradient(w, x, t):
    gap = nn(x, w) - t
    return 2 * gap * x


def delta_w(w_k, x, t, learning_rate):
    return learning_rate * gradient(w_k, x, t).sum()


rng = np.random.default_rng(3)
x = rng.random(12)
t = 1.5 * x + rng.normal(0, 0.1, 12)
w = rng.random()
for k in range(5):
    w = w - delta_w(w, x, t, 0.8)
    print(k, w, loss(nn(x, w), t))
