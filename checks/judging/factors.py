"""Mistakes that multiply the truth by a known factor, the simplest first.

Where two of them explain the same numbers, the first one in this file is said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from math import log

from checks.judging.patterns import Pattern


class Size(Enum):
    """Which number, besides the number of samples, decides a factor."""

    NONE = "none"
    SAMPLES = "samples"
    OTHER = "other"
    RATE = "learning rate"


@dataclass(frozen=True)
class Factor:
    """A mistake that multiplies the truth: claim = ratio(n, s) · truth.

    n is the number of samples, s the size of another axis or the learning rate, as `size` says.
    reduction: "mean" or "sum" where the mistake only exists for such a loss, "" for any.
    """

    pattern: Pattern
    ratio: Callable[[float, float], float]
    size: Size = Size.NONE
    reduction: str = ""


SIGN = Pattern(
    "sign flipped",
    "{what} has the wrong sign: multiplied by −1 it agrees to {residual}",
    "the derivative of (prediction − y)² keeps the order prediction − y; a descent subtracts it",
)

FACTORS: tuple[Factor, ...] = (
    Factor(SIGN, lambda n, s: -1),
    Factor(
        Pattern(
            "sum instead of mean",
            "{what} lacks the division by {letter} = {n}: divided by {n} it agrees to {residual}",
            "divide the sum over the samples by their number: / len(y)",
        ),
        lambda n, s: n,
        Size.SAMPLES,
        "mean",
    ),
    Factor(
        Pattern(
            "mean instead of sum",
            "{what} is divided by {letter} = {n}, but the loss is a sum: "
            "multiplied by {n} it agrees to {residual}",
            "sum over the samples; leave the division by their number out",
        ),
        lambda n, s: 1 / n,
        Size.SAMPLES,
        "sum",
    ),
    Factor(
        Pattern(
            "divided by n twice",
            "{what} is divided by {letter} = {n} once too often: "
            "multiplied by {n} it agrees to {residual}",
            "divide by the number of samples once: either np.mean or / len(y)",
        ),
        lambda n, s: 1 / n,
        Size.SAMPLES,
        "mean",
    ),
    Factor(
        Pattern(
            "multiplied by n",
            "{what} is multiplied by {letter} = {n}: divided by {n} it agrees to {residual}",
            "(1/2 * n) multiplies by n: the sum over the samples needs no number of samples",
        ),
        lambda n, s: n,
        Size.SAMPLES,
        "sum",
    ),
    Factor(
        Pattern(
            "factor 2 missing",
            "{what} is half of what it should be: multiplied by 2 it agrees to {residual}",
            "the derivative of a square brings a factor 2: 2 * residual",
        ),
        lambda n, s: 0.5,
    ),
    Factor(
        Pattern(
            "factor 2 extra",
            "{what} is twice what it should be: halved it agrees to {residual}",
            "look for a factor 2 too many, or for the missing ½ where the loss has one",
        ),
        lambda n, s: 2,
    ),
    Factor(
        Pattern(
            "divided by n − 1",
            "{what} is divided by {letter} − 1: "
            "with {letter} = {n} in place of {letter} − 1 it agrees to {residual}",
            "a mean divides by the number of samples, not by one less",
        ),
        lambda n, s: n / (n - 1) if n > 1 else 0,
        Size.SAMPLES,
        "mean",
    ),
    Factor(
        Pattern(
            "divided by n − 1",
            "{what} is divided by {letter} − 1, but the loss is a sum: "
            "multiplied by it, it agrees to {residual}",
            "sum over the samples; leave the division out",
        ),
        lambda n, s: 1 / (n - 1) if n > 1 else 0,
        Size.SAMPLES,
        "sum",
    ),
    Factor(
        Pattern(
            "mean over every entry",
            "{what} is divided by the number of samples and by {letter} = {n}: "
            "multiplied by {inverse} it agrees to {residual}",
            "the loss sums over samples and outputs: np.mean divides by both",
        ),
        lambda n, s: 1 / (n * s),
        Size.OTHER,
        "sum",
    ),
    Factor(
        Pattern(
            "divided by 2n",
            "{what} is divided by 2{letter}, but the loss is a sum: "
            "multiplied by {inverse} it agrees to {residual}",
            "the ½ of the loss cancels the 2 of its derivative, and the samples are summed",
        ),
        lambda n, s: 0.5 / n,
        Size.SAMPLES,
        "sum",
    ),
    Factor(
        Pattern(
            "mean of squares instead of half their sum",
            "{what} is that of the mean square, 2/{letter} times what it should be: "
            "multiplied by {inverse} it agrees to {residual}",
            "the loss is half the sum of the squares: no 2, no division",
        ),
        lambda n, s: 2 / n,
        Size.SAMPLES,
        "sum",
    ),
    Factor(
        Pattern(
            "half the sum instead of the mean",
            "{what} is that of half the sum, {letter}/2 times what it should be: "
            "multiplied by {inverse} it agrees to {residual}",
            "the loss is the mean of the squares: 2 / len(y) in front of the sum",
        ),
        lambda n, s: n / 2,
        Size.SAMPLES,
        "mean",
    ),
    Factor(
        Pattern(
            "multiplied by n instead of divided",
            "{what} is {letter}² times what it should be: divided by {factor} it agrees to "
            "{residual}",
            "1/n*x divides and 1*n*x multiplies: write (1/n) with its parentheses",
        ),
        lambda n, s: n * n,
        Size.SAMPLES,
        "mean",
    ),
    Factor(
        Pattern(
            "multiplied by n instead of divided",
            "{what} is {letter}²/2 times what it should be: divided by {factor} it agrees to "
            "{residual}",
            "(1/2*n) multiplies by n: write 1/(2*n)",
        ),
        lambda n, s: n * n / 2,
        Size.SAMPLES,
        "mean",
    ),
    Factor(
        Pattern(
            "wrong divisor",
            "{what} is divided by {letter} = {n} in place of the number of samples: "
            "multiplied by {inverse} it agrees to {residual}",
            "divide by the number of samples, len(y), not by the length of another axis",
        ),
        lambda n, s: n / s,
        Size.OTHER,
        "mean",
    ),
    Factor(
        Pattern(
            "factor 4",
            "{what} is four times what it should be: divided by 4 it agrees to {residual}",
            "the factor 2 of the square stands there twice",
        ),
        lambda n, s: 4,
    ),
    Factor(
        Pattern(
            "a quarter",
            "{what} is a quarter of what it should be: multiplied by 4 it agrees to {residual}",
            "a division by 2n, with the factor 2 of the square left out: 2 / n is right",
        ),
        lambda n, s: 0.25,
    ),
    Factor(
        Pattern(
            "divided by another size",
            "{what} is divided by {letter} = {n}: multiplied by {n} it agrees to {residual}",
            "np.mean of a whole matrix divides by all its entries: name the axis of the samples",
        ),
        lambda n, s: 1 / s,
        Size.OTHER,
    ),
    Factor(
        Pattern(
            "multiplied by another size",
            "{what} is multiplied by {letter} = {n}: divided by {n} it agrees to {residual}",
            "a sum runs over one axis too many: name the axis of the samples",
        ),
        lambda n, s: s,
        Size.OTHER,
    ),
    Factor(
        Pattern(
            "logarithm to base 2",
            "{what} is 1/ln 2 times what it should be: multiplied by ln 2 it agrees to {residual}",
            "the cross-entropy takes the natural logarithm: np.log, not np.log2",
        ),
        lambda n, s: 1 / log(2),
    ),
    Factor(
        Pattern(
            "logarithm to base 10",
            "{what} is 1/ln 10 times what it should be: multiplied by ln 10 it agrees to "
            "{residual}",
            "the cross-entropy takes the natural logarithm: np.log, not np.log10",
        ),
        lambda n, s: 1 / log(10),
    ),
    Factor(
        Pattern(
            "learning rate inside",
            "{what} contains the learning rate {n} once too often: "
            "divided by it, it agrees to {residual}",
            "multiply by the learning rate once, in the update and nowhere else",
        ),
        lambda n, s: s,
        Size.RATE,
    ),
    Factor(
        Pattern(
            "the step instead of the gradient",
            "{what} is the step −learning_rate · gradient: divided by −{n} it agrees to {residual}",
            "return the derivative itself; the update multiplies by the learning rate",
        ),
        lambda n, s: -s,
        Size.RATE,
    ),
    Factor(
        Pattern(
            "learning rate missing",
            "{what} lacks the learning rate {n}: multiplied by it, it agrees to {residual}",
            "the step is learning_rate times the gradient",
        ),
        lambda n, s: 1 / s,
        Size.RATE,
    ),
)

SIGN_AND = Pattern(
    "sign flipped and {name}",
    "{what} has the wrong sign, and is off by a factor: "
    "divided by {factor} it agrees to {residual} ({name})",
    "two mistakes at once: the sign, and then: {hint}",
)
