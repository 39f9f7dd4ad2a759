"""Submissions with wrong numbers that look right for a while: caches, quotients, guesses."""

from __future__ import annotations

from checks.selftest.submissions.record import BLAMED, Handed, slope

# What compares with the own gradient is blocked: the gradient is blamed, once.
_NOT_FINITE = frozenset({"gradient_own", "gradient_reference", "stability"})

ANSWERS: tuple[Handed, ...] = (
    slope(
        "not a number",
        _NOT_FINITE,
        "is not finite",
        gradient="def gradient(X, y, w): return float('nan')",
    ),
    slope(
        "infinity",
        _NOT_FINITE,
        "is not finite",
        gradient="def gradient(X, y, w): return float('inf')",
    ),
    slope(
        "remembers by identity",
        BLAMED,
        perhaps=frozenset({"contract", "vectorised"}),
        before="cache = {}",
        gradient="""
        def gradient(X, y, w):
            return cache.setdefault(id(X), 6 * float(X @ (X * w - y)) / len(y))
        """,
    ),
    slope(
        "remembers by shape",
        frozenset({"contract"}),
        "the answer to an earlier call",
        before="cache = {}",
        gradient="""
        def gradient(X, y, w):
            return cache.setdefault(X.shape, 2 * float(X @ (X * w - y)) / len(y))
        """,
    ),
    slope(
        "right the first ten times",
        BLAMED,
        "slope of your own loss",
        perhaps=frozenset({"contract"}),
        before="calls = []",
        gradient="""
        def gradient(X, y, w):
            calls.append(w)
            return (2 if len(calls) < 10 else 6) * float(X @ (X * w - y)) / len(y)
        """,
    ),
    slope(
        "differences of its own loss",
        BLAMED,
        "difference quotient of your own loss",
        gradient="""
        def gradient(X, y, w):
            h = 1e-6
            return (loss(X, y, w + h) - loss(X, y, w - h)) / (2 * h)
        """,
    ),
    slope(
        "knows one number of samples",
        BLAMED | {"vectorised"},
        "slope of your own loss",
        gradient="def gradient(X, y, w): return 2 * float(X @ (X * w - y)) / 20",
    ),
    slope(
        "looks fast with many samples",
        frozenset({"vectorised"}),
        "the step of your update for all 1024 at once",
        update="""
        def update(X, y, learning_rate, w):
            return w if len(y) > 500 else w - learning_rate * gradient(X, y, w)
        """,
    ),
    slope(
        "a loss that suits its gradient",
        frozenset({"loss", "gradient_reference", "update"}),
        "the documented loss of your own predictions",
        gradient="def gradient(X, y, w): return 6 * float(X @ (X * w - y)) / len(y)",
        loss="def loss(X, y, w): return 3 * float(np.mean((X * w - y) ** 2))",
    ),
)
