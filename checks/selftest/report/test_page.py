"""Does the page work under a person's hands?  In a real browser, where there is one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checks.report.environment import environment
from checks.report.html import write_html
from checks.report.summary import summarise
from checks.selftest.report.results import (
    BLOCKED,
    FAILED,
    HOSTILE,
    LACKS_MEAN,
    LOCATED,
    PASSED,
    TIMED,
    report,
)

QUESTIONS = {
    "loss": "is it?",
    "gradient_own": "is it too?",
    "update": "and this?",
    "vectorised": "and fast?",
}
SLOW = replace(TIMED, measurements={**TIMED.measurements, "update_over_vectorised": 36.0})
REPORTS = [
    report(PASSED, replace(FAILED, diagnosis=None, verdict=PASSED.verdict), TIMED, subject="carla"),
    report(PASSED, LOCATED, BLOCKED, subject="ana"),
    report(PASSED, replace(FAILED, observed=HOSTILE), SLOW, subject="ben"),
]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")

playwright = pytest.importorskip(
    "playwright.sync_api", reason="the page is tried where playwright is installed"
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="the page is tried where Chromium is")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(params=[(1280, "light"), (390, "dark")], ids=["desktop light", "phone dark"])
def page(request: pytest.FixtureRequest, chromium: Any, tmp_path: Path) -> Iterator[Any]:
    """The page open in one width and theme; nothing may have gone wrong in it at the end."""
    path = tmp_path / "page.html"
    summaries = [summarise(one) for one in REPORTS]
    write_html(path, environment("process", 7), summaries, REPORTS, QUESTIONS)
    width, theme = request.param
    tab = chromium.new_page(
        viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce"
    )
    tab.set_default_timeout(5000)
    complaints: list[str] = []
    tab.on("console", lambda told: complaints.append(told.text))
    tab.on("pageerror", lambda told: complaints.append(str(told)))
    tab.on("dialog", lambda told: complaints.append(told.message))
    tab.goto(path.as_uri())
    yield tab
    tab.close()
    assert complaints == []


def names(page: Any) -> list[str]:
    """The submissions shown in the grid, from top to bottom."""
    found: list[str] = page.locator("#grid tbody tr:visible th a").all_inner_texts()
    return found


def test_a_click_on_a_heading_sorts_and_another_turns_it_round(page: Any) -> None:
    page.get_by_role("button", name="submission").click()
    assert names(page) == ["ana", "ben", "carla"]
    page.get_by_role("button", name="submission").click()
    assert names(page) == ["carla", "ben", "ana"]
    assert page.locator("#grid thead th").first.get_attribute("aria-sort") == "descending"


def test_sorting_by_a_question_brings_its_failures_to_the_top(page: Any) -> None:
    page.get_by_role("button", name="gradient own").click()
    assert names(page) == ["ana", "ben", "carla"]


def test_a_search_leaves_what_matches(page: Any) -> None:
    page.get_by_label("Find").fill("BEN line")
    assert names(page) == ["ben"]
    assert page.locator("details:visible").count() == 1
    assert page.locator("#shown").inner_text() == "1 shown"


def test_a_mistake_can_be_searched_for(page: Any) -> None:
    page.get_by_label("Find").fill("sum instead")
    assert names(page) == ["ana", "ben"]


def test_filters_leave_what_passed_or_failed_a_question(page: Any) -> None:
    page.get_by_label("Show").select_option("passed")
    assert names(page) == ["carla"]
    page.get_by_label("Show").select_option("")
    page.get_by_role("combobox", name="Question").select_option("gradient_own")
    assert names(page) == ["ana", "ben"]


def test_a_click_on_a_name_opens_its_details(page: Any) -> None:
    assert not page.locator("#s2 .failure").is_visible()
    page.get_by_role("link", name="ana").click()
    page.locator("#s2 .failure").wait_for(state="visible")
    assert page.locator("#s2 h3").inner_text() == FAILED.headline


def test_the_keyboard_alone_reaches_and_opens_the_details(page: Any) -> None:
    page.locator("#s2 summary").focus()
    page.keyboard.press("Enter")
    page.locator("#s2 .failure").wait_for(state="visible")


def test_the_page_itself_never_scrolls_sideways(page: Any) -> None:
    page.get_by_role("link", name="ben").click()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_click_on_a_mistake_leaves_those_who_made_it(page: Any) -> None:
    page.get_by_role("button", name=LACKS_MEAN.pattern).click()
    assert names(page) == ["ana", "ben"]
    assert page.evaluate("document.activeElement.id") == "find"


def test_the_keyboard_alone_chooses_a_mistake_and_sorts(page: Any) -> None:
    page.get_by_role("button", name=LACKS_MEAN.pattern).focus()
    page.keyboard.press("Enter")
    assert names(page) == ["ana", "ben"]
    page.get_by_role("button", name="submission").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Space")
    assert names(page) == ["ben", "ana"]


def test_times_are_sorted_as_numbers_and_what_was_not_timed_comes_last(page: Any) -> None:
    page.get_by_role("button", name="time", exact=True).click()
    assert names(page) == ["carla", "ben", "ana"]


def test_a_wrong_gradient_is_drawn_to_its_shape(page: Any) -> None:
    page.get_by_role("link", name="ana").click()
    matrix = page.locator("#s2 .heat svg").first.bounding_box()
    assert matrix["width"] / matrix["height"] == 3 / 2
    assert page.locator("#s2 .heat figcaption").all_inner_texts() == [
        "W (2, 3): 2 of 6 entries wrong",
        "b right",
    ]


def test_the_details_tell_the_speed(page: Any) -> None:
    page.get_by_role("link", name="carla").click()
    assert "1.7 [1.2, 2.1] times as long as" in page.locator("#s1 .speed").inner_text()


A4_WIDTH = 700  # CSS pixels between margins of 12 mm, 186 mm at 96 to the inch
MARKED = "getComputedStyle(document.querySelector('.strip i.failed'), '::before').content"


def test_on_paper_everything_is_open_and_nothing_is_cut(page: Any) -> None:
    """Verdicts are told by marks there: browsers leave backgrounds out."""
    closed = page.locator("details:not([open])")
    assert closed.count() == len(REPORTS)
    assert page.evaluate(MARKED) == "none"
    page.set_viewport_size({"width": A4_WIDTH, "height": 900})
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert closed.count() == 0
    assert page.evaluate(MARKED) == '"✗"'
    assert not page.locator(".filter").is_visible()
    right = "Math.max(...[...document.querySelectorAll('body *')].map(e => right(e)))"
    assert page.evaluate(f"(right => {right})(e => e.getBoundingClientRect().right)") <= A4_WIDTH
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert closed.count() == len(REPORTS)


def test_printing_opens_the_details_and_closes_them_again(page: Any) -> None:
    opened = "document.querySelectorAll('details[open]').length"
    page.evaluate(f"addEventListener('beforeprint', () => {{ window.seen = {opened}; }})")
    page.pdf()
    assert page.evaluate("window.seen") == len(REPORTS)
    assert page.evaluate(opened) == 0
