"""The source files of the house, for tests that read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = (
    "core",
    "identity",
    "network",
    "cases",
    "search",
    "billing",
    "medical",
    "api",
    "portal",
    "worker",
    "demo",
    "commands",
    "bench",
    "supply",
)
TOP = ("main.py", "application.py", "schema.py")
TEMPLATES = ROOT / "portal" / "templates"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def modules() -> dict[Path, ast.Module]:
    """Return every module of the product, parsed."""
    files = [file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py"))] + [ROOT / name for name in TOP]
    return {file: ast.parse(file.read_text(encoding="utf-8")) for file in files}


def functions() -> Iterator[tuple[Path, Function]]:
    """Yield every function of the product with its file."""
    for file, module in modules().items():
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield file, node


def lines_of(node: Function) -> int:
    """Return how many lines a function has, its signature and docstring included."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def percentile(values: list[int], percent: int) -> int:
    """Return the value that `percent` per cent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
