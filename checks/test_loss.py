"""Is the loss the documented one?"""

from collections.abc import Callable

import pytest


@pytest.mark.question("loss")
def test_loss(answer: Callable[[], None]) -> None:
    answer()
