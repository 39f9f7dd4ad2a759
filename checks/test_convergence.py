"""Does descent reach the solution that an independent solver reaches?"""

from collections.abc import Callable

import pytest


@pytest.mark.question("convergence")
def test_convergence(answer: Callable[[], None]) -> None:
    answer()
