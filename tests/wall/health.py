"""Everything about somebody that whoever pays may not tell from anything else, and pairs that differ in all of it."""

from dataclasses import dataclass

from hypothesis import strategies as st

from medical.invoice_tables import ServiceOutcome
from medical.referrals.reasons import DeclineReason
from network.taxonomy import causes

TOTAL_CENTS = 600_00
PRICES = {"PSY": 100_00, "FYS": 50_00, "REV": 600_00, "TRM": 120_00, "LEE": 300_00, "COA": 75_00, "BMW": 60_00}
"""Confidential interventions and what one unit costs; as many units as it takes cost the same in all."""

HOUSES = ("Praktijk Zilverberk", "Praktijk Goudoever")
"""Providers that offer all of these at the same prices."""

AGO = 30
"""So many days ago everybody had fallen ill, and the first referrals may have been made."""


@dataclass(frozen=True)
class Held:
    """A session: so many days after the referral, and what became of it."""

    day: int
    outcome: ServiceOutcome = ServiceOutcome.DELIVERED


@dataclass(frozen=True)
class Health:
    """What the medical side knows of one employee.

    `began` is so many days ago that he was referred: what happens to whom first follows from it.
    """

    cause: str
    medical: bool
    intervention: str
    words: str
    days: int = 20  # that the physician hopes to save; an insurer and an employer who is asked may know it
    house: int = 0  # which of the providers took it
    declined: tuple[DeclineReason, ...] = ()  # by the other one, before that
    began: int = 0
    held: tuple[Held, ...] = ()
    emergency: bool = False  # whether somebody broke the glass

    @property
    def units(self) -> int:
        """How many units cost the total."""
        return TOTAL_CENTS // PRICES[self.intervention]


HEALTH = st.builds(
    Health,
    cause=st.sampled_from(sorted(causes())),
    medical=st.booleans(),
    intervention=st.sampled_from(sorted(PRICES)),
    words=st.text(alphabet=st.characters(categories=("L", "N")), min_size=1, max_size=60),
    days=st.integers(1, 90),
    house=st.sampled_from(range(len(HOUSES))),
    declined=st.lists(st.sampled_from(DeclineReason), max_size=2).map(tuple),
    began=st.integers(0, AGO - 1),
    held=st.lists(
        st.builds(Held, st.integers(0, AGO - 1), st.sampled_from(ServiceOutcome)),
        max_size=4,
        unique_by=lambda held: held.day,
    ).map(tuple),
    emergency=st.booleans(),
)
PERSONS = 6
WORLD = st.tuples(*(HEALTH for _each in range(PERSONS)))

SAME = tuple(Health("M01", True, "PSY", "woord", declined=(DeclineReason.OTHER,)) for _each in range(PERSONS))
ONE = tuple(
    Health("M01", True, code, "woord", 3, 0, (DeclineReason.OTHER,), AGO - 2 - nth, (Held(0), Held(1)))
    for nth, code in enumerate(("PSY", "FYS", "REV", "TRM", "LEE", "COA"))
)
OTHER = tuple(
    Health(
        "P02",
        False,
        code,
        "anders gezegd",
        60,
        1,
        (DeclineReason.CONTRAINDICATION, DeclineReason.NO_CAPACITY) if nth % 2 else (),
        4 * nth,
        (Held(nth), Held(2 * nth + 1, ServiceOutcome.NO_SHOW), Held(3 * nth + 2))[: nth % 4],
        emergency=nth % 2 == 0,
    )
    for nth, code in enumerate(("COA", "BMW", "LEE", "REV", "FYS", "PSY"))
)
"""Two worlds that differ in each of these, and in the order in which things happened."""
