"""Every mistake in the tables is named from its numbers, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest

from checks.engine.scale import Array
from checks.judging import patterns
from checks.judging.alternatives import ALTERNATIVES
from checks.judging.diagnosis import Context, diagnose
from checks.judging.factors import FACTORS, SIGN, Factor, Size
from checks.judging.hypothesis import Arrays
from checks.judging.patterns import Pattern

SEED = 20
SAMPLES, INPUTS, OUTPUTS = 40, 3, 4
RATE = 0.3
Shapes = dict[str, tuple[int, ...]]
SHAPES: Shapes = {"W": (INPUTS, OUTPUTS), "b": (OUTPUTS,)}
EPSILON = float(np.finfo(np.float64).eps)


def drawn(seed: int, shapes: Shapes = SHAPES) -> dict[str, Array]:
    """Standard normal arrays of these shapes."""
    rng = np.random.default_rng(seed)
    return {name: np.asarray(rng.standard_normal(shape)) for name, shape in shapes.items()}


def bars(truth: Arrays) -> dict[str, Array]:
    """Error bars as extrapolated differences have them: a few hundred rounding errors."""
    return {name: np.full_like(value, 512 * EPSILON) for name, value in truth.items()}


TRUTH = drawn(SEED)
PARAMETERS = drawn(SEED + 1)


def context(reduction: str = "mean", alternatives: Mapping[str, Arrays] | None = None) -> Context:
    """Forty samples, three inputs, four outputs."""
    return Context(
        sizes={"N": SAMPLES, "d": INPUTS, "o": OUTPUTS},
        reduction=reduction,
        learning_rate=RATE,
        parameters=PARAMETERS,
        alternatives=alternatives or {},
    )


def pattern_of(claimed: Arrays, told: Context, truth: Arrays = TRUTH) -> str | None:
    """The name of the mistake that is diagnosed."""
    diagnosis = diagnose(claimed, truth, bars(truth), told)
    return diagnosis.pattern if diagnosis else None


def each(change: Callable[[str, Array], Array]) -> dict[str, Array]:
    """The truth with every component changed."""
    return {name: np.asarray(change(name, value)) for name, value in TRUTH.items()}


def only(name: str, value: Array) -> dict[str, Array]:
    """The truth with one component replaced."""
    return {**TRUTH, name: np.asarray(value)}


def forward_difference(step: float) -> dict[str, Array]:
    """What a forward difference of a loss near 1 gives: whole multiples of ε/2 over the step."""
    unit = EPSILON / 2
    return each(lambda _, value: np.rint(value * step / unit) * unit / step)


ROW = np.array([[0.0], [1.0], [0.0]])
LENGTH = float(np.sqrt(sum(np.sum(value**2) for value in TRUTH.values())))

CLAIMS: dict[Pattern, dict[str, Array]] = {
    patterns.NOT_FINITE: only("b", np.array([np.nan, 1.0, np.inf, 2.0])),
    patterns.TRANSPOSED: only("W", TRUTH["W"].T.reshape(INPUTS, OUTPUTS)),
    patterns.ROWS_REVERSED: only("W", TRUTH["W"][::-1]),
    patterns.COLUMNS_REVERSED: only("W", TRUTH["W"][:, ::-1]),
    patterns.SHIFTED: only("b", np.roll(TRUTH["b"], 1)),
    patterns.REORDERED: only("W", np.sort(TRUTH["W"], axis=None).reshape(INPUTS, OUTPUTS)),
    patterns.COMPONENT_ZERO: only("b", np.zeros(OUTPUTS)),
    patterns.ABSOLUTE: each(lambda _, value: np.abs(value)),
    patterns.CLIPPED: each(lambda _, value: np.clip(value, -0.5, 0.5)),
    patterns.SIGN_ONLY: each(lambda _, value: 0.25 * np.sign(value)),
    patterns.NORMALISED: each(lambda _, value: value / LENGTH),
    patterns.ROUNDED: each(lambda _, value: np.round(value, 4)),
    patterns.SINGLE_PRECISION: each(lambda _, value: value.astype(np.float32).astype(float)),
    patterns.FINITE_DIFFERENCES: forward_difference(1e-8),
    patterns.SUMMED_OVER_AXIS: only("W", np.tile(TRUTH["W"].sum(axis=0), (INPUTS, 1))),
    patterns.AVERAGED_OVER_AXIS: only("W", np.tile(TRUTH["W"].mean(axis=0), (INPUTS, 1))),
    patterns.NEW_PARAMETERS: each(lambda name, value: PARAMETERS[name] - RATE * value),
    patterns.PARAMETERS_RETURNED: dict(PARAMETERS),
    patterns.REGULARISED: only("W", TRUTH["W"] + 0.01 * PARAMETERS["W"]),
    patterns.STATE_LEFT_PERTURBED: only("b", TRUTH["b"] + TRUTH["W"][-1, -1]),
    patterns.BLOCK_CONSTANT: only("W", TRUTH["W"] + 0.123),
    patterns.CONSTANT_FACTOR: each(lambda _, value: 1.37 * value),
    patterns.ONE_ENTRY: only("b", TRUTH["b"] + np.array([0, 0, 1e-6, 0])),
    patterns.ONE_ROW: only("W", TRUTH["W"] + ROW * drawn(3)["W"]),
    patterns.ONE_COMPONENT: only("W", drawn(4)["W"]),
    patterns.SMALL_ERROR: each(lambda name, value: value * (1 + 1e-9 * drawn(5)[name])),
}


@pytest.mark.parametrize("pattern", list(CLAIMS), ids=lambda pattern: pattern.name)
def test_a_changed_gradient_is_named(pattern: Pattern) -> None:
    expected = pattern.name
    observed = pattern_of(CLAIMS[pattern], context())
    assert expected == observed


def test_swapped_parameters_are_named() -> None:
    truth = drawn(SEED, {"w": (), "b": ()})
    claimed = {"w": truth["b"], "b": truth["w"]}
    assert pattern_of(claimed, context(), truth) == patterns.SWAPPED.name


@pytest.mark.parametrize("small", [0.25, -0.75])
def test_one_number_cut_off_at_one_is_clipped_and_not_normalised(small: float) -> None:
    truth = {"w": np.array(-2.28), "b": np.array(small)}
    claimed = {name: np.clip(value, -1, 1) for name, value in truth.items()}
    assert pattern_of(claimed, context(), truth) == patterns.CLIPPED.name


def test_one_number_cut_off_beside_a_right_vector_is_not_normalised() -> None:
    truth = {"w": np.array([0.3, -0.8, 0.1]), "b": np.array(4.1)}
    claimed = {**truth, "b": np.array(1.0)}
    assert pattern_of(claimed, context(), truth) == patterns.CLIPPED.name


def test_each_parameter_scaled_to_length_one_is_normalised() -> None:
    truth = drawn(SEED, {"w": (INPUTS,), "b": ()})
    claimed = {name: value / np.sqrt(np.sum(value**2)) for name, value in truth.items()}
    assert pattern_of(claimed, context(), truth) == patterns.NORMALISED.name


def test_a_wrong_number_that_nobody_would_write_is_no_clip() -> None:
    truth = {"w": np.array(-2.28), "b": np.array(0.25)}
    claimed = {**truth, "w": np.array(-1.2345)}
    assert pattern_of(claimed, context(), truth) != patterns.CLIPPED.name


def test_a_copied_line_is_named() -> None:
    truth = drawn(SEED, {"w1": (INPUTS,), "w2": (INPUTS,), "b": ()})
    claimed = {**truth, "w2": truth["w1"]}
    assert pattern_of(claimed, context(), truth) == patterns.COPIED.name


def test_a_root_of_the_loss_is_named() -> None:
    truth = {"loss": np.array(1.7)}
    told = Context(subject="loss", sizes={"N": SAMPLES}, reduction="mean")
    assert pattern_of({"loss": np.sqrt(truth["loss"])}, told, truth) == patterns.SQUARE_ROOT.name


def test_a_step_returned_for_the_new_parameters_is_named() -> None:
    told = replace(context(), subject="step")
    step = each(lambda name, value: PARAMETERS[name] / RATE + value)
    assert pattern_of(step, told) == patterns.STEP_RETURNED.name


@pytest.mark.parametrize("pattern", ALTERNATIVES, ids=lambda pattern: pattern.name)
def test_an_alternative_of_the_caller_is_named(pattern: Pattern) -> None:
    wrong = drawn(SEED + 2)
    known = {pattern.name.replace(" ", "_"): wrong, "somebody_elses": drawn(7)}
    told = context(alternatives=known)
    assert pattern_of(wrong, told) == pattern.name


LENGTH_OF = {Size.NONE: 1.0, Size.SAMPLES: SAMPLES, Size.OTHER: INPUTS, Size.RATE: RATE}
RATIOS = [
    pytest.param(factor, sign * factor.ratio(SAMPLES, LENGTH_OF[factor.size]), id=f"{at}-{says}")
    for at, factor in enumerate(FACTORS)
    for sign, says in ((1, factor.pattern.name), (-1, f"{factor.pattern.name}, flipped"))
    if factor.pattern is not SIGN or sign == 1
]


@pytest.mark.parametrize(("factor", "ratio"), RATIOS)
def test_a_known_factor_is_named(factor: Factor, ratio: float) -> None:
    told = context(factor.reduction or "none")
    diagnosis = diagnose(each(lambda _, v: ratio * v), TRUTH, bars(TRUTH), told)
    assert diagnosis is not None
    assert diagnosis.factor == ratio
    # The learning rate with either sign has a name of its own.
    names = {RATE: "learning rate inside", -RATE: "the step instead of the gradient"}
    assert diagnosis.pattern.endswith(names.get(ratio, factor.pattern.name))


def test_every_pattern_of_the_table_is_tested() -> None:
    table = {value for value in vars(patterns).values() if isinstance(value, Pattern)}
    tested = {*CLAIMS, patterns.SWAPPED, patterns.COPIED, patterns.SQUARE_ROOT}
    tested.add(patterns.STEP_RETURNED)
    assert table - tested == set()


def test_there_are_more_than_25_patterns() -> None:
    named = [*CLAIMS, *ALTERNATIVES, *(factor.pattern for factor in FACTORS)]
    assert len({pattern.name for pattern in named}) > 25


def test_the_sentence_says_what_was_undone_and_how_well_it_then_agrees() -> None:
    claimed = each(lambda _, value: SAMPLES * value * (1 + 64 * EPSILON))
    diagnosis = diagnose(claimed, TRUTH, bars(TRUTH), context())
    expected = (
        "looks like the gradient lacks the division by N = 40: divided by 40 it agrees to 1e-14"
    )
    assert diagnosis is not None
    assert diagnosis.sentence == expected


def test_a_mistake_in_one_component_names_it() -> None:
    diagnosis = diagnose(only("b", SAMPLES * TRUTH["b"]), TRUTH, bars(TRUTH), context())
    assert diagnosis is not None
    assert diagnosis.pattern == "sum instead of mean"
    assert "the gradient of b lacks" in diagnosis.sentence


def test_two_mistakes_in_two_components_are_both_named() -> None:
    claimed = {"W": SAMPLES * TRUTH["W"], "b": -TRUTH["b"]}
    assert pattern_of(claimed, context()) == "sum instead of mean and sign flipped"


def test_the_simplest_of_two_explanations_is_said() -> None:
    told = context(alternatives={"without_last_sample": each(lambda _, value: 2 * value)})
    assert pattern_of(each(lambda _, value: 2 * value), told) == "factor 2 extra"


def test_an_entry_without_information_does_not_count() -> None:
    truth = only("b", np.array([1.0, 0.0, 0.0, 2.0]))
    claimed = {name: SAMPLES * value + 1e-15 for name, value in truth.items()}
    assert pattern_of(claimed, context(), truth) == "sum instead of mean"


def test_agreement_has_no_diagnosis() -> None:
    claimed = each(lambda _, value: value * (1 + 4 * EPSILON))
    assert diagnose(claimed, TRUTH, bars(TRUTH), context()) is None


@pytest.mark.parametrize("shape", [(), (1,), (2,), (5,), (3, 4)], ids=str)
def test_random_wrong_gradients_are_met_with_silence(shape: tuple[int, ...]) -> None:
    alternatives: Arrays = drawn(1, {"W": shape})
    told = Context(
        sizes={"N": SAMPLES, "d": INPUTS, "o": OUTPUTS},
        reduction="mean",
        learning_rate=RATE,
        parameters=drawn(2, {"W": shape}),
        alternatives={"without_last_sample": alternatives},
    )
    truth = drawn(3, {"W": shape})
    said = [pattern_of(drawn(seed, {"W": shape}), told, truth) for seed in range(100, 160)]
    assert said == [None] * 60


def test_blunt_error_bars_are_met_with_silence() -> None:
    blunt = {name: np.full_like(value, 0.1) for name, value in TRUTH.items()}
    truth = {"w": np.array(1.0)}
    claimed = {"w": np.array(2.0)}
    assert diagnose(claimed, truth, {"w": np.array(0.1)}, context()) is None
    assert diagnose(each(lambda _, v: v + 0.01), TRUTH, blunt, context()) is None


@pytest.mark.parametrize("where", ["truth", "error"])
def test_a_truth_that_is_not_finite_is_met_with_silence(where: str) -> None:
    lost = {name: np.full_like(value, np.nan) for name, value in TRUTH.items()}
    truth, error = (lost, bars(TRUTH)) if where == "truth" else (TRUTH, lost)
    assert diagnose(each(lambda _, value: 2 * value), truth, error, context()) is None


@pytest.mark.parametrize("size", [1e-300, 1e-200, 1e-20, 1e20, 1e200, 1e300], ids=str)
def test_extreme_sizes_are_named_like_any_other(size: float) -> None:
    truth = {name: size * value for name, value in TRUTH.items()}
    error = {name: 512 * EPSILON * np.abs(value) for name, value in truth.items()}
    claimed = {name: SAMPLES * value for name, value in truth.items()}
    told = Context(sizes={"N": SAMPLES}, reduction="mean")
    diagnosis = diagnose(claimed, truth, error, told)
    assert diagnosis is not None
    assert diagnosis.pattern == "sum instead of mean"


@pytest.mark.parametrize("value", [0.0, 1e300, -1e-300], ids=str)
def test_any_finite_claim_has_an_answer(value: float) -> None:
    truth = {"w": np.zeros(3), "b": np.array(0.0), "nothing": np.zeros(0)}
    claimed = {name: np.full_like(part, value) for name, part in truth.items()}
    diagnosis = diagnose(claimed, truth, bars(truth), context())
    assert diagnosis is None or diagnosis.sentence
