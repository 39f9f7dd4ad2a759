"""Is a batch the documented combination of its samples, at a cost that grows like N?"""

from collections.abc import Callable

import pytest


@pytest.mark.question("vectorised")
def test_vectorised(answer: Callable[[], None]) -> None:
    answer()
