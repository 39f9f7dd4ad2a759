"""Grades side by side and on several hosts with pytest-xdist, to the report of one process.

One submission stays in one process, so that one sandbox is open there at a time.  What a process
that is lost has left open is asked elsewhere, and the report has the order of a run without xdist.
Imported only where xdist is installed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from pluggy import HookimplMarker
from xdist.scheduler.loadscope import LoadScopeScheduling

SEED = "gradproof_seed"
PLANNED = "gradproof_planned"
ASKED_AGAIN = "rerun"  # the outcome that xdist's hook gives such reports
AGAIN = 1  # times that a question is asked again after the process that had it was lost

first = HookimplMarker("pytest")(tryfirst=True)


def is_spread(config: Any) -> bool:
    """Whether this process hands out the work of a run of several."""
    return not hasattr(config, "workerinput") and config.getoption("dist", "no") != "no"


def label_of(nodeid: str) -> str:
    """The label in a test's id: "ana-line" of "checks/test_loss.py::…[ana-line-tall]", or "".

    The names of cases have no dash in them (`checks.plugin` makes the ids).
    """
    return nodeid.partition("[")[2].rpartition("-")[0]


class BySubmission(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """All questions to one submission in one process; a lost one's questions in another.

    xdist reports the question at which a process was lost as failed and asks it again all the
    same.  Here it is asked again AGAIN times, and has failed only if no process survives it.
    """

    def __init__(self, config: Any, log: Any) -> None:
        super().__init__(config, log)
        self._crashes: Counter[str] = Counter()
        self._told: set[str] = set()

    def _split_scope(self, nodeid: str) -> str:
        return label_of(nodeid)

    def remove_node(self, node: Any) -> str | None:
        """Give back what this process left; the question it was lost at, if it was lost.

        A submission whose questions are all answered is not given back, as xdist does: a process
        that is handed nothing has no answer to report, and after an answer only is handed more.
        """
        units = self.assigned_work.pop(node)
        for unit in units.values():
            unit.update(dict.fromkeys(self._told & unit.keys(), True))
        open_questions = (name for unit in units.values() for name in unit if not unit[name])
        lost: str | None = next(open_questions, None)
        if lost is None:
            return None
        self._crashes[lost] += 1
        if not self.asked_again(lost):
            for unit in units.values():
                unit.update(dict.fromkeys({lost} & unit.keys(), True))
        self.workqueue.update(
            (label, unit) for label, unit in units.items() if not all(unit.values())
        )
        for other in self.assigned_work:
            self._reschedule(other)
        return lost

    def tell(self, nodeid: str) -> None:
        """This question's answer is here, though its process may not have said that it is done."""
        self._told.add(nodeid)

    def _reschedule(self, node: Any) -> None:
        """Hand out more; where there is no more, keep the process for what others may lose.

        xdist ends it here.  It ends all of them too when none has more than its last question.
        """
        if self.workqueue:
            super()._reschedule(node)

    def asked_again(self, nodeid: str) -> bool:
        """Whether the question at which a process was lost has another try."""
        return self._crashes[nodeid] <= AGAIN


class Spreading:
    """The hooks of the process that hands out the work.

    plan(count): told how many questions are planned, as soon as a process has said so.
    """

    def __init__(self, config: Any, plan: Callable[[int], None]) -> None:
        self._config = config
        self._plan = plan
        self._order: dict[str, int] = {}
        self._scheduler: BySubmission | None = None

    def pytest_configure_node(self, node: Any) -> None:
        """Every process draws the same cases."""
        node.workerinput[SEED] = self._config.option.seed

    def pytest_xdist_make_scheduler(self, config: Any, log: Any) -> BySubmission | None:
        """Keep a submission together; other tests are spread as xdist was told to."""
        together = config.option.submission and config.getoption("dist") != "each"
        self._scheduler = BySubmission(config, log) if together else None
        return self._scheduler

    def pytest_runtest_logreport(self, report: Any) -> None:
        """An answer that was told is not asked for again, whatever becomes of its process."""
        if self._scheduler is not None and report.when == "call":
            self._scheduler.tell(report.nodeid)

    def pytest_handlecrashitem(self, crashitem: str, report: Any) -> None:
        """A question at which a process was lost has not failed while it is asked again."""
        if self._scheduler is not None and self._scheduler.asked_again(crashitem):
            report.outcome = ASKED_AGAIN

    def pytest_report_teststatus(self, report: Any) -> tuple[str, str, str] | None:
        """Neither counted nor told, as what comes before and after a question."""
        return ("", "", "") if report.outcome == ASKED_AGAIN else None

    def pytest_xdist_setupnodes(self) -> None:
        """Go on where xdist would end the run: no hook of its own is asked about a lost host."""
        session = self._config.pluginmanager.get_plugin("dsession")
        session._clone_node = _forgiving(session._clone_node, session.report_line)

    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """Remember the order of a run in one process."""
        self._order = {nodeid: place for place, nodeid in enumerate(ids)}

    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what a process planned."""
        planned = getattr(node, "workeroutput", {}).get(PLANNED)
        if planned is not None:
            self._plan(planned)

    @first
    def pytest_sessionfinish(self) -> None:
        """Put what the terminal and JUnit's file are about to tell into that order."""
        plugins = self._config.pluginmanager
        terminal = plugins.get_plugin("terminalreporter")
        for reports in terminal.stats.values() if terminal else ():
            reports.sort(key=lambda report: self._place(getattr(report, "nodeid", "")))
        for plugin in plugins.get_plugins():
            told = getattr(plugin, "node_reporters_ordered", None)
            if told is not None:
                # A test that was begun in a process that was lost has no name and no outcome.
                named = [test for test in told if test.to_xml().get("classname")]
                told[:] = sorted(named, key=lambda test: self._place(_nodeid(test.to_xml())))

    def _place(self, nodeid: str) -> int:
        return self._order.get(nodeid, len(self._order))


def _nodeid(testcase: Any) -> str:
    """The id of a test function as JUnit's file names it."""
    module, name = testcase.get("classname", ""), testcase.get("name", "")
    return f"{module.replace('.', '/')}.py::{name}"


def _forgiving(start: Callable[[Any], Any], tell: Callable[[str], None]) -> Callable[[Any], Any]:
    """Start a lost process again; where its host cannot be reached, go on without it."""

    def started(node: Any) -> Any:
        try:
            return start(node)
        except Exception as error:  # execnet raises its own classes for hosts it cannot reach
            tell(f"{node.gateway.spec} cannot be started again: {error}; going on without it")
            return None

    return started
