"""Hostile submissions: time, death, memory, processes, output, disk, network."""

from __future__ import annotations

from checks.selftest.submissions.record import HASTE, Handed, doing, failing, hanging
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

PROCESSES = (
    failing(
        "forks without end",
        """
        import os
        while True: os.fork()
        """,
        "Operation not permitted",
        contained=True,
    ),
    failing(
        "starts threads without end",
        """
        import threading, time
        while True: threading.Thread(target=time.sleep, args=(9,)).start()
        """,
        "loss",
        contained=True,
        limits=HASTE,
    ),
    doing(
        "starts a shell",
        """
        import subprocess
        try: subprocess.run(['sh', '-c', 'true'])
        except OSError: pass
        else: raise ValueError('it ran')
        """,
    ),
    doing(
        "becomes another program",
        """
        import os, sys
        try: os.execv(sys.executable, [sys.executable, '-c', ''])
        except OSError: pass
        """,
    ),
    doing(
        "leaves the process group",
        """
        import os
        try: os.setsid()
        except OSError: pass
        """,
    ),
    doing(
        "kills everybody",
        """
        import os
        try: os.kill(-1, 9)
        except OSError: pass
        """,
    ),
    doing(
        "kills its parent",
        """
        import os
        try: os.kill(os.getppid(), 9)
        except OSError: pass
        """,
    ),
    doing(
        "kills the first thousand",
        """
        import os
        for pid in range(1, 1000):
            try: pid == os.getpid() or os.kill(pid, 9)
            except OSError: pass
        """,
    ),
    doing("outlives the grader", "import ctypes; ctypes.CDLL(None).prctl(1, 0)"),
)

DISK = (
    doing(
        "fills the disk",
        """
        import tempfile
        try:
            with open(tempfile.gettempdir() + '/hoard', 'wb') as file:
                while True: file.write(bytes(1 << 20))
        except OSError: pass
        """,
    ),
    doing(
        "makes files without end",
        """
        try:
            for i in range(3000): open(f'/tmp/hoard{i}', 'w').close()
        except OSError: pass
        """,
    ),
    doing(
        "writes where it stands",
        """
        for place in ('slope.py', __file__, '/written', '/usr/lib/written'):
            try: open(place, 'w').write('x')
            except OSError: pass
        """,
    ),
    doing(
        "reads other people's files",
        """
        for place in ('/etc/passwd', '/etc/hostname', '/proc/1/environ', '/proc/self/environ'):
            try: text = open(place).read()
            except OSError: continue
            raise ValueError('read ' + place)
        """,
    ),
    doing(
        "removes everything",
        """
        import shutil
        for place in ('/home', '/var', '/etc', '/srv'):
            shutil.rmtree(place, ignore_errors=True)
        """,
    ),
    doing(
        "makes itself a link out",
        """
        import os
        try:
            os.symlink('/etc/passwd', 'link')
            text = open('link').read()
        except OSError: pass
        else: raise ValueError('it was read')
        """,
    ),
    doing(
        "changes rights",
        """
        import os
        for place in ('/tmp', '/', __file__):
            try: os.chmod(place, 0)
            except OSError: continue
            raise ValueError('changed ' + place)
        """,
    ),
)

NETWORK = (
    doing(
        "opens a socket",
        """
        import socket
        try: socket.socket()
        except OSError: pass
        else: raise ValueError('it opened')
        """,
    ),
    doing(
        "fetches a page",
        """
        import urllib.request
        try: urllib.request.urlopen('http://127.0.0.1:9/', timeout=1)
        except OSError: pass
        else: raise ValueError('it came')
        """,
    ),
    doing(
        "listens",
        """
        import socket
        try: socket.create_server(('127.0.0.1', 0))
        except OSError: pass
        else: raise ValueError('it listens')
        """,
    ),
    doing(
        "looks up a name",
        """
        import socket
        try: socket.getaddrinfo('example.org', 80)
        except OSError: pass
        else: raise ValueError('it was found')
        """,
    ),
)

HOSTILE = (*TIME, *DEATH, *MEMORY, *OUTPUT, *PROCESSES, *DISK, *NETWORK)
