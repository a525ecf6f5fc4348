"""Money in whole cents; never a float. Splits keep the sum to the cent."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def percentage_of(cents: int, percent: Decimal) -> int:
    """Return `percent` per cent of `cents`, rounded half up (away from zero) to whole cents."""
    return int((Decimal(cents) * percent / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def at_most_percentage(cents: int, percent: Decimal) -> int:
    """Return `percent` per cent of `cents` rounded down to whole cents, so that a limit is never passed."""
    return int((Decimal(cents) * percent / 100).to_integral_value(rounding=ROUND_FLOOR))


def split(cents: int, weights: Sequence[int]) -> list[int]:
    """Split `cents` in proportion to `weights` by largest remainder; the parts always add up to `cents`.

    Raises ValueError when no weight is positive or one is negative.
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("weights must not be negative and must not all be zero")
    sign = -1 if cents < 0 else 1
    shares = [divmod(abs(cents) * weight, total) for weight in weights]
    parts = [whole for whole, _ in shares]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-shares[i][1], i))
    for i in by_remainder[: abs(cents) - sum(parts)]:
        parts[i] += 1
    return [sign * part for part in parts]


def euros(cents: int) -> Decimal:
    """Return the amount in euros with two decimals, for documents that write money out."""
    return (Decimal(cents) / 100).quantize(CENT)
