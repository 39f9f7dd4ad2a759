"""How numbers are written in messages: as many digits as a person reads, error bars beside them."""

from __future__ import annotations


def number(value: float) -> str:
    """A value with six significant digits."""
    return f"{value:.6g}"


def with_error(value: float, error: float) -> str:
    """A value with its error bar, the value shown as far as the error bar reaches."""
    return f"{distinguished(value, error)} ± {error:.1g}"


def distinguished(value: float, difference: float) -> str:
    """A value with enough digits to show a difference of this size, six at least."""
    for digits in range(6, 17):
        text = f"{value:.{digits}g}"
        if abs(float(text) - value) <= 0.1 * abs(difference):
            return text
    return f"{value:.17g}"


def times(factor: float) -> str:
    """A ratio as people say it: "3.2 times", "270 times"."""
    return f"{float(f'{factor:.2g}'):g} times"
