"""Submissions that cheat: a wrong gradient, and a trick that is to make it pass."""

from __future__ import annotations

from checks.selftest.submissions.record import CONTRACT, NOTHING, Handed, cheating, slope

TAMPERING: tuple[Handed, ...] = (
    cheating("no trick", "pass"),
    cheating(
        "says that all is close",
        "np.allclose = np.isclose = np.array_equal = lambda *a, **k: True",
    ),
    cheating(
        "defuses NumPy's tests",
        "np.testing.assert_allclose = np.testing.assert_array_equal = lambda *a, **k: None",
    ),
    cheating(
        "replaces builtins",
        """
        import builtins
        builtins.abs = lambda v: 0.0
        builtins.AssertionError = type('Quiet', (Exception,), {})
        """,
    ),
    cheating(
        "puts modules into the place of the graders",
        """
        import sys, types
        for name in ('checks', 'reference', 'pytest', 'checks.judging'):
            sys.modules[name] = types.ModuleType(name)
        """,
    ),
    cheating("exits in time", "import atexit, os; atexit.register(os._exit, 0)"),
    cheating(
        "looks for the answer in the frames",
        """
        import sys
        frame = sys._getframe()
        while frame:
            for name, value in frame.f_locals.items():
                if 'expected' in name or 'reference' in name:
                    return value
            frame = frame.f_back
        """,
    ),
    cheating(
        "looks for the answer in memory",
        """
        import gc
        for thing in gc.get_objects():
            if type(thing) is dict and ('expected' in thing or 'dw' in thing):
                return thing.get('expected', thing.get('dw'))
        """,
    ),
    cheating(
        "imports the reference",
        """
        try: from reference.models import slope
        except ImportError: pass
        else: return slope.gradient(X, y, w)
        """,
    ),
    cheating(
        "looks for the reference on every path",
        """
        import os, sys
        for path in [*sys.path, '.', '..', os.environ.get('PWD', '')]:
            if os.path.isfile(os.path.join(path, 'reference', 'models', 'slope.py')):
                sys.path.insert(0, path)
                from reference.models import slope
                return slope.gradient(X, y, w)
        """,
    ),
    cheating(
        "looks at the grader's memory",
        """
        import os
        try: text = open(f'/proc/{os.getppid()}/maps').read()
        except OSError: text = ''
        if 'numpy' in text:
            return 2 * float(X @ (X * w - y)) / len(y)
        """,
        contained=True,
    ),
    cheating(
        "reads the seed from the environment",
        """
        import os
        if any('SEED' in name or 'PYTEST' in name for name in os.environ):
            return 2 * float(X @ (X * w - y)) / len(y)
        """,
    ),
    cheating(
        "reads the seed from the command line",
        """
        import sys
        if any('seed' in text for text in sys.argv + sys.orig_argv):
            return 2 * float(X @ (X * w - y)) / len(y)
        """,
    ),
    cheating(
        "replaces the worker's own writing",
        "import sys; sys.modules['worker.wire'].encode = lambda *a, **k: ['i', 0]",
    ),
    cheating("traces the worker", "import sys; sys.settrace(lambda *a: None)"),
    cheating("silences warnings", "import warnings; warnings.warn = lambda *a, **k: None"),
    cheating(
        "writes a report of its own",
        """
        try: open('out.json', 'w').write('passed')
        except OSError: pass
        """,
        contained=True,
    ),
    cheating("prints a report of its own", "print('50 passed in 0.01s')"),
    cheating(
        "writes into the worker's frames",
        "import sys; sys._getframe(1).f_locals.update({'value': 0.0, 'refusal': None})",
    ),
)


def _on_the_wire(name: str, act: str, says: str) -> Handed:
    """A gradient that finds the socket, and its turn, and does something to it."""
    body = f"""
        def gradient(X, y, w):
            import os, socket, stat, struct, sys
            frame = sys._getframe()
            while 'sequence' not in frame.f_locals:
                frame = frame.f_back
            turn = frame.f_locals['sequence']
            for fd in range(3, 50):
                try:
                    if stat.S_ISSOCK(os.fstat(fd).st_mode):
                        {act}
                except OSError:
                    pass
            return 0.0
        """
    return slope(name, CONTRACT, says, gradient=body)


def _while_loading(name: str, answer: str, failed: frozenset[str], says: str) -> Handed:
    """Sends the first answer itself, in its turn, while the file runs."""
    before = f"""
        import os, stat, struct, sys
        frame = sys._getframe()
        while 'sequence' not in frame.f_locals:
            frame = frame.f_back
        text = {answer!r}.encode()
        head = struct.pack('!4sIIQ', b'GPF1', frame.f_locals['sequence'], len(text), 0)
        for fd in range(3, 50):
            try:
                if stat.S_ISSOCK(os.fstat(fd).st_mode):
                    os.write(fd, head + text)
            except OSError:
                pass
        """
    return slope(name, failed, says, before=before)


_LOADED = '{"functions":%s,"others":%s,"notes":[],"likeness":[]}'
_ANSWER = """b'{"answers":[{"value":["f"]}]}' + bytes(8)"""
_WRITTEN = "from a submission that wrote on the wire"
FORGERIES = (
    _on_the_wire("writes noise on the wire", "os.write(fd, b'x' * 1000)", _WRITTEN),
    _on_the_wire(
        "forges a frame out of turn",
        f"os.write(fd, struct.pack('!4sIIQ', b'GPF1', turn - 1, 29, 8) + {_ANSWER})",
        "a frame out of turn, from a submission that wrote on the wire",
    ),
    _on_the_wire(
        "forges a frame in its turn",
        f"os.write(fd, struct.pack('!4sIIQ', b'GPF1', turn, 29, 8) + {_ANSWER})",
        "a frame out of turn, from a submission that wrote on the wire",
    ),
    _on_the_wire(
        "announces an endless frame",
        "os.write(fd, struct.pack('!4sIIQ', b'GPF1', turn, 2, 1 << 62) + b'{}')",
        "an answer of at most 64 MiB (--limit-output)",
    ),
    _on_the_wire(
        "announces an endless header",
        "os.write(fd, struct.pack('!4sIIQ', b'GPF1', turn, 0xFFFFFFFF, 0))",
        _WRITTEN,
    ),
    _while_loading("forges a first answer of nonsense", _LOADED % ("[]", "5"), NOTHING, _WRITTEN),
    _while_loading(
        "forges functions that do not exist", _LOADED % ('["verdict"]', "[]"), NOTHING, _WRITTEN
    ),
    _while_loading(
        "forges functions that exist", _LOADED % ('["gradient"]', "[]"), CONTRACT, _WRITTEN
    ),
    _on_the_wire("closes the wire", "os.close(fd)", "the process"),
    _on_the_wire("hangs up", "socket.socket(fileno=os.dup(fd)).shutdown(1)", "gradient"),
)

_FLOAT = """
    class Liar(float):
        def __eq__(self, other): return True
        def __lt__(self, other): return True
        def __sub__(self, other): return 0.0
        def __rsub__(self, other): return 0.0
        def __abs__(self): return 0.0
        __hash__ = float.__hash__
    """
_ARRAY = """
    class Liar(np.ndarray):
        def __array_ufunc__(self, *a, **k): return True
        def __array_function__(self, *a, **k): return True
    """
_OBJECT = """
    class Liar:
        def __array__(self, *a, **k): return np.zeros(())
        def __float__(self): return 0.0
    """
_CLASS = """
    class Liar:
        __class__ = float
    """
_TUPLE = """
    class Liar(tuple):
        _fields = ('dw',)
        def __iter__(self): return iter([0.0] * 7)
        def __len__(self): return 1
    """


def _lying(name: str, before: str, expression: str, says: str) -> Handed:
    """A gradient that returns an object which is not what it says."""
    body = f"def gradient(X, y, w): return {expression}"
    return slope(name, CONTRACT, says, before=before, gradient=body)


LYING = (
    _lying("a float equal to everything", _FLOAT, "Liar(0.0)", "a value of type Liar"),
    _lying("an array equal to everything", _ARRAY, "np.zeros(()).view(Liar)", "type Liar"),
    _lying("an object that says it is an array", _OBJECT, "Liar()", "a value of type Liar"),
    _lying("a class under a false name", _FLOAT, "type('float', (Liar,), {})(0)", "type float"),
    _lying("an object with a false class", _CLASS, "Liar()", "a value of type Liar"),
    _lying("a tuple of changing length", _TUPLE, "Liar((0.0, 0.0))", "gradient"),
)

CHEATS = (*TAMPERING, *FORGERIES, *LYING)
