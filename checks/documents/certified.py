"""Linear regressions with certified answers: NIST's Statistical Reference Datasets.

The data are stated here, or built by their formula; the test solves each set in exact rational
arithmetic and so proves that data and certified figures belong together.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from reference.contract import Array


@dataclass(frozen=True)
class CertifiedSet:
    """One regression.

    response (N,), columns: p of (N,) each, exact; a constant is a column of ones.
    coefficients (p,) in the columns' order, deviation: residual standard deviation
    √(Σ residual²/(N − p)); as NIST prints them, to 15 digits.
    """

    name: str
    level: str
    response: tuple[Fraction, ...]
    columns: tuple[tuple[Fraction, ...], ...]
    coefficients: tuple[str, ...]
    deviation: str

    @property
    def X(self) -> Array:
        """The columns as float64, (N, p)."""
        return np.array([[float(entry) for entry in column] for column in self.columns]).T

    @property
    def y(self) -> Array:
        """The response as float64, (N,)."""
        return np.array([float(entry) for entry in self.response])


def _figures(text: str) -> tuple[Fraction, ...]:
    return tuple(Fraction(figure) for figure in text.split())


def _powers(x: tuple[Fraction, ...], degree: int) -> tuple[tuple[Fraction, ...], ...]:
    return tuple(tuple(entry**power for entry in x) for power in range(degree + 1))


NORRIS_Y = """
    0.1 338.8 118.1 888.0 9.2 228.1 668.5 998.5 449.1 778.9 559.2 0.3 0.1 778.1 668.8 339.3 448.9
    10.8 557.7 228.3 998.0 888.8 119.6 0.3 0.6 557.6 339.3 888.0 998.5 778.9 10.2 117.6 228.9 668.4
    449.2 0.2
"""
NORRIS_X = """
    0.2 337.4 118.2 884.6 10.1 226.5 666.3 996.3 448.6 777.0 558.2 0.4 0.6 775.5 666.9 338.0 447.5
    11.6 556.0 228.1 995.8 887.6 120.2 0.3 0.3 556.8 339.1 887.2 999.0 779.0 11.1 118.3 229.2 669.1
    448.9 0.5
"""
PONTIUS_Y = """
    .11019 .21956 .32949 .43899 .54803 .65694 .76562 .87487 .98292 1.09146
    1.20001 1.30822 1.41599 1.52399 1.63194 1.73947 1.84646 1.95392 2.06128 2.16844
    .11052 .22018 .32939 .43886 .54798 .65739 .76596 .87474 .98300 1.09150
    1.20004 1.30818 1.41613 1.52408 1.63159 1.73965 1.84696 1.95445 2.06177 2.16829
"""
PONTIUS_X = tuple(Fraction(150_000 * step) for step in (*range(1, 21), *range(1, 21)))
LONGLEY_ROWS = """
    60323  83.0 234289 2356 1590 107608 1947
    61122  88.5 259426 2325 1456 108632 1948
    60171  88.2 258054 3682 1616 109773 1949
    61187  89.5 284599 3351 1650 110929 1950
    63221  96.2 328975 2099 3099 112075 1951
    63639  98.1 346999 1932 3594 113270 1952
    64989  99.0 365385 1870 3547 115094 1953
    63761 100.0 363112 3578 3350 116219 1954
    66019 101.2 397469 2904 3048 117388 1955
    67857 104.6 419180 2822 2857 118734 1956
    68169 108.4 442769 2936 2798 120445 1957
    66513 110.8 444546 4681 2637 121950 1958
    68655 112.6 482704 3813 2552 123366 1959
    69564 114.2 502601 3931 2514 125368 1960
    69331 115.7 518173 4806 2572 127852 1961
    70551 116.9 554894 4007 2827 130081 1962
"""
WAMPLER_X = tuple(Fraction(entry) for entry in range(21))
WAMPLER_NOISE = _figures(
    "759 -2048 2048 -2048 2523 -2048 2048 -2048 1838 -2048 2048 "
    "-2048 1838 -2048 2048 -2048 2523 -2048 2048 -2048 759"
)


def _longley() -> CertifiedSet:
    table = [_figures(line) for line in LONGLEY_ROWS.strip().splitlines()]
    response, *columns = zip(*table, strict=True)
    return CertifiedSet(
        "Longley",
        "higher",
        response,
        ((Fraction(1),) * len(response), *columns),
        (
            *("-3482258.63459582", "15.0618722713733", "-0.358191792925910E-01"),
            *("-2.02022980381683", "-1.03322686717359", "-0.511041056535807E-01"),
            "1829.15146461355",
        ),
        "304.854073561965",
    )


def _wampler(number: int, base: str, noise: int, deviation: str) -> CertifiedSet:
    """y = Σ baseᵏ xᵏ for k = 0 … 5, plus noise that no polynomial of degree 5 sees."""
    powers = _powers(WAMPLER_X, 5)
    y = tuple(
        sum((Fraction(base) ** k * powers[k][i] for k in range(6)), noise * WAMPLER_NOISE[i])
        for i in range(21)
    )
    coefficients = tuple(str(float(Fraction(base) ** k)) for k in range(6))
    return CertifiedSet(f"Wampler{number}", "higher", y, powers, coefficients, deviation)


CERTIFIED: tuple[CertifiedSet, ...] = (
    CertifiedSet(
        "Norris",
        "lower",
        _figures(NORRIS_Y),
        _powers(_figures(NORRIS_X), 1),
        ("-0.262323073774029", "1.00211681802045"),
        "0.884796396144373",
    ),
    CertifiedSet(
        "Pontius",
        "lower",
        _figures(PONTIUS_Y),
        _powers(PONTIUS_X, 2),
        ("0.673565789473684E-03", "0.732059160401003E-06", "-0.316081871345029E-14"),
        "0.205177424076185E-03",
    ),
    CertifiedSet(
        "NoInt1",
        "average",
        tuple(Fraction(entry) for entry in range(130, 141)),
        (tuple(Fraction(entry) for entry in range(60, 71)),),
        ("2.07438016528926",),
        "3.56753034006338",
    ),
    CertifiedSet(
        "NoInt2",
        "average",
        _figures("3 4 4"),
        (_figures("4 5 6"),),
        ("0.727272727272727",),
        "0.369274472937998",
    ),
    _longley(),
    _wampler(1, "1", 0, "0"),
    _wampler(2, "0.1", 0, "0"),
    _wampler(3, "1", 1, "2360.14502379268"),
    _wampler(4, "1", 100, "236014.502379268"),
    _wampler(5, "1", 10_000, "23601450.2379268"),
)
