"""Building the index of a whole network, as a process of its own: how long, and how much memory at most."""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from bench.network import Network
from bench.report import Figure
from core.settings import ROOT

SECONDS = {100_000: 60.0, 1_000_000: 600.0}
MEMORY_MB = 600


def build_index(made: Network, folder: Path, offerings: int) -> list[Figure]:
    """Build the index below `folder`; raises RuntimeError when that fails."""
    environment = [f"{name}={value}" for name, value in made.environment(folder).items()]
    log = made.settings.data_dir / "reindex.log"
    began = time.perf_counter()
    with log.open("wb") as said:
        process = subprocess.Popen(  # noqa: S603 -- our own program with our own arguments
            ["/usr/bin/env", *environment, sys.executable, "main.py", "reindex"], cwd=ROOT, stdout=said, stderr=said
        )
        _pid, status, used = os.wait4(process.pid, 0)
    took = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"the index was not built: {log.read_text(encoding='utf-8')[-500:]}")
    return [
        Figure(f"{offerings:>9,} index built", took, "s", SECONDS.get(offerings)),
        Figure(f"{offerings:>9,} most memory of the process that builds it", _mb(used), "MB", MEMORY_MB),
    ]


def _mb(used: resource.struct_rusage) -> float:
    return used.ru_maxrss / 1024
