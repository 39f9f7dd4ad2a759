"""Is the update one simultaneous step along the own gradient?"""

from collections.abc import Callable

import pytest


@pytest.mark.question("update")
def test_update(answer: Callable[[], None]) -> None:
    answer()
