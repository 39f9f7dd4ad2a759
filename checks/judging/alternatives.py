"""Wrong gradients that the caller computes and hands over by name, tried in this order."""

from __future__ import annotations

from checks.judging.patterns import Pattern

ALTERNATIVES: tuple[Pattern, ...] = (
    Pattern(
        "right gradient of another loss",
        "{what} is that of the documented loss, to {residual}: it is your loss that differs",
        "look at the loss first: the gradient needs no change",
    ),
    Pattern(
        "without last sample",
        "{what} leaves the last sample out: without it the right one agrees to {residual}",
        "let the loop run over all samples: range(len(y))",
    ),
    Pattern(
        "without first sample",
        "{what} leaves the first sample out: without it the right one agrees to {residual}",
        "let the loop start at index 0",
    ),
    Pattern(
        "only first sample",
        "{what} is that of the first sample alone, to {residual}",
        "let the loop run over all samples; is there a return inside it?",
    ),
    Pattern(
        "only last sample",
        "{what} is that of the last sample alone, to {residual}",
        "add the samples up: += where there is = inside the loop",
    ),
    Pattern(
        "sigma prime at activation",
        "{what} takes the sigmoid's derivative at the activation, σ'(σ(z)), where σ'(z) belongs: "
        "that agrees to {residual}",
        "with a = σ(z) the derivative is a * (1 - a)",
    ),
    Pattern(
        "sigma prime missing",
        "{what} lacks the derivative of the sigmoid: without it the right one agrees to {residual}",
        "chain rule: multiply by a * (1 - a), where a is the activation",
    ),
    Pattern(
        "sigma prime extra",
        "{what} has the sigmoid's derivative once too often: that agrees to {residual}",
        "with cross-entropy the derivative of the sigmoid cancels: prediction − y remains",
    ),
    Pattern(
        "activation without one minus",
        "{what} takes a in place of a (1 − a) for the sigmoid's derivative: "
        "that agrees to {residual}",
        "with a = σ(z) the derivative is a * (1 - a)",
    ),
    Pattern(
        "tanh prime",
        "{what} takes 1 − a², the derivative of tanh, for the sigmoid's: that agrees to {residual}",
        "with a = σ(z) the derivative is a * (1 - a)",
    ),
    Pattern(
        "sigmoid missing",
        "{what} is z itself, without the sigmoid: that agrees to {residual}",
        "1 / (1 + np.exp(-z))",
    ),
    Pattern(
        "exponent without minus",
        "{what} is σ(−z) where σ(z) belongs: that agrees to {residual}",
        "1 / (1 + np.exp(-z)), with the minus",
    ),
    Pattern(
        "tanh for sigmoid",
        "{what} is tanh(z) where σ(z) belongs: that agrees to {residual}",
        "1 / (1 + np.exp(-z))",
    ),
    Pattern(
        "predictions minus targets broadcast",
        "{what} subtracts targets (N,) from predictions (N, 1), which gives N × N differences: "
        "that agrees to {residual}",
        "give both the same shape before subtracting: y.reshape(-1, 1)",
    ),
    Pattern(
        "targets ignored",
        "{what} leaves the targets out: without them the right one agrees to {residual}",
        "the residual is prediction − y",
    ),
    Pattern(
        "inputs ignored",
        "{what} lacks the factor X of the chain rule: without it the right one agrees to "
        "{residual}",
        "the derivative of X @ w with respect to w brings X",
    ),
    Pattern(
        "bias ignored",
        "{what} leaves the bias out of the prediction: that agrees to {residual}",
        "the gradient needs the same prediction as the loss, bias included",
    ),
    Pattern(
        "bias subtracted",
        "{what} subtracts the bias where the prediction adds it: that agrees to {residual}",
        "keep the parentheses: y - (w * X + b), not y - w * X + b",
    ),
    Pattern(
        "upstream ignored",
        "{what} ignores the upstream gradient: with ones in its place the right one agrees to "
        "{residual}",
        "chain rule: multiply by upstream",
    ),
    Pattern(
        "weights already updated",
        "{what} uses the next layer's weights after their update: that agrees to {residual}",
        "compute what is handed back before the weights change",
    ),
    Pattern(
        "next layer transposed",
        "{what} hands the error back through the next layer's weights without transposing them: "
        "that agrees to {residual}",
        "delta @ W2.T",
    ),
    Pattern(
        "absolute error",
        "{what} is that of the absolute error, to {residual}",
        "the loss is made of squares",
    ),
    Pattern(
        "half of cross entropy",
        "{what} counts only the samples with y = 1: that agrees to {residual}",
        "cross-entropy has two parts: −y ln p and −(1 − y) ln(1 − p)",
    ),
    Pattern(
        "square error instead of cross entropy",
        "{what} is that of the squared error, to {residual}",
        "the loss is the cross-entropy",
    ),
    Pattern(
        "cross entropy instead of square error",
        "{what} is that of the cross-entropy, to {residual}",
        "the loss is the squared error: its gradient keeps the derivative of the sigmoid",
    ),
    Pattern(
        "e as 2.71",
        "{what} takes e as 2.71: that agrees to {residual}",
        "np.exp knows e to all its digits",
    ),
    Pattern(
        "e as 2.718",
        "{what} takes e as 2.718: that agrees to {residual}",
        "np.exp knows e to all its digits",
    ),
)
