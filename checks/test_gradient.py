"""Is the gradient that of the own loss, and that of the documented loss?"""

from collections.abc import Callable

import pytest


@pytest.mark.question("gradient_own")
def test_gradient_own(answer: Callable[[], None]) -> None:
    answer()


@pytest.mark.question("gradient_reference")
def test_gradient_reference(answer: Callable[[], None]) -> None:
    answer()
