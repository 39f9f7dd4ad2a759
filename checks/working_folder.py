"""Keeps the folder in which `python -m checks` is typed off the import path.

Python puts that folder first, so that in a student's folder a file numpy.py or json.py would be
imported by the process that grades.  Imported before anything else; it imports only what the
interpreter has loaded by itself.
"""

import os
import sys

_SUITE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def _run_as_module() -> str:
    """The module that `python -m` is about to run, "" where it runs none."""
    given = sys.orig_argv
    if sys.argv[:1] != ["-m"] or "-m" not in given:
        return ""
    return given[given.index("-m") + 1]


# Another project's `python -m project` may import this suite, and needs its folder.
if _run_as_module().partition(".")[0] == "checks" and sys.path[:1] in ([""], [os.getcwd()]):
    if os.path.realpath(os.getcwd()) != os.path.realpath(_SUITE):
        del sys.path[0]
    # The processes that a run starts beside itself must not find that folder either.
    os.environ["PYTHONSAFEPATH"] = "1"
