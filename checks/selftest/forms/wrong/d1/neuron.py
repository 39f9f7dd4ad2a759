import math
import random


def sigmoid(sop):
    return 1.0 / (1.0 + math.exp(-sop)) if sop > 0 else math.exp(sop) / (1.0 + math.exp(sop))


def error(predicted, target):
    return (target - predicted) ** 2


def error_predicted_deriv(predicted, target):
    return -2 * (target - predicted)


def activation_sop_deriv(sop):
    return sigmoid(sop) * sigmoid(-sop)


def sop_w_deriv(x):
    return x


def update_w(w, grad, learning_rate):
    return w - grad * learning_rate


w = random.random()
for k in range(20):
    sop = 0.2 * w
    out = sigmoid(sop)
    chain = error_predicted_deriv(out, 0.4) * activation_sop_deriv(out) * sop_w_deriv(0.2)
    w = update_w(w, chain, 0.5)
print("weight", w)
