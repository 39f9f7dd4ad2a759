"""What D1 says: one sigmoid neuron without bias."""

from __future__ import annotations

from checks.documents.claim import Claim, State

CLAIMS: tuple[Claim, ...] = (
    Claim(
        "D1.1",
        "one input 0.1 with target 0.3 and a start from U(0, 1)",
        "the weight that meets the target is ln(0.3/0.7)/0.1",
        found=("-8.472978603872034",),
    ),
    Claim(
        "D1.2",
        "the listed script computes the gradient of the error by the chain rule",
        "its gradient beside the reference's at w = 0.5, and beside a numerical derivative",
        State.ONLY_WITH_THE_DEFECT,
        "it takes the sigmoid's derivative at the prediction, not at the weighted sum: "
        "the sign is right and the size is not (ratio found)",
        found=("0.94",),
    ),
    Claim(
        "D1.3",
        "rate 0.5 reaches the desired output after 10,000 iterations",
        "prediction from w = 0.5, with the script's gradient and with the right one",
        why="to two places, with either gradient",
        found=("0.30099", "0.30157"),
    ),
    Claim(
        "D1.4",
        "50,000 iterations reach the desired output (the listing's rate is 0.01)",
        "prediction from w = 0.5, with the script's gradient and with the right one",
        State.NOT_REPRODUCED,
        "the output is still far from 0.3 then",
        found=("0.418", "0.415"),
    ),
    Claim(
        "D1.5",
        "with two inputs the weighted sum is X1·W1 + X2·W2, and descent works alike",
        "the reference neuron with two inputs: gradient, and descent to the target",
        why="the document shows no listing for two inputs although it concludes to have done them",
    ),
    Claim(
        "D1.6",
        "σ maps to (0, 1) and its derivative is σ(1 − σ)",
        "the reference sigmoid layer against a numerical derivative",
    ),
    Claim(
        "D1.7",
        "the gradient is 2(predicted − target) · σ'(sop) · x",
        "the product of the three factors against the reference gradient",
    ),
    Claim(
        "D1.8",
        "another rate reaches the desired output in fewer iterations",
        "distance from the target after 2000 iterations at four rates falls with the rate",
    ),
    Claim(
        "D1.9",
        "at rate 0.5 the error falls from iteration to iteration",
        "the errors of 10,000 iterations, with either gradient",
    ),
    Claim(
        "D1.10",
        "an update is w − rate · gradient",
        "the reference update at three rates",
    ),
)
