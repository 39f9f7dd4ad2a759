"""Is the page whole by itself, complete, and deaf to what a submission would like it to do?"""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from checks.report.environment import environment
from checks.report.html import PAGE, write_html
from checks.report.message import Hints
from checks.report.rubric import Rubric
from checks.report.summary import summarise
from checks.result import Excess, Report, Verdict
from checks.selftest.report.results import (
    BLOCKED,
    FAILED,
    HOSTILE,
    LACKS_MEAN,
    LOCATED,
    PASSED,
    report,
)

QUESTIONS = {"loss": "is it?", "gradient_own": "is it too?", "update": "and this?"}
ANA = report(PASSED)
BEN = report(PASSED, FAILED, replace(FAILED, case="short"), BLOCKED, subject="ben")
EVE = report(
    replace(
        FAILED,
        component=HOSTILE,
        observed=HOSTILE,
        diagnosis=replace(LACKS_MEAN, pattern=HOSTILE, sentence=HOSTILE),
        where=(Excess(HOSTILE, (2,), 1, (1, 1), ("09",)),),
    ),
    replace(PASSED, remarks=(HOSTILE,)),
    replace(BLOCKED, observed=HOSTILE),
    subject=HOSTILE,
    notes=(HOSTILE,),
)
EVE = replace(EVE, path=HOSTILE)


class Elements(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def page(tmp_path: Path, *reports: Report, **options: Any) -> Elements:
    path = tmp_path / "page.html"
    write_html(
        path,
        environment("process", 7),
        [summarise(one) for one in reports],
        reports,
        QUESTIONS,
        again=lambda one: f"python -m checks {one.path}",
        **options,
    )
    parser = Elements()
    parser.feed(path.read_text("utf-8"))
    return parser


def test_every_submission_has_a_row_and_its_details(tmp_path: Path) -> None:
    shown = page(tmp_path, ANA, BEN)
    links = [a["href"] for tag, a in shown.elements if tag == "a" and "class" not in a]
    assert links == ["#s1", "#s2"]
    assert [a["id"] for tag, a in shown.elements if tag == "details"] == ["s1", "s2"]


def test_the_message_is_there_in_its_parts(tmp_path: Path) -> None:
    text = page(tmp_path, BEN).text
    parts = (LACKS_MEAN.sentence, FAILED.expected, FAILED.observed, "--only=gradient_own")
    assert [part in text for part in parts] == [True] * len(parts)


@pytest.mark.parametrize(
    ("hints", "expected"),
    [(Hints.NONE, (False, False)), (Hints.PATTERN, (True, False)), (Hints.FIX, (True, True))],
    ids=["none", "pattern", "fix"],
)
def test_hints_go_as_far_as_the_instructor_allows(
    tmp_path: Path, hints: Hints, expected: tuple[bool, bool]
) -> None:
    text = page(tmp_path, BEN, hints=hints).text
    assert (LACKS_MEAN.sentence in text, LACKS_MEAN.hint in text) == expected


def test_the_page_asks_the_network_for_nothing(tmp_path: Path) -> None:
    shown = page(tmp_path, ANA, BEN, EVE)
    fetched = [
        (tag, name)
        for tag, attributes in shown.elements
        for name, value in attributes.items()
        if name in ("src", "srcset", "data", "action", "poster")
        or (name == "href" and not str(value).startswith("#"))
    ]
    assert fetched == []
    assert "http" not in (tmp_path / "page.html").read_text("utf-8").replace("http-equiv", "")


def test_markup_of_a_submission_makes_no_element(tmp_path: Path) -> None:
    located = report(LOCATED, subject="ben")
    plain_page, hostile = page(tmp_path, ANA, BEN, located), page(tmp_path, ANA, BEN, EVE)
    assert {tag for tag, _ in hostile.elements} == {tag for tag, _ in plain_page.elements}
    assert [tag for tag, _ in hostile.elements].count("script") == 1
    assert [name for _, a in hostile.elements for name in a if name.startswith("on")] == []


def test_nothing_but_the_suites_own_script_may_act(tmp_path: Path) -> None:
    shown = page(tmp_path, EVE)
    policy = next(str(a["content"]) for _, a in shown.elements if "http-equiv" in a)
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[^ ']+='; script-src 'sha256-[^ ']+='", policy
    )
    assert [name for _, a in shown.elements for name in a if name == "style"] == []


def test_control_characters_are_shown_and_not_sent(tmp_path: Path) -> None:
    page(tmp_path, EVE)
    text = (tmp_path / "page.html").read_text("utf-8")
    assert [c for c in text if c != "\n" and not c.isprintable()] == []


def test_points_are_shown_where_there_is_a_rubric(tmp_path: Path) -> None:
    assert "1 / 3" not in page(tmp_path, ANA, BEN).text
    assert "1 / 3" in page(tmp_path, ANA, BEN, rubric=Rubric()).text


def test_the_class_sees_numbers_in_the_place_of_names(tmp_path: Path) -> None:
    refused = replace(
        FAILED, case="-", diagnosis=None, expected=f"{BEN.path}: a file", observed="none"
    )
    names = ("ana", "ben", "class/", "python -m")
    open_page = page(tmp_path, ANA, BEN, report(refused, subject="ben")).text
    shut_page = page(tmp_path, ANA, BEN, report(refused, subject="ben"), anonymous=True).text
    assert [name in open_page for name in names] == [True] * 4
    assert [name in shut_page for name in names] == [False] * 4
    assert "submission 2" in shut_page


def test_every_verdict_is_told_in_words_too(tmp_path: Path) -> None:
    undecided = replace(PASSED, verdict=Verdict.UNDECIDED, observed="a kink")
    text = page(tmp_path, report(undecided, BLOCKED, FAILED)).text
    assert "undecided: a kink" in text
    assert "blocked: there is no function update" in text


def test_a_class_of_none_is_still_a_page(tmp_path: Path) -> None:
    assert "0 submissions" in re.sub(r"\s+", " ", page(tmp_path).text)


# Web Content Accessibility Guidelines 2, level AA, for text of any size.
READABLE = 4.5


def luminance(colour: str) -> float:
    """The relative luminance of "#rrggbb", 0 to 1, by the guidelines' formula."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_all_text_stands_out_from_what_is_behind_it(theme: int) -> None:
    blocks = re.findall(r":root \{(.*?)\}", (PAGE / "style.css").read_text("utf-8"), re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+): (#\w{6})", blocks[theme]))
    pairs = [
        (text, behind)
        for text in ("ink", "soft", "pass", "fail", "open", "block", "link")
        for behind in ("paper", "card", *([f"{text}-bg"] if f"{text}-bg" in colours else []))
    ]
    faint = []
    for text, behind in pairs:
        dark, light = sorted(luminance(colours[name]) for name in (text, behind))
        if (light + 0.05) / (dark + 0.05) < READABLE:
            faint.append((text, behind))
    assert faint == []


def test_the_same_drawing_is_not_made_twice(tmp_path: Path) -> None:
    again = replace(LOCATED, check="gradient_reference")
    shown = page(tmp_path, report(LOCATED, again))
    assert [tag for tag, _ in shown.elements].count("figure") == len(LOCATED.where)
    assert "the same entries as above" in shown.text
