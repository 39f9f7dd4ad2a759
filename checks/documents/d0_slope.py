"""What D0 says: gradient descent for a line through the origin."""

from __future__ import annotations

from checks.documents.claim import Claim, State

CLAIMS: tuple[Claim, ...] = (
    Claim(
        "D0.1",
        "20 inputs drawn from U(0, 1), targets 2x + noise",
        "NumPy's legacy generator, seed 13: 20 uniforms, 20 normals times 0.2, one uniform for w",
    ),
    Claim(
        "D0.2",
        "trace of w and of the loss over four steps at rate 0.9",
        "descent with the reference gradient on the data of D0.1",
        printed=(
            *("0.1380", "1.3722", "1.8205", "1.9834", "2.0426"),
            *("1.3710", "0.2174", "0.0651", "0.0451", "0.0424"),
        ),
    ),
    Claim(
        "D0.3",
        "0.2 is the variance of the noise",
        "the trace of D0.2 with either reading of 0.2",
        State.NOT_REPRODUCED,
        "the trace comes out only when 0.2 is the standard deviation",
    ),
    Claim(
        "D0.4",
        "w = 2 lies at the minimum of the loss",
        "the least-squares slope of the sample, from SciPy",
        State.NOT_REPRODUCED,
        "the minimiser is the slope of the noisy sample, near 2 but not 2",
        found=("2.0763",),
    ),
    Claim(
        "D0.5",
        "ten steps from a random start end close to 2x; the line passes through (0, 0)",
        "distance to the least-squares slope = start's distance · (1 − 0.9 · 2 mean x²)^10",
    ),
    Claim(
        "D0.6",
        "per sample dloss/dy = 2(y − t), dy/dw = x, dloss/dw = 2x(y − t)",
        "the reference gradient of each single sample, and the chain's product",
    ),
    Claim(
        "D0.7",
        "the batch step adds up the samples' gradients",
        "the mean of the one-sample gradients against the batch gradient",
        why="with the factor 1/N that the formula has and the sentence leaves out: it is the mean",
    ),
    Claim(
        "D0.8",
        "parameters can be updated after one sample at a time, called online training",
        "online descent at a small rate ends near the least-squares slope from either side",
    ),
    Claim(
        "D0.9",
        "the first update is much larger than the second, since the gradient is larger there",
        "ratio of the two updates = contraction 1 − 0.9 · 2 mean x²",
        found=("0.3633",),
    ),
    Claim(
        "D0.10",
        "the loss is a convex parabola with one minimum",
        "its second derivative is 2 mean x² > 0 everywhere",
    ),
    Claim(
        "D0.11",
        "the mean squared error is the average Euclidean distance of outputs and targets",
        "both computed on the data of D0.1",
        State.NOT_REPRODUCED,
        "it is the average squared distance; the average distance is another number",
    ),
    Claim(
        "D0.12",
        "every squared error loss of linear regression is convex; other models' need not be",
        "Hessians of the six linear models have no negative eigenvalue; the neuron bulges",
    ),
)
