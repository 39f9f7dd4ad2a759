"""Two hosts on one machine: network namespaces joined by a bridge, a socket server in each."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from checks.guard import SUITE

NETWORK, PORT = "10.213.7", 8888
UP_SECONDS = 30.0


@dataclass(frozen=True)
class Host:
    """A namespace whose server runs what xdist sends; folder: where its copy of the suite lies."""

    name: str
    address: str
    folder: Path

    @property
    def gateway(self) -> str:
        """The host as xdist's --tx names it."""
        return f"--tx=socket={self.address}:{PORT}//chdir={self.folder}"

    def kill(self) -> None:
        """End every process of the host at once, as a power cut does."""
        listed = subprocess.run(
            ["ip", "netns", "pids", self.name], capture_output=True, text=True, check=False
        )
        for pid in listed.stdout.split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)


def impossible() -> str:
    """Why this machine cannot have such hosts, or nothing."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("ip") is None:
        return "network namespaces need Linux, root and iproute2"
    tried = subprocess.run(
        ["unshare", "--net", "true"], capture_output=True, text=True, check=False
    )
    return "" if tried.returncode == 0 else f"no network namespace: {tried.stderr.strip()}"


@contextlib.contextmanager
def two_hosts(folder: Path) -> Iterator[tuple[Host, Host]]:
    """Both hosts, ready; everything is taken down in the end."""
    tag = f"gp{os.getpid()}"
    hosts = tuple(Host(f"{tag}n{n}", f"{NETWORK}.{n}", folder / f"host{n}") for n in (1, 2))
    servers: list[subprocess.Popen[bytes]] = []
    try:
        _ip(f"link add {tag}b type bridge")
        _ip(f"addr add {NETWORK}.254/24 dev {tag}b")
        _ip(f"link set {tag}b up")
        for number, host in enumerate(hosts, 1):
            _ip(f"netns add {host.name}")
            _ip(f"link add {tag}v{number} type veth peer name eth0 netns {host.name}")
            _ip(f"link set {tag}v{number} master {tag}b up")
            _ip(f"-n {host.name} addr add {host.address}/24 dev eth0")
            _ip(f"-n {host.name} link set eth0 up")
            _ip(f"-n {host.name} link set lo up")
            servers.append(_server(host))
        yield hosts[0], hosts[1]
    finally:
        for host in hosts:
            host.kill()
        for server in servers:
            server.wait()
        for host in hosts:
            subprocess.run(["ip", "netns", "del", host.name], capture_output=True, check=False)
        subprocess.run(["ip", "link", "del", f"{tag}b"], capture_output=True, check=False)


def _ip(arguments: str) -> None:
    subprocess.run(["ip", *arguments.split()], check=True, capture_output=True)


def _inside(host: Host) -> tuple[str, ...]:
    return ("ip", "netns", "exec", host.name, sys.executable)


def _server(host: Host) -> subprocess.Popen[bytes]:
    """The host's socket server, once it listens."""
    copy = host.folder / SUITE.name
    copy.mkdir(parents=True)
    log = host.folder / "server.log"
    address = f"{host.address}:{PORT}"
    with log.open("wb") as told:
        server = subprocess.Popen(
            [*_inside(host), "-u", "-m", "execnet.script.socketserver", address],
            cwd=host.folder,
            env={**os.environ, "PYTHONPATH": str(copy)},
            stdout=told,
            stderr=told,
        )
    deadline = time.monotonic() + UP_SECONDS
    while b"Entering Accept loop" not in log.read_bytes():
        if server.poll() is not None or time.monotonic() > deadline:
            server.kill()
            server.wait()
            raise RuntimeError(f"{host.name} is not up: {log.read_text()}")
        time.sleep(0.05)
    return server
