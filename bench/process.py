"""The app as a process of its own, started and asked over loopback as anybody would."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.settings import ROOT

LONGEST_START = 120  # seconds
LONGEST_STOP = 30
LOG = ROOT / ".data" / "bench.log"
"""Where what is measured writes its log, a line for each request, as it would elsewhere."""


@dataclass(frozen=True)
class Running:
    """A running app: its port, its process, and how long it took until its first page."""

    port: int
    pid: int
    started_in: float

    def connect(self) -> http.client.HTTPConnection:
        """Return a connection that stays open for many requests."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def resident_mb(self) -> float:
        """Return the resident memory of the app's own process in MB; PostgreSQL is another process."""
        lines = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))

    def cpu_seconds(self) -> float:
        """Return the time of a processor that the app's own process has used, which others on the machine do not."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(command: str, **settings: str) -> Iterator[Running]:
    """Run `main.py command` with `settings` in its environment until the block ends."""
    port = free_port()
    began = time.perf_counter()
    # Some programs ask here as fast as they can in the name of a few people, whom the limits would soon stop.
    usual = {"PROVIDERBOOG_PORT": str(port), "PROVIDERBOOG_LIMIT_FACTOR": "0"}
    with started("main.py", command, **(usual | settings)) as process:
        wait_until_served(port, process)
        yield Running(port, process.pid, time.perf_counter() - began)


@contextmanager
def started(*arguments: str, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run Python with `arguments` and `settings` in its environment until the block ends."""
    environment = [f"{name}={value}" for name, value in settings.items()]
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 -- our own program with our own arguments
            ["/usr/bin/env", *environment, sys.executable, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=log
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(LONGEST_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def wait_until_served(port: int, process: subprocess.Popen[bytes], page: str = "/account/sign-in") -> None:
    """Wait for a page; raises RuntimeError when the process ends before, or takes too long."""
    end = time.monotonic() + LONGEST_START
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the app ended with {process.returncode} before it served a page")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", page)
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.02)
        finally:
            connection.close()
    raise RuntimeError("the app did not serve a page in time")
