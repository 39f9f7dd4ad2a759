"""Clumsy submissions: interfaces, returned types, state.  No ill will."""

from __future__ import annotations

from checks.selftest.submissions.record import BLAMED, CONTRACT, Handed, failing, returning, slope

INTERFACE: tuple[Handed, ...] = (
    slope("nothing wrong"),
    slope("another order of arguments", predict="def predict(w, X): return X * w"),
    slope(
        "an argument misspelt",
        CONTRACT,
        "did you mean w where you have W?",
        predict="def predict(X, W): return X * W",
    ),
    slope(
        "a function misspelt, and all that is left is right",
        says="did you mean gradient where you have gradiant?",
        gradient="def gradiant(X, y, w): return 0.0",
    ),
    slope(
        "a function misspelt that is needed",
        CONTRACT,
        "did you mean gradient where you have Gradiant?",
        gradient="def Gradiant(X, y, w): return 0.0",
        update="",
    ),
    slope(
        "a name of its own that is needed",
        CONTRACT,
        "define gradient(X, y, w), or put your names under these with --adapter=FILE",
        gradient="def pente(X, y, w): return 0.0",
        update="",
    ),
    slope(
        "every function misspelt",
        CONTRACT,
        "did you mean loss where you have los?; did you mean gradient where you have gradeint?; "
        "did you mean update where you have udpate?",
        predict="def predcit(X, w): return X * w",
        loss="def los(X, y, w): return 0.0",
        gradient="def gradeint(X, y, w): return 0.0",
        update="def udpate(X, y, learning_rate, w): return w",
    ),
    slope(
        "nameless arguments",
        CONTRACT,
        "name the arguments instead of *args: X, y, w",
        loss="def loss(*args): return 0.0",
    ),
    slope(
        "an argument too many", CONTRACT, "(X, y, w, n)", loss="def loss(X, y, w, n): return 0.0"
    ),
    slope(
        "no return",
        CONTRACT,
        "does the function end with a return?",
        gradient="def gradient(X, y, w): 2 * float(X @ (X * w - y)) / len(y)",
    ),
    slope(
        "a name that is not there",
        CONTRACT,
        "NameError: name 'Xx' is not defined",
        gradient="def gradient(X, y, w): return Xx",
    ),
    slope(
        "a gradient of the wrong shape",
        CONTRACT,
        "shape (2,)",
        gradient="def gradient(X, y, w): return np.zeros(2)",
    ),
    slope(
        "a gradient as a dict",
        gradient="def gradient(X, y, w): return {'dw': 2 * float(X @ (X * w - y)) / len(y)}",
    ),
    slope(
        "a gradient under other keys",
        CONTRACT,
        "did you mean w",
        gradient="def gradient(X, y, w): return {'ww': 0.0}",
    ),
    slope(
        "asynchronous",
        CONTRACT,
        "a value of type coroutine",
        loss="async def loss(X, y, w): return 0.0",
    ),
    slope(
        "a class in the place of a function",
        CONTRACT,
        "a value of type loss",
        loss="""
        class loss:
            def __init__(self, X, y, w):
                pass
        """,
    ),
    slope(
        "a cache by the data",
        CONTRACT,
        "the answer to an earlier call",
        loss="""
        def loss(X, y, w, known={}):
            data = X.tobytes() + y.tobytes()
            if data not in known:
                known[data] = float((X * w - y) @ (X * w - y)) / len(y)
            return known[data]
        """,
    ),
    slope(
        "a cache by everything",
        gradient="""
        def gradient(X, y, w, known={}):
            asked = X.tobytes(), y.tobytes(), float(w)
            if asked not in known:
                known[asked] = 2 * float(X @ (X * w - y)) / len(y)
            return known[asked]
        """,
    ),
    slope(
        "no cache, but the parameter left out",
        BLAMED,
        gradient="def gradient(X, y, w): return -2 * float(X @ y) / len(y)",
    ),
    slope(
        "a mutable default",
        gradient="""
        def gradient(X, y, w, seen=[]):
            seen.append(w)
            return 2 * float(X @ (X * w - y)) / len(y)
        """,
    ),
)

EXCEPTIONS = (
    failing("raises for no reason", "raise ValueError('not today')", "ValueError: not today"),
    failing("control characters", "raise ValueError('red\\x1b and\\n\\nmore')", "red? and more"),
    failing("a message of a megabyte", "raise ValueError('x' * 1_000_000)", "xxxx…"),
    failing("endless recursion", "return loss(X, y, w)", "RecursionError"),
    failing("asks for input", "return float(input('loss? '))", "EOFError"),
    failing(
        "an exception whose text raises",
        """
        class Odd(Exception):
            def __str__(self):
                return 1 / 0
        raise Odd
        """,
        "(its text cannot be shown)",
    ),
)

RETURNS = (
    returning("None", "None", "does the function end with a return?"),
    returning("text", "'0.5'", "a value of type str"),
    returning("bytes", "b'0.5'", "a value of type bytes"),
    returning("a complex number", "1j", "a value of type complex"),
    returning("a Boolean", "True", "a value of type bool"),
    returning("a function", "loss", "a value of type function"),
    returning("a generator", "(r for r in [0.5])", "a value of type generator"),
    returning("a set", "{0.5}", "a value of type set"),
    returning("a fraction", "Fraction(1, 2)", "type Fraction", "from fractions import Fraction"),
    returning("a decimal", "Decimal('0.5')", "type Decimal", "from decimal import Decimal"),
    returning("a huge int", "10 ** 400", "an int of more than 64 bits"),
    returning("float32", "np.float32(0.5)", "float32"),
    returning("an array of one", "np.array([0.5])", "shape (1,)"),
    returning("an array of objects", "np.array([None])", "an array of dtype object"),
    returning("an array of texts", "np.array(['0.5'])", "an array of dtype <U3"),
    returning("a masked array", "np.ma.array(0.5)", "a value of type MaskedArray"),
    returning("a matrix", "np.asmatrix([[0.5]])", "a value of type matrix"),
    returning("a structured array", "np.zeros(2, dtype='i4,f8')", "an array of dtype"),
    returning("per-sample losses", "(X * w - y) ** 2", "expected loss: a scalar"),
    returning(
        "a list with itself inside", "endless", "nested", "endless = []; endless += [endless]"
    ),
    returning("a list of a million", "[0] * 1_000_000", "1000000 entries that are no floats"),
    returning("the class of a float", "float", "a value of type type"),
    returning("an ellipsis", "...", "a value of type ellipsis"),
    returning("NotImplemented", "NotImplemented", "a value of type NotImplementedType"),
    returning("a name of a megabyte", "type('x' * 1_000_000, (), {})()", "a value of type xxxx"),
)

STATE = (
    slope(
        "changes its data in place",
        CONTRACT,
        "X changed in place",
        predict="""
        def predict(X, w):
            X *= w
            return X
        """,
    ),
    slope(
        "reshapes its data in place",
        CONTRACT,
        "X changed in place",
        predict="""
        def predict(X, w):
            prediction = X * w
            X.shape = (-1, 1)
            return prediction
        """,
    ),
    slope(
        "counts its calls",
        CONTRACT,
        "the same answer to the same question",
        before="calls = []",
        loss="""
        def loss(X, y, w):
            calls.append(w)
            return float(len(calls))
        """,
    ),
    slope(
        "adds noise",
        CONTRACT,
        "the same answer to the same question",
        loss="def loss(X, y, w): return float(np.mean((X * w - y) ** 2) + np.random.rand())",
    ),
    slope(
        "remembers the first answer",
        frozenset({"contract"}),
        "the answer to an earlier call",
        before="first = []",
        gradient="""
        def gradient(X, y, w):
            first.append(2 * float(X @ (X * w - y)) / len(y))
            return first[0]
        """,
    ),
)

CLUMSY = (*INTERFACE, *EXCEPTIONS, *RETURNS, *STATE)
