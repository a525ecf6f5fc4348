"""Known holes in the packages of the lock files, as far as a database of advisories can be reached from here."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LONGEST = 300  # seconds
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Looked:
    """What came of looking: how many packages were compared with advisories, the holes, and why nothing was proven."""

    where: str
    compared: int
    holes: tuple[str, ...]
    unproven: str = ""


def python_packages() -> Looked:
    """Compare the Python packages of the lock file, by hash, with the advisories of PyPI."""
    lock = str(ROOT / "requirements.lock")
    asked = ("-m", "pip_audit", "--requirement", lock, "--require-hashes", "--disable-pip", "--progress-spinner", "off")
    said = _run(sys.executable, *asked, "--format", "json")
    found = _read(said.stdout).get("dependencies", [])
    known = [each for each in found if "skip_reason" not in each]
    holes = tuple(f"{each['name']} {each['version']}: {hole['id']}" for each in known for hole in each["vulns"])
    reason = "" if known else f"no advisories could be had: {_reason(found, said.stderr)}"
    return Looked("Python", len(known), holes, reason)


def node_packages() -> Looked:
    """Compare the packages of npm with the advisories of its registry."""
    said = _run("npm", "audit", "--json")
    found = _read(said.stdout)
    if "vulnerabilities" not in found:
        return Looked("npm", 0, (), f"no advisories could be had: {_reason([], said.stderr)}")
    holes = tuple(f"{name}: {each['severity']}" for name, each in found["vulnerabilities"].items())
    return Looked("npm", int(found["metadata"]["dependencies"]["total"]), holes)


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603 -- our own tools with our own arguments
            command, capture_output=True, text=True, timeout=LONGEST, check=False, cwd=ROOT
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        return subprocess.CompletedProcess(command, 1, "", f"{type(fault).__name__}: {command[0]}")


def _read(text: str) -> dict[str, Any]:
    try:
        return dict(json.loads(text))
    except ValueError:
        return {}


def _reason(skipped: list[dict[str, Any]], said: str) -> str:
    if skipped:
        return f"{len(skipped)} packages, of the first: {skipped[0]['skip_reason']}"
    lines = [line for line in said.splitlines() if "audit" in line or "rror" in line]
    return (lines or ["the tool said nothing"])[0][:200]
