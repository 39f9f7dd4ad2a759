"""Can it be used at all, and does it behave like a function?"""

from collections.abc import Callable

import pytest


@pytest.mark.question("contract")
def test_contract(answer: Callable[[], None]) -> None:
    answer()
