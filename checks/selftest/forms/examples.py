"""The examples, top to bottom: one form each, once right and once with one mistake."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from checks.grading import grade
from checks.result import Report, Verdict
from checks.submission.adapters import Adapter
from checks.submission.discovery import Submission, discover
from checks.submission.limits import Limits
from checks.submission.supervisor import candidate_for, open_submission
from reference.catalogue import entry

FOLDER = Path(__file__).parent
SEED = 11
# Convergence, stability and speed say nothing on whether a form is read as it is meant.
ASKED = ("contract", "predict", "loss", "gradient_own", "update")


@dataclass(frozen=True)
class Example:
    """One form: its file below right/ and wrong/, what is said of it, what its mistake fails."""

    path: str
    said: str
    mistake: str
    failing: tuple[str, ...]


EXAMPLES = (
    Example(
        "d0/slope.py",
        "recognised as code along D0 (nn, loss, gradient)",
        "the step sums what it should average",
        ("update",),
    ),
    Example(
        "d1/neuron.py",
        "activation_sop_deriv is asked at the sum of products, as its script does",
        "the sigmoid's derivative is asked at the prediction (D1.2)",
        ("gradient_own",),
    ),
    Example(
        "d2/linear_system.py",
        "recognised as code along D2 (sovleUsingGradient)",
        "a sum over the equations without the factor 2/m",
        ("gradient_own",),
    ),
    Example(
        "d2/dense.py",
        "backprop averages over the batch: its slopes are multiplied by N",
        "the bias over the wrong axis, the weights moved before the upstream (D2.6)",
        ("gradient_own",),
    ),
    Example(
        "d2/sigmoid.py",
        "recognised as code along D2 (Sigmoid.forward, Sigmoid.backprop)",
        "a slope squared once too often",
        ("gradient_own",),
    ),
    Example(
        "d2/binary_cross_entropy.py",
        "its gradient is that of single samples: divided by N, as its layers do",
        "the sign",
        ("gradient_own",),
    ),
    Example(
        "d2/mlp.py",
        "its layers are joined in the order of the contract",
        "the weights moved before the upstream is computed (D2.6)",
        ("gradient_own",),
    ),
    Example(
        "d3/plane.py",
        "recognised as code along D3 (F, cost)",
        "dJdw2 copied from dJdw1",
        ("gradient_own",),
    ),
    Example(
        "d3/network.py",
        "recognised as code along D3 (Neural_Network, cost)",
        "differences with the first layer left perturbed (D3.6)",
        ("gradient_own",),
    ),
    Example(
        "d4/line.py",
        "recognised as code along D4 (line_func, MSE, get_gradient)",
        "the bias without the division by N",
        ("gradient_own",),
    ),
    Example(
        "class_arguments/line.py",
        "recognised as the class Model (predict, loss, gradient, update)",
        "one parameter updated after the other",
        ("update",),
    ),
    Example(
        "class_attributes/multilinear.py",
        "parameters are set as its attributes weights, bias",
        "the factor 2 on the bias only",
        ("gradient_own",),
    ),
    Example(
        "class_columns/sigmoid_unit.py",
        "its own shape is kept: w as a column",
        "half of the sigmoid's derivative",
        ("gradient_own",),
    ),
    Example(
        "layer/dense.py",
        "recognised as the class Dense (forward, backward)",
        "the bias averaged over the batch",
        ("gradient_own",),
    ),
    Example(
        "joint/line_half_sse.py",
        "recognised: loss returns (loss, gradient)",
        "the sign of the bias",
        ("gradient_own",),
    ),
    Example(
        "joint_named/plane.py",
        "recognised: cost_and_gradients returns (gradient, loss)",
        "the weights averaged, the bias not",
        ("gradient_own",),
    ),
    Example(
        "step/line.py",
        "",
        "one parameter updated after the other",
        ("update",),
    ),
    Example(
        "persample/multilinear.py",
        "gradient is kept for each sample: its mean is taken, as the program does",
        "the factor 2",
        ("gradient_own",),
    ),
    Example(
        "columns/multilinear.py",
        "y, w given as columns, as the program has them; the contract has 1-D",
        "divided by the number of inputs",
        ("gradient_own",),
    ),
)


def graded(path: Path | str, *, model: str | None = None, adapter: Adapter | None = None) -> Report:
    """The report of one file, asked through a worker of its own."""
    (submission,) = discover([str(path)], model, adapter)
    return graded_submission(submission)


def graded_submission(submission: Submission) -> Report:
    """The report of what was discovered."""
    assert submission.problem is None, str(submission.problem)
    model = entry(submission.model)
    with open_submission(submission, model, Limits()) as worker:
        return grade(candidate_for(submission, model, worker), seed=SEED, only=ASKED)


def failing(report: Report) -> tuple[str, ...]:
    """The questions that failed at one case or more, in asking order."""
    assert report.complete
    failed = [result.check for result in report.results if result.verdict is Verdict.FAILED]
    return tuple(dict.fromkeys(failed))


def told(report: Report) -> str:
    """All notes and the first failure, as one text."""
    problems = [f"{r.expected} {r.observed} {r.hint}" for r in report.results if r.observed]
    return " | ".join([*report.notes, *problems[:1]])
