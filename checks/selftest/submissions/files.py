"""Submissions whose file is odd: encodings, names, scripts that do more than define."""

from __future__ import annotations

from checks.selftest.submissions.record import CONTRACT, HASTE, Handed, doing, slope

_RIGHT = slope("").source
_DEFINITIONS = "only its imports, definitions and constants were loaded"

FILES: tuple[Handed, ...] = (
    Handed("an empty file", b"", CONTRACT, "no function at all"),
    Handed("no Python", b"\x89PNG\r\n\x1a\n\0\0", CONTRACT, "a syntax error"),
    Handed("half a function", b"def loss(X, y, w:\n", CONTRACT, "a syntax error in line 1"),
    Handed("JSON", b'{"cells": [], "nbformat": 4}', CONTRACT, "no function at all"),
    Handed("no UTF-8", b"name = '\xe9'\n", CONTRACT, "a syntax error"),
    Handed("UTF-16", _RIGHT.decode().encode("utf-16"), CONTRACT, "has to be saved as UTF-8"),
    Handed("zero bytes", b"x = 1\0\n", CONTRACT, "null bytes"),
    Handed("nested past the parser", b"(" * 5000 + b")" * 5000, CONTRACT, "too many nested"),
    Handed("other names", b"def wombat(X, y, w): return 0.0\n", CONTRACT, "wombat"),
    Handed("Windows lines", b"\xef\xbb\xbf" + _RIGHT.replace(b"\n", b"\r\n")),
    Handed("declared latin-1", b"# coding: latin-1\nname = '\xe9'\n" + _RIGHT),
    slope("an odd name", file="línea 1 (2).py"),
    slope("a name that begins with a dash", file="-rf.py"),
    slope("a name of a package", file="numpy.py"),
    slope(
        "plots",
        says=_DEFINITIONS,
        before="import matplotlib.pyplot as plt",
        after="plt.plot([1.0])\nplt.show()",
    ),
    slope("reads a file", says="FileNotFoundError", after="X = np.loadtxt('data.csv')"),
    slope("exits at the end", says="SystemExit", after="raise SystemExit(0)"),
    slope("overwrites its function", says="no function any more", after="loss = 0.5"),
    slope("never ends", says=_DEFINITIONS, after="while True: pass", limits=HASTE),
    slope("dies at the end", says="signal SIGKILL", after="import os; os.kill(os.getpid(), 9)"),
    doing("prints ten megabytes", "print('x' * 10_000_000)", contained=False),
    doing(
        "closes the standard streams",
        """
        import sys
        sys.stdout.close()
        sys.stderr.close()
        """,
        contained=False,
    ),
    doing(
        "turns warnings into errors",
        "import warnings; warnings.simplefilter('error')",
        contained=False,
    ),
    doing("silences NumPy", "np.seterr(all='ignore')", contained=False),
    doing("changes how arrays print", "np.set_printoptions(precision=1)", contained=False),
    doing("seeds the world", "np.random.seed(0)", contained=False),
    doing(
        "leaves a thread behind",
        """
        import threading, time
        if threading.active_count() < 3:
            threading.Thread(target=time.sleep, args=(100,), daemon=True).start()
        """,
        contained=False,
    ),
    doing(
        "warns ten thousand times",
        """
        import warnings
        for i in range(10_000):
            warnings.warn(str(i))
        """,
        contained=False,
    ),
)
