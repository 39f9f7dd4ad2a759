"""Is the message of a failure the text a person reads?"""

from dataclasses import replace

import pytest

from checks.report.message import Hints, alike, message
from checks.result import Verdict
from checks.selftest.report.results import BLOCKED, FAILED, HOSTILE, LACKS_MEAN

AGAIN = "python -m checks ana/line.py --seed=7"


def test_all_five_parts_are_there_in_order() -> None:
    expected = (
        "gradient_own of line, case tall, component w\n"
        "  expected   0.4173 ± 3e-13, the slope of your own loss there\n"
        "  observed   16.69, your gradient\n"
        "  looks like the gradient lacks the division by N = 40\n"
        "  try        return 2 * X @ residual / len(y)\n"
        "  remark     the loop is 12 times slower\n"
        "  again      python -m checks ana/line.py --seed=7"
    )
    assert message(FAILED, Hints.FIX, AGAIN) == expected


@pytest.mark.parametrize(
    ("hints", "looks_like", "to_try"),
    [(Hints.NONE, False, False), (Hints.PATTERN, True, False), (Hints.FIX, True, True)],
    ids=["none", "pattern", "fix"],
)
def test_hints_go_as_far_as_the_instructor_allows(
    hints: Hints, looks_like: bool, to_try: bool
) -> None:
    text = message(FAILED, hints)
    observed = (LACKS_MEAN.sentence in text, LACKS_MEAN.hint in text)
    assert observed == (looks_like, to_try)


@pytest.mark.parametrize(
    ("hints", "told"), [(Hints.NONE, False), (Hints.PATTERN, True)], ids=["none", "pattern"]
)
def test_how_to_keep_the_contract_is_no_solution_given_away(hints: Hints, told: bool) -> None:
    broken = replace(FAILED, check="contract", diagnosis=None, hint="return a tuple")
    assert ("return a tuple" in message(broken, hints)) == told


def test_a_hint_of_the_question_goes_before_that_of_the_diagnosis() -> None:
    text = message(replace(FAILED, hint="divide by N"), Hints.FIX)
    assert "  try        divide by N" in text.splitlines()


def test_values_stand_above_each_other_and_so_does_what_they_are() -> None:
    lines = message(
        replace(
            FAILED,
            expected="0.4173 ± 3e-13   slope of your own loss there",
            observed="16.69   your gradient",
        )
    ).splitlines()
    assert lines[1].index("slope") == lines[2].index("your")


def test_other_cases_of_the_same_failure_are_named_once() -> None:
    also = [replace(FAILED, case="short"), replace(FAILED, case="wide", component="b")]
    assert "  also in    cases short, wide (b)" in message(FAILED, also=also).splitlines()


def test_one_other_case_is_a_case() -> None:
    text = message(FAILED, also=[replace(FAILED, case="short")])
    assert "  also in    case short" in text.splitlines()


def test_a_verdict_other_than_failed_stands_in_the_first_line() -> None:
    first = message(BLOCKED).splitlines()[0]
    assert first == "update of line, case tall: blocked"


def test_a_message_obeys_no_control_character_of_a_submission() -> None:
    text = message(replace(FAILED, observed=HOSTILE, component=HOSTILE))
    assert [c for c in text if c != "\n" and not c.isprintable()] == []


def test_the_same_mistake_is_grouped_and_another_is_not() -> None:
    short = replace(FAILED, case="short", component="b")
    other = replace(FAILED, case="wide", diagnosis=replace(LACKS_MEAN, pattern="sign flipped"))
    unexplained = replace(FAILED, case="bare", diagnosis=None)
    groups = alike([FAILED, other, short, unexplained])
    assert groups == [[FAILED, short], [other], [unexplained]]


def test_grouping_loses_no_result() -> None:
    results = [replace(FAILED, case=str(n), verdict=Verdict.FAILED) for n in range(5)]
    assert [r for group in alike(results) for r in group] == results
