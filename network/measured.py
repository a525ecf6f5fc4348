"""What a measurement of few cases says with confidence: the careful end of what it may be."""

import math
from dataclasses import dataclass

WAIT_WINDOW_DAYS = 183
"""Over how long waits are measured: the referrals of half a year (R32)."""

OUTCOME_WINDOW_DAYS = 730
ANSWER_WINDOW_DAYS = 365
EXPERIENCE_WINDOW_DAYS = 730

# A normal distribution has 80% of its values below mean + 0.84 spread. The median of n values is uncertain by
# 1.25 spread / sqrt(n), and in 9 of 10 samples lies no more than 1.28 times that above what was found.
SPREAD_OF_P80 = 0.8416
UNCERTAINTY_OF_MEDIAN = 1.2533
NINE_IN_TEN = 1.2816

NINETY_FIVE = 1.9600  # how many spreads to each side hold 95% of a normal distribution

# As much weight as this many completed referrals has the expectation that half of them reach what was agreed.
EXPECTED_PERCENT = 50
EXPECTATION_WEIGHT = 12


def likely_wait(median_days: int, p80_days: int, n: int) -> int:
    """Return the days that the median wait does not exceed, with 90% confidence, given what `n` people waited."""
    spread = (p80_days - median_days) / SPREAD_OF_P80
    return math.ceil(median_days + NINE_IN_TEN * UNCERTAINTY_OF_MEDIAN * spread / math.sqrt(n))


def likely_outcome(reached_percent: int, n: int) -> int:
    """Return the percentage that reaches what was agreed, drawn towards a half the more the fewer were measured."""
    return round((reached_percent * n + EXPECTED_PERCENT * EXPECTATION_WEIGHT) / (n + EXPECTATION_WEIGHT))


@dataclass(frozen=True)
class Interval:
    """Between which percentages something lies, with 95% confidence."""

    low: int
    high: int


def interval(percent: int, n: int) -> Interval:
    """Return Wilson's interval (R34) for a percentage that was found among `n`: never below 0 or above 100, nor empty.

    Where one in part counts for half the true interval is narrower than this, as nothing spreads wider than yes and no.
    """
    share, doubt = percent / 100, NINETY_FIVE**2 / n
    middle = (share + doubt / 2) / (1 + doubt)
    reach = NINETY_FIVE / (1 + doubt) * math.sqrt(share * (1 - share) / n + doubt / (4 * n))
    return Interval(math.floor(100 * max(0, middle - reach)), math.ceil(100 * min(1, middle + reach)))
