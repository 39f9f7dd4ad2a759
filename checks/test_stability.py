"""Are the values finite, without a warning, where numbers are extreme?"""

from collections.abc import Callable

import pytest


@pytest.mark.question("stability")
def test_stability(answer: Callable[[], None]) -> None:
    answer()
