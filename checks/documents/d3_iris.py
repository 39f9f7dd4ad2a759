"""What D3 says: a plane, a sigmoid unit and a 2-3-1 network on Iris."""

from __future__ import annotations

from checks.documents.claim import Claim, State

CLAIMS: tuple[Claim, ...] = (
    Claim(
        "D3.1",
        "costs of the plane and of the sigmoid unit at w = [0.2, 0.6], b = −0.3, raw data",
        "the reference losses on both Iris tables",
        why="with the table of older scikit-learn releases; the corrected one gives what was found",
        printed=("313.0096", "829.4187739184515"),
        found=("313.5056", "829.3581552057615"),
    ),
    Claim(
        "D3.2",
        "the plane predicts 2.56 for x = [4.70, 3.20], where 1.60 was measured",
        "the reference prediction, and the row of the table",
        printed=("2.56", "1.60"),
    ),
    Claim(
        "D3.3",
        "2000 steps at 0.001 with simultaneous updates lead the plane to w, b and this cost",
        "normalised data from the printed start, with both orders of updating",
        State.ONLY_WITH_THE_DEFECT,
        "the printed figures come out only when each parameter is updated after the other, "
        "with the new values; the rule that the text states gives what was found",
        printed=("1.902", "-0.923", "-0.221", "0.665"),
        found=("1.894", "-0.912", "-0.222", "0.666"),
    ),
    Claim(
        "D3.4",
        "cost of the network with the printed weights",
        "the reference loss, and the same with predictions (N, 1) and targets (N,)",
        State.ONLY_WITH_THE_DEFECT,
        "the shapes broadcast to N×N residuals; the right cost is what was found",
        printed=("201434.60",),
        found=("1343.3122468789172",),
    ),
    Claim(
        "D3.5",
        "the network predicts 2.56 for example 0, where 1.60 was measured",
        "the reference network with the printed weights on every row",
        State.NOT_REPRODUCED,
        "the plane's prediction was printed again; the network's are all below zero "
        "(found: for the first row of the unshuffled table)",
        printed=("2.56", "1.60"),
        found=("-0.088",),
    ),
    Claim(
        "D3.6",
        "forward differences with step 1e-8 give the gradient of the network",
        "every entry against the reference gradient, error bars from step and rounding",
        State.ONLY_WITH_THE_DEFECT,
        "the first layer's last weight stays moved while the second layer is differenced: "
        "all of dW2 is off by dJ/dW1[last, last]",
    ),
    Claim(
        "D3.7",
        "2000 epochs at 0.01 bring the network from 85.579 to 0.562",
        "60 seeded standard-normal starts: least and median final cost found",
        why="as a distribution, since the document's start is unseeded; both figures lie in range; "
        "the largest is not stated, since a start or two descend chaotically at this rate and the "
        "order of summation decides where they end",
        printed=("85.579", "0.562"),
        found=("0.538", "0.580"),
    ),
    Claim(
        "D3.8",
        "gradients of the line's and the plane's half sum of squares",
        "the reference models against numerical derivatives with error bars",
    ),
    Claim(
        "D3.9",
        "repeated updates lead m and b to the optimal solution",
        "descent on petal length against sepal length ends at SciPy's least squares",
    ),
    Claim(
        "D3.10",
        "the start w = [0.080, 0.220], b = 0.259 costs 5.384",
        "the cost over the box of starts that print so",
        why="the printed start is rounded and costs what was found; 5.384 lies within its box",
        printed=("5.384",),
        found=("5.387",),
    ),
    Claim(
        "D3.11",
        "the sigmoid squashes any input to between 0 and 1",
        "the sigmoid layer from −10 to 10, increasing",
    ),
    Claim(
        "D3.12",
        "the sigmoid unit looks worse than the plane only because it is not optimised yet",
        "no prediction exceeds 1: least cost ½ Σ max(y − 1, 0)² on the raw data",
        State.NOT_REPRODUCED,
        "on the raw data even its least conceivable cost is above the plane's, untrained",
        found=("802.7",),
    ),
    Claim(
        "D3.13",
        "a second random network costs 211597.43",
        "costs of 1000 seeded standard-normal networks, right and with D3.4's shapes",
        State.ONLY_WITH_THE_DEFECT,
        "unseeded; within the range of the broadcast costs, above every right one",
        printed=("211597.43",),
    ),
    Claim(
        "D3.14",
        "a 2-3-1 network has 9 weights and 4 biases, 13 parameters",
        "sizes of the reference gradient with biases; the document's own code has the 9 only",
        printed=("9", "4", "13"),
    ),
    Claim(
        "D3.15",
        "the numerical gradient needs one forward pass per parameter, so it is slow",
        "loss evaluations counted for three network sizes: one per weight and one more",
    ),
    Claim(
        "D3.16",
        "the forward difference tends to the derivative as its step tends to 0",
        "its error halves with the step until rounding takes over",
    ),
    Claim(
        "D3.17",
        "the network has to be solved by gradient descent",
        "SciPy's least squares from the same starts: the least cost found",
        State.NOT_REPRODUCED,
        "least squares does it too: half of its starts end below every descent of D3.7, whose "
        "2000 epochs are not convergence",
        found=("0.289",),
    ),
    Claim(
        "D3.18",
        "the hidden layer makes the model more flexible than the plane",
        "least-squares minimum of the plane against the network's of D3.17",
        found=("0.648",),
    ),
    Claim(
        "D3.19",
        "dividing by the maxima brings the data between 0 and 1",
        "smallest and largest entries of the normalised table",
    ),
)
