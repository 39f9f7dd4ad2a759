"""Does text of a submission stay text?"""

import pytest

from checks.report.plain import WIDEST, plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("W1[2, 0] ± 3e-13, σ′(z)", "W1[2, 0] ± 3e-13, σ′(z)"),
        ("one\ntwo\tthree", "one two three"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\u2028", "\\u2028"),
        ("\ud800", "\\ud800"),
        ("a\x00b\x7f\x9bc", "a\\x00b\\x7f\\x9bc"),
    ],
    ids=["ordinary", "newline", "escape", "right-to-left", "separator", "surrogate", "controls"],
)
def test_unseen_characters_become_escapes(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_a_long_text_is_cut_and_says_so() -> None:
    assert plain("a" * (WIDEST + 1)) == "a" * WIDEST + " …"


def test_a_text_of_the_widest_length_is_whole() -> None:
    assert plain("a" * WIDEST) == "a" * WIDEST
