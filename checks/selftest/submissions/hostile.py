"""Hostile submissions: time, death, memory, output."""

from __future__ import annotations

from checks.selftest.submissions.record import Handed, doing, failing, hanging
from checks.submission.limits import Limits

TIME: tuple[Handed, ...] = (
    hanging("an endless loop", "while True: pass"),
    hanging("sleeps", "import time; time.sleep(1000)"),
    hanging(
        "swallows every alarm",
        """
        import signal
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
            signal.signal(number, signal.SIG_IGN)
        while True:
            try:
                while True: pass
            except BaseException: pass
        """,
    ),
    hanging("one operation without end", "return int('7' * 4000) ** 9_000_000"),
    hanging("stops itself", "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)"),
    hanging("waits for a lock", "import threading; threading.Semaphore(0).acquire()"),
    hanging(
        "reads its own wire",
        """
        import os, stat
        for fd in range(3, 50):
            try:
                if stat.S_ISSOCK(os.fstat(fd).st_mode):
                    os.read(fd, 1)
            except OSError: pass
        """,
    ),
    hanging(
        "freezes its clock first",
        """
        import time
        time.monotonic = time.perf_counter = time.time = lambda: 0.0
        while True: pass
        """,
    ),
    hanging(
        "an exception whose text does not end",
        """
        class Slow(Exception):
            def __str__(self):
                while True: pass
        raise Slow
        """,
    ),
)

DEATH = (
    failing("exits without a word", "import os; os._exit(0)", "exit status 0"),
    failing("kills itself", "import os; os.kill(os.getpid(), 9)", "signal SIGKILL"),
    failing("aborts", "import os; os.abort()", "signal SIGABRT"),
    failing("reads address zero", "import ctypes; ctypes.string_at(0)", "signal SIGSEGV"),
    failing("raises SystemExit", "raise SystemExit(0)", "SystemExit: 0"),
    failing("raises KeyboardInterrupt", "raise KeyboardInterrupt", "KeyboardInterrupt"),
    failing("closes every descriptor", "import os; os.closerange(0, 1000)", "the process"),
    failing(
        "recurses in C",
        """
        nested = ()
        for _ in range(10_000_000): nested = (nested,)
        return hash(nested)
        """,
        "loss",
    ),
)

MEMORY = (
    failing(
        "asks for 64 GiB",
        "return float(np.ones(1 << 33).sum())",
        "within 1024 MiB of memory (--limit-memory)",
    ),
    failing("asks for more than there is", "return bytearray(1 << 60)", "of memory"),
    failing(
        "fills a list",
        """
        hoard = []
        while True: hoard.append(bytearray(1 << 24))
        """,
        "within 1024 MiB of memory",
        contained=True,
    ),
    failing(
        "maps memory",
        """
        import mmap
        hoard = []
        while True: hoard.append(mmap.mmap(-1, 1 << 26))
        """,
        "Cannot allocate memory",
        contained=True,
    ),
    doing(
        "memory that no limit counts",
        """
        import os
        try: os.memfd_create('hoard')
        except OSError: pass
        else: raise ValueError('it is there')
        """,
    ),
    failing(
        "lifts its limit first",
        """
        import resource
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)
        """,
        "ValueError: not allowed to raise maximum limit",
    ),
)

OUTPUT = (
    failing(
        "answers with too many numbers",
        "return np.ones(1 << 18)",
        "an answer of at most 1 MiB (--limit-output)",
        limits=Limits(output_bytes=1 << 20),
    ),
    hanging("prints for ever", "while True: print('x' * 1000)"),
    hanging("writes errors for ever", "import os\nwhile True: os.write(2, b'x' * 1000)"),
)

HOSTILE = (*TIME, *DEATH, *MEMORY, *OUTPUT)
