"""Keeps the folder in which `python -m checks` is typed off the import path.

Python puts that folder first, so that in a student's folder a file numpy.py or json.py would be
imported by the process that grades.  Imported before anything else; it imports only what the
interpreter has loaded by itself.
"""

import os
import sys

_SUITE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

if sys.argv[:1] == ["-m"] and sys.path and sys.path[0] in ("", os.getcwd()):
    if os.path.realpath(os.getcwd()) != os.path.realpath(_SUITE):
        del sys.path[0]
    # The processes that a run starts beside itself must not find that folder either.
    os.environ["PYTHONSAFEPATH"] = "1"
