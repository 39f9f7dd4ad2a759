"""What D2 says: a linear system, cross-entropy, the layers and a perceptron of them."""

from __future__ import annotations

from checks.documents.claim import Claim, State

CLAIMS: tuple[Claim, ...] = (
    Claim(
        "D2.1",
        "losses of a 3×3 linear system at rate 0.01, every 1000 iterations from zero",
        "descent with the reference gradient, which has the factor 2/3",
        printed=(
            "5.666666666666667",
            "0.5797261956378661",
            "0.13383958398415846",
            "0.0308991285469566",
            "0.007133585719112376",
            "0.0016469087513129724",
            "0.0003802167019434473",
            "8.77794475992898e-05",
            "2.0265368095217914e-05",
            "4.678602511941347e-06",
        ),
    ),
    Claim(
        "D2.2",
        "x and A·x after 10,000 iterations, close to the right-hand side",
        "the end of D2.1; the exact solution is [5/7, 31/7, 7]",
        printed=(
            *("0.71418766", "4.42539244", "6.99559903"),
            *("1.00073170", "3.99858189", "-8.33062319e-04"),
        ),
    ),
    Claim(
        "D2.3",
        "sigmoid and binary cross-entropy together have the gradient ŷ − y in the logits",
        "the reference gradient, and the sigmoid layer after the cross-entropy's gradient",
        why="of the sum over the samples; the mean has 1/N beside it",
    ),
    Claim(
        "D2.4",
        "gradient descent needs a convex loss to work",
        "descent on the hill, whose Hessian has a negative eigenvalue at the start, and on the "
        "perceptron, whose loss is higher half-way between two equal ends",
        State.NOT_REPRODUCED,
        "convexity is sufficient, not necessary: both descents arrive",
    ),
    Claim(
        "D2.5",
        "a perceptron with sigmoids learns to tell the digits 0 and 1",
        "64-128-128-1 on the bundled 8×8 digits, five seeds of start and of held-out quarter",
        why="on 360 bundled digits, not on the document's MNIST",
    ),
    Claim(
        "D2.6a",
        "the linked implementation's dense layer gives the gradient of its bias",
        "the layer's bias gradient for a batch of as many samples as outputs",
        State.ONLY_WITH_THE_DEFECT,
        "it sums over the outputs where the samples are meant",
    ),
    Claim(
        "D2.6b",
        "the linked implementation hands each layer's gradient upstream",
        "one update at two rates: the distance from the right one grows with the rate's square",
        State.ONLY_WITH_THE_DEFECT,
        "it changes a layer's weights before it computes what is handed upstream with them",
    ),
    Claim(
        "D2.7",
        "f(x + ε) ≈ f(x) + ε f'(x), without error for a straight line",
        "the remainder on the parabola is ε², on the bowl quartered when ε is halved",
    ),
    Claim(
        "D2.8",
        "a small step against the slope makes f smaller",
        "one small step from many starts on every surface",
    ),
    Claim(
        "D2.9",
        "that gradient is the same as the mean squared error's, "
        "so regression and classification learn alike",
        "the cross-entropy's in the logits and the squared error's in the prediction, same ŷ and y",
        State.NOT_REPRODUCED,
        "the same up to the squared error's factor 2, which makes the steps twice as long",
    ),
    Claim(
        "D2.10",
        "maximising f is minimising −f",
        "gradient ascent on the hill and descent on its negative take the same path",
    ),
    Claim(
        "D2.11",
        "the gradient has the shape of x, and all its entries share one rate",
        "shapes for m ≠ n, and the step divided by the gradient",
    ),
    Claim(
        "D2.12",
        "AdaGrad and Adam have a step of their own for each dimension",
        "their first step is the rate times the gradient's sign, whatever its size",
    ),
    Claim(
        "D2.13",
        "a linear system is a layer without bias and activation, with the same derivative",
        "the dense layer's dW with one output and b = 0 against the system's gradient",
    ),
    Claim(
        "D2.14",
        "the choice of initial weights matters for training",
        "zeros, unit norm and ten times the standard normal, three seeds: losses after 100 steps",
        why="from zeros the hidden units of a layer stay equal for ever and nothing is learned",
    ),
    Claim(
        "D2.15",
        "weights of unit norm generally give the best result",
        "the perceptron of D2.5 from unit norm and from plain standard normals, three seeds",
        State.NOT_REPRODUCED,
        "here plain standard normals have the lower loss after 100 steps",
    ),
    Claim(
        "D2.16",
        "each layer returns its input's gradient, which the layer below takes as its upstream one",
        "dense and sigmoid layers chained backwards give the perceptron's gradient",
    ),
    Claim(
        "D2.17",
        "formulas of the cross-entropy, its gradient, the sigmoid's and the dense layer's",
        "the reference models against numerical derivatives with error bars",
    ),
)
