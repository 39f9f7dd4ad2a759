"""Grades many submissions at a time, one in each process, in the order in which they finish.

Processes, because the comparing is Python and NumPy and would wait for one lock in threads.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from multiprocessing.synchronize import Lock

from threadpoolctl import threadpool_limits

from checks.battery import Check
from checks.commands.session import Settings, grade_submission
from checks.report.environment import cores
from checks.result import Report
from checks.submission import private
from checks.submission.discovery import Submission

TIMED = frozenset({"vectorised"})
AHEAD = 2  # submissions handed to each process beyond the one it is at
# A process that grades fewer submissions than this costs more to start than it saves.
WORTH_A_PROCESS = 16

_timing: Lock | None = None


def graded(
    submissions: Sequence[Submission], chosen: Settings, workers: int | None = None
) -> Generator[tuple[int, Report], None, None]:
    """Each submission's index with its report, as they finish; workers: None for what pays."""
    most = len(submissions) if workers else len(submissions) // WORTH_A_PROCESS
    number = min(workers or cores(), most)
    left = dict(enumerate(submissions))
    if number > 1:
        for index, report in _side_by_side(submissions, chosen, number):
            del left[index]
            yield index, report
    for index, submission in left.items():  # all, or what a pool that broke has left behind
        yield index, grade_submission(submission, chosen)


def _side_by_side(
    submissions: Sequence[Submission], chosen: Settings, number: int
) -> Generator[tuple[int, Report], None, None]:
    """As `graded`, in this many processes; ends early where one of them dies."""
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(
        number, mp_context=context, initializer=_begin, initargs=(context.Lock(),)
    )
    waiting = enumerate(submissions)
    running: dict[Future[Report], int] = {}
    try:
        while True:
            for index, submission in islice(waiting, number * AHEAD - len(running)):
                running[pool.submit(_grade, submission, chosen)] = index
            if not running:
                break
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                report = future.result()
                yield running.pop(future), report
    except BrokenProcessPool:
        return
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        if running:
            for process in multiprocessing.active_children():
                process.terminate()


def _begin(timing: Lock) -> None:
    """Prepares a new process, which takes turns at timing with the others.

    Ctrl-C is the parent's, and the process ends with its parent, leaving no folder unless it is
    killed.  BLAS gets one thread: there is a process for every core already.
    """
    global _timing
    _timing = timing
    threadpool_limits(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, private.end)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        # Not from here: the main thread may be writing into the folder that is removed.
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)


def _grade(submission: Submission, chosen: Settings) -> Report:
    return grade_submission(submission, chosen, _turn)


def _turn(check: Check) -> AbstractContextManager[object]:
    """Timing questions are asked by one process at a time."""
    return _timing if check.name in TIMED and _timing is not None else nullcontext()
