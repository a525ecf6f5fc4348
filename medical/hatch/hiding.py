"""Which numbers of persons may stand side by side without giving a small one away (R47, R62, R76); pure.

A number of fewer than k persons is small, nought included. Three things hold of what is shown:
- Each number, and whatever is left after taking some off their total, is about at least k persons.
- A small number could, for all that is shown, be anything from nought to k - 1: also for somebody who knows this very
  rule. The usual way, to hide the smallest other number beside a small one, does not keep that: whoever knows that it
  was the smallest knows between which bounds the small one lies.
- So other numbers are hidden from the last part on, an order that no amount decides, until enough is hidden to leave
  everything open. With j of them hidden that takes (j + 1) k persons: then any small value fits, with k persons in
  each of the j but the last.
"""

from collections.abc import Hashable, Sequence

Persons = Sequence[Hashable]
"""Who stands behind a number, as often as he was counted."""


def is_small(persons: Persons, k: int) -> bool:
    """Tell whether a number is of too few persons to be shown."""
    return len(set(persons)) < k


def shown_parts(parts: Sequence[Persons], k: int) -> tuple[bool, ...]:
    """Tell of each part of a total whether it may stand beside that total, which is itself shown."""
    hidden = [is_small(part, k) for part in parts]
    if not any(hidden) or _hide_each_other(parts, hidden, k):
        return tuple(not each for each in hidden)
    besides = 0
    for nth in reversed(range(len(parts))):
        if hidden[nth]:
            continue
        hidden[nth] = True
        besides += 1
        if _persons(parts, hidden) >= (besides + 1) * k:
            return tuple(not each for each in hidden)
    return (False,) * len(parts)


def _hide_each_other(parts: Sequence[Persons], hidden: Sequence[bool], k: int) -> bool:
    """Tell whether small parts alone leave open what each is: together not too few, and not nearly the most."""
    together = sum(len(part) for part, small in zip(parts, hidden, strict=True) if small)
    return _persons(parts, hidden) >= k and together <= (sum(hidden) - 1) * (k - 1)


def _persons(parts: Sequence[Persons], hidden: Sequence[bool]) -> int:
    return len({person for part, out in zip(parts, hidden, strict=True) if out for person in part})
