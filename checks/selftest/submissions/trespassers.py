"""Submissions that leave their place: processes, disk, network."""

from __future__ import annotations

from checks.selftest.submissions.record import HASTE, Handed, doing, failing

PROCESSES: tuple[Handed, ...] = (
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

TRESPASSERS = (*PROCESSES, *DISK, *NETWORK)
