"""The documents' data: synthetic and seeded, or the tables that scikit-learn carries with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from sklearn.datasets import load_digits, load_iris

from reference.contract import Array

# Rows 34 and 37 (from 0) as scikit-learn's table had them until its release 0.20; Fisher's
# article has the current figures.  D3.1 and D3.3 were printed with the older ones.
OLDER_IRIS_ROWS: Mapping[int, tuple[float, float, float, float]] = {
    34: (4.9, 3.1, 1.5, 0.1),
    37: (4.9, 3.1, 1.5, 0.1),
}


@dataclass(frozen=True)
class Samples:
    """One data set.

    X: the inputs, (N,) or (N, d).  y: the targets, (N,) or (N, 1).
    seed: of the generator that drew them, None for a table.
    start: parameters drawn together with the data, by name; empty where there are none.
    """

    name: str
    X: Array
    y: Array
    source: str
    seed: int | None = None
    start: Mapping[str, float] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.y)


def noisy_slope(seed: int = 13, N: int = 20) -> Samples:
    """Inputs uniform on (0, 1), targets 2x + 0.2 ξ with ξ standard normal; D0.1 with seed 13.

    X (N,), y (N,), start w ().  NumPy's legacy generator, in the document's order: the uniforms,
    the normals, then one uniform for the start.  0.2 is the standard deviation (D0.3).
    """
    # The printed trace exists only in the legacy stream, which default_rng does not reproduce.
    generator = np.random.RandomState(seed)
    X = generator.uniform(0.0, 1.0, N)
    y = 2.0 * X + 0.2 * generator.standard_normal(N)
    return Samples("noisy slope", X, y, "D0.1", seed, {"w": float(generator.uniform())})


def noisy_line(seed: int = 0, N: int = 100) -> Samples:
    """Equally spaced inputs on [−2, 2], targets 2x + 1 + 0.5 ξ, ξ standard normal: D4.3.

    X (N,), y (N,).  The document's own noise is unseeded and cannot be drawn again.
    """
    generator = np.random.default_rng(seed)
    X = np.linspace(-2.0, 2.0, N)
    return Samples("noisy line", X, 2 * X + 1 + 0.5 * generator.standard_normal(N), "D4.3", seed)


def noisy_parabola(seed: int = 0, N: int = 100) -> Samples:
    """Equally spaced inputs on [−2, 2], targets x² + 0.5 ξ, ξ standard normal: D4.4.

    X (N,), y (N,).  The document shows such data in a picture and gives no formula.
    """
    generator = np.random.default_rng(seed)
    X = np.linspace(-2.0, 2.0, N)
    return Samples("noisy parabola", X, X**2 + 0.5 * generator.standard_normal(N), "D4.4", seed)


def iris(*, older: bool = False) -> Samples:
    """Sepal length and width in cm as inputs, petal length in cm as target: D3.

    X (150, 2), y (150,), unshuffled.  older: the table of older scikit-learn releases, whose rows
    34 and 37 differ (D3.1); the document's figures belong to it.
    """
    table = np.array(load_iris().data, dtype=np.float64)
    if older:
        for row, figures in OLDER_IRIS_ROWS.items():
            table[row] = figures
    name = "iris, older table" if older else "iris"
    return Samples(name, table[:, 0:2].copy(), table[:, 2].copy(), "D3.1")


def digits_zero_one() -> Samples:
    """Handwritten digits 0 and 1 of 8×8 pixels, intensities scaled from 0…16 to [0, 1]: D2.5.

    X (360, 64), y (360, 1) with entries 0.0 and 1.0: 178 zeros, 182 ones, in the table's order.
    """
    table = load_digits(n_class=2)
    X = np.array(table.data, dtype=np.float64) / 16.0
    y = np.array(table.target, dtype=np.float64)[:, np.newaxis]
    return Samples("digits 0 and 1", X, y, "D2.5")


def normalised(samples: Samples) -> Samples:
    """Every input column and the targets divided by their largest entry, as D3 does to train.

    Shapes stay.  Raises ValueError where a largest entry is not positive.
    """
    largest_X, largest_y = np.max(samples.X, axis=0), np.max(samples.y, axis=0)
    if np.min(largest_X) <= 0 or np.min(largest_y) <= 0:
        raise ValueError(
            f"{samples.name}: dividing by the maximum needs a positive maximum in every column, "
            f"got {largest_X.tolist()} and {largest_y.tolist()}"
        )
    return replace(
        samples,
        name=f"{samples.name}, normalised",
        X=samples.X / largest_X,
        y=samples.y / largest_y,
    )
