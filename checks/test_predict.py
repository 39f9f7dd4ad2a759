"""Are the predictions those of the documented model?"""

from collections.abc import Callable

import pytest


@pytest.mark.question("predict")
def test_predict(answer: Callable[[], None]) -> None:
    answer()
