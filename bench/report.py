"""What was measured, as a table for people and JSON for machines."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One thing measured: its value, its unit, and the goal that it is held against."""

    name: str
    value: float
    unit: str
    goal: float
    at_most: bool = True

    @property
    def reached(self) -> bool:
        """Whether the goal is met."""
        return self.value <= self.goal if self.at_most else self.value >= self.goal


def table(figures: list[Figure]) -> str:
    """Return the figures as lines of text."""
    rows = [
        f"{f.name:<58} {f.value:>10.2f} {f.unit:<6} {'<=' if f.at_most else '>='} {f.goal:<7g} "
        f"{'ok' if f.reached else 'MISSED'}"
        for f in figures
    ]
    return "\n".join(rows)


def write(figures: list[Figure], file: Path) -> None:
    """Write the figures as JSON."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([{**asdict(f), "reached": f.reached} for f in figures], indent=2), encoding="utf-8")
