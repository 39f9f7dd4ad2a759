"""What pytest hears of gradproof: options, which checks to collect, header and summary.

The reference is asked by default; with `--submission=PATH` the submissions are asked instead and
nothing but the battery's faces is collected.  Write every option with `=`: pytest takes a path
after a space for a test path (`checks.guard` says what follows from that).
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from checks.commands import again
from checks.commands.options import add_limits
from checks.commands.values import fresh_seed, seed
from checks.guard import CHECKS, at_home, is_face, objection
from checks.report.environment import suite_version
from checks.report.message import Hints, message
from checks.report.plain import plain
from checks.result import CheckResult, Verdict

if TYPE_CHECKING:
    from checks.judging.gradient_check import GradientCheck
    from checks.subjects import Subject

REFERENCE_SEED = 0
FIXTURE = "answer"
EXAMPLES = CHECKS / "examples"
ASKED = "gradproof"
SUBJECTS = pytest.StashKey[list["Subject"]]()
PLANNED = pytest.StashKey[int]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options; every one that takes a value is written with `=`."""
    group = parser.getgroup("gradproof", "gradient verification (write options with =)")
    group.addoption(
        "--submission",
        action="append",
        default=[],
        metavar="PATH",
        help="ask this file, folder or class instead of the reference: --submission=ana/line.py",
    )
    group.addoption("--model", metavar="NAME", help="the model of files not named after one")
    group.addoption(
        "--seed", type=seed, metavar="N", help="seed of all cases (reference: 0, else a fresh one)"
    )
    group.addoption(
        "--hints",
        choices=[hints.value for hints in Hints],
        default=Hints.PATTERN.value,
        help="how much a message gives away",
    )
    add_limits(group.addoption)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Refuse before a submission's conftest.py could be imported."""
    _guard(early_config, early_config.known_args_namespace)


def pytest_configure(config: pytest.Config) -> None:
    """Refuse what must not run, choose the seed, name the marker."""
    _guard(config, config.option)
    if config.option.model and not config.option.submission:
        raise pytest.UsageError("--model=NAME needs a --submission=PATH")
    if config.option.adapter and not config.option.submission:
        raise pytest.UsageError("--adapter=FILE needs a --submission=PATH")
    if config.option.submission:
        _require_isolation(config)
    if config.option.seed is None:
        config.option.seed = fresh_seed() if config.option.submission else REFERENCE_SEED
    if config.pluginmanager.hasplugin("xdist"):
        _spread(config)
    config.addinivalue_line("markers", "question(name): the question of the battery a test asks")


def _spread(config: pytest.Config) -> None:
    """Take part in a run of several processes: hand out, or draw what the one that does draws."""
    from checks.spreading import SEED, Spreading, is_spread

    given = getattr(config, "workerinput", {})
    config.option.seed = given.get(SEED, config.option.seed)
    if is_spread(config):
        config.pluginmanager.register(
            Spreading(config, lambda count: config.stash.__setitem__(PLANNED, count))
        )


def _require_isolation(config: pytest.Config) -> None:
    """Refuse a tier that is not to be had before anything is collected."""
    from checks.submission.isolation.choice import choose, come_with_the_suite
    from checks.submission.isolation.names import TierError

    try:
        trusted = config.option.trust_submissions or come_with_the_suite(config.option.submission)
        choose(config.option.isolation, trusted=trusted)
    except TierError as error:
        raise pytest.UsageError(str(error)) from error


def pytest_sessionstart(session: pytest.Session) -> None:
    """One BLAS thread: arrays are small, and threads that wait for a busy core cost far more."""
    if not at_home(session.config.rootpath):
        return
    import numpy  # noqa: F401  # threadpoolctl finds the libraries that are loaded
    from threadpoolctl import threadpool_limits

    threadpool_limits(limits=1)


def _guard(config: pytest.Config, options: Any) -> None:
    if options.submission:
        why = objection(
            options.submission,
            config.rootpath,
            config.inipath,
            options.file_or_dir,
            config.invocation_params.dir,
        )
        if why:
            raise pytest.UsageError(why)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Beside a submission nothing is collected but the faces; students' files never are."""
    if config.option.submission and not is_face(collection_path):
        return True
    return True if collection_path == EXAMPLES else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each subject and case of the question that the test is marked with."""
    if FIXTURE not in metafunc.fixturenames:
        return
    marker = metafunc.definition.get_closest_marker("question")
    if marker is None:
        raise pytest.UsageError(f"{metafunc.function.__name__} uses {FIXTURE!r} without a question")
    (question,) = marker.args
    cells = [
        pytest.param((subject, question, case), id=f"{subject.label}-{case}")
        for subject in subjects(metafunc.config)
        for check, case in subject.planned
        if check == question
    ]
    metafunc.parametrize(FIXTURE, cells, indirect=True)


def subjects(config: pytest.Config) -> list[Subject]:
    """Who is asked in this run; looked up once."""
    if SUBJECTS not in config.stash:
        # The battery and SciPy are imported only by a run that asks something.
        from checks.commands.session import settings
        from checks.subjects import handed_in, references

        options = config.option
        if options.submission:
            config.stash[SUBJECTS] = handed_in(options.submission, options.model, settings(options))
        else:
            config.stash[SUBJECTS] = references(options.seed)
    return config.stash[SUBJECTS]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Submissions are asked one after the other, so that one worker is open at a time.

    A question that applies to nobody has no test, rather than one that is skipped.
    """
    if config.option.submission:
        items[:] = [item for item in items if _subject(item) is not None]
        order = {subject.label: number for number, subject in enumerate(subjects(config))}
        items.sort(key=lambda item: order[_label(item)])


def pytest_collection_finish(session: pytest.Session) -> None:
    """Count what is planned, after -k and the like have chosen."""
    planned = sum(bool(_label(item)) for item in session.items)
    session.config.stash[PLANNED] = planned
    if hasattr(session.config, "workeroutput"):
        from checks.spreading import PLANNED as TOLD

        session.config.workeroutput[TOLD] = planned


def _label(item: pytest.Item) -> str:
    """The label of the subject that a test asks, "" for every other test."""
    subject = _subject(item)
    return "" if subject is None else subject.label


def _subject(item: pytest.Item) -> Subject | None:
    callspec = getattr(item, "callspec", None)
    parameter = callspec.params.get(FIXTURE) if callspec else None
    return parameter[0] if isinstance(parameter, tuple) else None


@pytest.fixture
def gradient_check(request: pytest.FixtureRequest) -> Callable[..., GradientCheck]:
    """`checks.check_gradient` with this run's seed, which fails the test unless it passes."""
    from checks.gradient import check_gradient

    def required(*given: Any, **options: Any) -> GradientCheck:
        __tracebackhide__ = True
        check = check_gradient(*given, **{"seed": request.config.option.seed, **options})
        check.require()
        return check

    return required


@pytest.fixture
def answer(request: pytest.FixtureRequest) -> Callable[[], None]:
    """Asks the question of this test; call the fixture to settle it by the verdict."""
    subject, question, case = request.param

    def settle() -> None:
        __tracebackhide__ = True
        result = subject.ask(question, case)
        request.node.user_properties.append((ASKED, result.verdict.value))
        if result.verdict is Verdict.PASSED:
            return
        if subject.trusted or result.verdict is Verdict.FAILED:
            hints = Hints(request.config.option.hints)
            pytest.fail(message(result, hints, _again(request.config, result)), pytrace=False)
        pytest.skip(plain(f"{result.verdict.value}: {result.observed or result.expected}"))

    return settle


def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Close a subject when the next test is about another one."""
    subject = _subject(item)
    if subject is not None and (nextitem is None or _subject(nextitem) is not subject):
        subject.close()


def _again(config: pytest.Config, result: CheckResult) -> str:
    given = [f"--seed={result.seed}"]
    if config.option.submission:
        given = [f"--submission={path}" for path in config.option.submission]
        given += again.options(config.option)
    chosen = " ".join(shlex.quote(option) for option in given)
    wanted = f"{result.check} and {result.model} and {result.case}"
    return f'python -m pytest checks {chosen} -k "{wanted}"'


def pytest_report_header(config: pytest.Config) -> str:
    """Who is asked, and under which seed."""
    if config.option.submission:
        who = "submission " + ", ".join(plain(path) for path in config.option.submission)
    else:
        who = "the reference"
    return f"gradproof {suite_version()}: asks {who}, seed {config.option.seed}"


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """How many questions were planned and how many were answered, and with what."""
    answers: dict[str, str] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, verdict in getattr(report, "user_properties", ()):
                if name == ASKED:
                    answers[report.nodeid] = verdict
    planned = config.stash.get(PLANNED, len(answers))
    if planned:
        counted = [
            f"{list(answers.values()).count(verdict.value)} {verdict.value}"
            for verdict in Verdict
            if verdict.value in answers.values()
        ]
        terminalreporter.write_line(
            f"gradproof: planned {planned} checks, ran {len(answers)}: "
            f"{', '.join(counted) or 'no answer'}"
        )
