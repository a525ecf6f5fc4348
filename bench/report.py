"""What was measured, as a table for people and JSON for machines."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One thing measured: its value, its unit, and the goal that it is held against, if any."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    at_most: bool = True

    @property
    def reached(self) -> bool:
        """Whether the goal is met; what has none is."""
        if self.goal is None:
            return True
        return self.value <= self.goal if self.at_most else self.value >= self.goal


def table(figures: list[Figure]) -> str:
    """Return the figures as lines of text."""
    return "\n".join(f"{f.name:<76} {f.value:>10.2f} {f.unit:<4} {_goal(f)}".rstrip() for f in figures)


def _goal(figure: Figure) -> str:
    if figure.goal is None:
        return ""
    return f"{'<=' if figure.at_most else '>='} {figure.goal:<8.6g} {'ok' if figure.reached else 'MISSED'}"


def write(figures: list[Figure], file: Path) -> None:
    """Write the figures as JSON."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([{**asdict(f), "reached": f.reached} for f in figures], indent=2), encoding="utf-8")
