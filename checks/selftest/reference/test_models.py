"""Is the reference complete, in the contract, right, and finite at the edges?"""

from __future__ import annotations

import inspect
from decimal import Decimal, localcontext

import numpy as np
import pytest

from checks.battery.oracle import Oracle
from checks.engine.scale import EPS
from checks.judging.agreement import agree
from checks.result import Verdict
from checks.selftest.reference.asking import SEEDS, cases_of
from reference.activation import sigmoid, sigmoid_derivative
from reference.catalogue import CATALOGUE, entry
from reference.contract import LEARNING_RATE, Array, Case, Entry, Kind, Role
from reference.models import binary_cross_entropy, sextic, sigmoid_cross_entropy

# Every model of the documents, in the order of the documents.
NAMES = (
    "slope",
    "neuron",
    "linear_system",
    "binary_cross_entropy",
    "sigmoid_cross_entropy",
    "dense",
    "sigmoid",
    "mlp",
    "line_half_sse",
    "plane",
    "sigmoid_unit",
    "network",
    "network_biased",
    "hill",
    "parabola",
    "sextic",
    "bowl",
    "line",
    "multilinear",
)

every_model = pytest.mark.parametrize("model", CATALOGUE, ids=NAMES)
with_loss = pytest.mark.parametrize(
    "model",
    [pytest.param(e, id=e.name) for e in CATALOGUE if e.kind is not Kind.LAYER],
)
with_prediction = pytest.mark.parametrize(
    "model",
    [pytest.param(e, id=e.name) for e in CATALOGUE if "predict" in e.functions],
)


def all_cases(model: Entry, *roles: Role) -> list[Case]:
    """The cases of these roles (of all roles where none is named) under every seed."""
    cases = [case for seed in SEEDS for case in cases_of(model.name, seed)]
    return [case for case in cases if not roles or case.role in roles]


def ask(model: Entry, function: str, case: Case) -> object:
    """One answer of the reference at a case."""
    given = {**case.data, **case.parameters, LEARNING_RATE: case.learning_rate}
    return getattr(model.module, function)(
        **{name: given[name] for name in model.arguments(function)}
    )


def parts(answer: object) -> tuple[Array, ...]:
    """A gradient or update as arrays in parameter order."""
    values = answer if isinstance(answer, tuple) else (answer,)
    return tuple(np.asarray(value) for value in values)


def test_catalogue_lists_every_documented_model_in_order() -> None:
    assert tuple(e.name for e in CATALOGUE) == NAMES


def test_near_miss_is_answered_with_the_right_name() -> None:
    with pytest.raises(KeyError, match="no documented model 'multi_linear'; did you mean multilin"):
        entry("multi_linear")


def test_unknown_name_is_answered_with_all_names() -> None:
    with pytest.raises(KeyError, match=f"known: {', '.join(NAMES)}"):
        entry("quaternion")


@every_model
def test_functions_take_the_arguments_of_the_contract(model: Entry) -> None:
    taken = {
        function: tuple(inspect.signature(getattr(model.module, function)).parameters)
        for function in model.functions
    }
    assert taken == {function: model.arguments(function) for function in model.functions}


@every_model
def test_answers_have_the_shapes_of_the_contract(model: Entry) -> None:
    gradient = "backward" if model.kind is Kind.LAYER else "gradient"
    for case in all_cases(model):
        for function in {gradient, "update"} & set(model.functions):
            shapes = [part.shape for part in parts(ask(model, function, case))]
            assert shapes == [value.shape for value in case.parameters.values()]


@every_model
def test_no_function_changes_its_arguments(model: Entry) -> None:
    for case in model.cases(0):
        before = {name: value.copy() for name, value in {**case.data, **case.parameters}.items()}
        for function in model.functions:
            ask(model, function, case)
        after = {**case.data, **case.parameters}
        assert all(np.array_equal(before[name], after[name]) for name in before)


@with_loss
def test_gradient_agrees_with_the_slope_of_the_loss(model: Entry) -> None:
    oracle = Oracle(model, seed=0)
    for case in oracle.points:
        measured = oracle.numerical_gradient(case)
        claimed = np.concatenate([part.ravel() for part in parts(ask(model, "gradient", case))])
        agreement = agree(claimed, measured)
        assert agreement.verdict is Verdict.PASSED, (case.name, agreement)
        wrong = claimed + 3 * agreement.allowed * (np.arange(claimed.size) == claimed.size - 1)
        assert agree(wrong, measured).verdict is Verdict.FAILED, case.name


@with_loss
def test_update_is_one_step_down_the_gradient(model: Entry) -> None:
    for case in all_cases(model):
        gradient = parts(ask(model, "gradient", case))
        for new, old, slope in zip(
            parts(ask(model, "update", case)), case.parameters.values(), gradient, strict=True
        ):
            assert np.array_equal(new, old - case.learning_rate * slope)


@with_prediction
def test_loss_is_the_documented_loss_of_the_predictions(model: Entry) -> None:
    for case in all_cases(model, Role.POINT, Role.DESCENT):
        prediction = np.asarray(ask(model, "predict", case))
        of_prediction = model.module.loss_of_prediction(prediction, case.data["y"])
        # A probability p is rounded by ε, and ln p moves by ε/p; the squared losses are the same
        # operations twice.
        rounding = 0.0
        if model.name in ("mlp", "sigmoid_cross_entropy"):
            rounding = 4 * EPS * float(np.mean(1 / np.minimum(prediction, 1 - prediction)))
        assert abs(of_prediction - ask(model, "loss", case)) <= rounding, case.name


@pytest.mark.filterwarnings("error")
@every_model
def test_extremes_stay_finite_without_a_warning(model: Entry) -> None:
    for case in all_cases(model, Role.EXTREME):
        with np.errstate(all="raise", under="ignore"):
            for function in model.functions:
                answer = ask(model, function, case)
                assert all(np.all(np.isfinite(part)) for part in parts(answer)), case.name


@pytest.mark.parametrize("z", [-745.0, -710.0, -708.0, -40.0, -1e-9, 0.0, 0.3, 36.0, 745.0])
def test_sigmoid_and_its_derivative_keep_their_digits(z: float) -> None:
    with localcontext(prec=60):
        exact = 1 / (1 + Decimal(-z).exp())
        slope = exact * (1 - exact) if z > 0 else exact / (1 + Decimal(z).exp())
        error = abs(Decimal(float(sigmoid(np.array(z)))) - exact)
        slope_error = abs(Decimal(float(sigmoid_derivative(np.array(z)))) - slope)
        # Some roundings, and near the end of the exponents what each of them promises.
        smallest = Decimal(float(np.nextafter(0.0, 1.0)))
        assert error <= 4 * Decimal(EPS) * exact + Decimal(float(np.finfo(np.float64).tiny))
        assert slope_error <= 6 * Decimal(EPS) * slope + smallest


@pytest.mark.parametrize("right", [0.0, 1.0])
def test_certain_and_right_costs_nothing(right: float) -> None:
    y, p = np.array([right]), np.array([right])
    assert binary_cross_entropy.loss(y, p) == 0
    assert binary_cross_entropy.gradient(y, p) == (1.0 if right == 0 else -1.0)


@pytest.mark.parametrize("right", [0.0, 1.0])
def test_certain_and_wrong_costs_infinitely_much(right: float) -> None:
    y, p = np.array([right]), np.array([1 - right])
    assert binary_cross_entropy.loss(y, p) == np.inf
    assert binary_cross_entropy.gradient(y, p) == (np.inf if right == 0 else -np.inf)


@pytest.mark.parametrize("z", [-1e4, 1e4])
def test_logits_on_the_wrong_side_cost_their_size(z: float) -> None:
    y = np.array([float(z < 0)])
    assert sigmoid_cross_entropy.loss(y, np.array([z])) == abs(z)


def test_sextic_has_its_humps_and_minima_where_the_module_says() -> None:
    places = [0.0, *(sign * np.sqrt((5 + s * np.sqrt(7)) / 3) for sign in (-1, 1) for s in (-1, 1))]
    # The largest term of the derivative there, and the number of roundings on the way.
    allowed = [8 * EPS * (6 * abs(x) ** 5 + 20 * abs(x) ** 3 + 12 * abs(x)) for x in places]
    assert all(abs(sextic.gradient(x)) <= room for x, room in zip(places, allowed, strict=True))
