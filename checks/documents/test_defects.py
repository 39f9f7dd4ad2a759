"""Are the rows that need a defect reproduced with it, and lost when it is repaired?"""

from __future__ import annotations

import numpy as np
import pytest

from checks.documents.claim import State, disagreements
from checks.documents.defects import DEFECTS, Defect
from checks.documents.ledger import LEDGER, claim
from checks.documents.reproduction import (
    PRINTED_W1,
    PRINTED_W2,
    REPRODUCTIONS,
    forward_difference_error,
    iris_network,
    random_costs,
    trained_plane,
)
from reference import datasets
from reference.models import network

PAIRS = [pytest.param(row, defect, id=row) for defect in DEFECTS for row in defect.rows]
BY_ROW = {row: defect for defect in DEFECTS for row in defect.rows}


def test_every_row_that_needs_a_defect_has_one() -> None:
    needed = {row.id for row in LEDGER if row.state is State.ONLY_WITH_THE_DEFECT}
    assert needed == set(BY_ROW) == set(REPRODUCTIONS)


@pytest.mark.parametrize(("row", "defect"), PAIRS)
def test_the_row_is_reproduced_with_the_defect(row: str, defect: Defect) -> None:
    assert REPRODUCTIONS[row](defect.wrong) == []


@pytest.mark.parametrize(("row", "defect"), PAIRS)
def test_the_row_is_lost_when_the_defect_is_repaired(row: str, defect: Defect) -> None:
    assert REPRODUCTIONS[row](defect.right) != []


def test_d1_2_the_sign_is_right_all_the_same() -> None:
    # So it converges, and only a gradient check tells.
    assert 0 < float(claim("D1.2").found[0]) < 1


def test_d2_6a_the_shape_gives_it_away_when_samples_and_outputs_differ() -> None:
    X, W, upstream = np.ones((5, 2)), np.ones((2, 3)), np.ones((5, 3))
    shapes = [
        backward(X, W, np.zeros(3), upstream)[2].shape
        for backward in (BY_ROW["D2.6a"].wrong, BY_ROW["D2.6a"].right)
    ]
    assert shapes == [(5,), (3,)]


def test_d2_6b_nothing_is_off_at_rate_zero() -> None:
    generator = np.random.default_rng(1)
    shapes = ((3, 4), (4,), (4, 5), (5,), (5, 1), (1,))
    parameters = [generator.standard_normal(shape) for shape in shapes]
    X, y = generator.standard_normal((6, 3)), np.ones((6, 1))
    for old, new in zip(parameters, BY_ROW["D2.6b"].wrong(X, y, 0.0, *parameters), strict=True):
        np.testing.assert_array_equal(old, new)


def test_d3_3_the_stated_rule_gives_what_was_found() -> None:
    assert disagreements(trained_plane(BY_ROW["D3.3"].right), claim("D3.3").found) == []


def test_d3_6_the_first_layer_is_right_within_the_forward_difference_error() -> None:
    X, y, W1, W2 = iris_network()
    true_dW1, _ = network.gradient(X, y, W1, W2)
    dW1, _ = BY_ROW["D3.6"].wrong(X, y, W1, W2)
    assert np.max(np.abs(dW1 - true_dW1)) <= forward_difference_error(X, y, W1, W2)


def test_d3_6_the_constant_stands_far_out_of_the_error() -> None:
    X, y, W1, W2 = iris_network()
    true_dW1, _ = network.gradient(X, y, W1, W2)
    assert abs(true_dW1[-1, -1]) > 1000 * forward_difference_error(X, y, W1, W2)


def test_d3_13_every_right_cost_is_below_the_printed_one() -> None:
    assert np.max(random_costs(BY_ROW["D3.13"].right)) < float(claim("D3.13").printed[0])


def test_d3_4_the_right_cost_is_what_was_found() -> None:
    iris = datasets.iris(older=True)
    cost = network.loss(iris.X, iris.y[:, np.newaxis], PRINTED_W1, PRINTED_W2)
    rounding = len(iris) * float(np.finfo(np.float64).eps) * cost
    assert disagreements([cost], claim("D3.4").found, rounding=rounding) == []
