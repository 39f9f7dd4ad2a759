"""What pytest hears of gradproof: options, header and summary."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options; every one that takes a value is written with `=`."""
    group = parser.getgroup("gradproof", "gradient verification")
    group.addoption(
        "--submission",
        action="append",
        default=[],
        metavar="PATH",
        help="grade this file or folder instead of the reference; write it with =",
    )
