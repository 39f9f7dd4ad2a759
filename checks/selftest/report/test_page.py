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
from checks.selftest.report.results import BLOCKED, FAILED, HOSTILE, PASSED, report

QUESTIONS = {"loss": "is it?", "gradient_own": "is it too?", "update": "and this?"}
REPORTS = [
    report(PASSED, replace(FAILED, diagnosis=None, verdict=PASSED.verdict), subject="carla"),
    report(PASSED, FAILED, BLOCKED, subject="ana"),
    report(PASSED, replace(FAILED, observed=HOSTILE), subject="ben"),
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
