"""The hatch for the yearly report: how many employees an intervention was begun for, small numbers hidden (R76).

What leaves is fixed: the report of a year is made once, when that year is over, and never again. So there are no two
publications whose difference tells of somebody, and only what is shown ever crosses the wall.

An employer knows every open intervention from his invoices (R45), so an open number can hide no confidential one: of
the confidential ones there is one number, beside no total, and only over at least k employees of whom he does not know
it by their own consent (b).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel import Session

from cases.tables import InterventionCount, InterventionReport
from core.clock import today
from core.locks import take_turn
from identity.actor import Actor
from identity.audit import record
from identity.policy import require_system
from medical.hatch.hiding import is_small, shown_parts
from medical.hatch.values import ReleasedCount
from network.settings import arbodienst_settings
from network.taxonomy import Disclosure, interventions

YEARS_BACK = 5

BEGUN = text(
    "SELECT DISTINCT extract(year FROM started_on)::int AS year, employer_id, employee_id, disclosure, intervention,"
    " least(sickness_year, 2) AS sickness_year,"
    " EXISTS (SELECT FROM cases.consent c WHERE c.case_id = referral.case_id AND c.scope = 'employer') AS told"
    " FROM medical.referral WHERE tenant_id = :tenant AND started_on >= make_date(:first, 1, 1)"
    " AND started_on < make_date(:this_year, 1, 1)"
)
PUBLISHED = text("SELECT DISTINCT year FROM cases.intervention_report WHERE tenant_id = :tenant")
EMPLOYERS = text("SELECT id FROM identity.organisation WHERE tenant_id = :tenant AND kind = 'employer'")


@dataclass(frozen=True)
class Begun:
    """An intervention that was begun for an employee."""

    year: int
    employer_id: UUID
    employee_id: UUID
    disclosure: Disclosure
    intervention: str
    sickness_year: int
    told: bool = False  # whether he ever consented that his employer knows of one (b)

    @property
    def counts_as(self) -> tuple[UUID, str, int]:
        """What counts once, however often it happened; of a confidential one the type counts for nothing."""
        kind = self.intervention if self.disclosure is Disclosure.OPEN else ""
        return self.employee_id, kind, self.sickness_year


@dataclass(frozen=True)
class Number:
    """How many employees: of one type or of all, in one year of sickness or in both."""

    intervention: str | None
    sickness_year: int | None
    begun: tuple[Begun, ...]

    @property
    def persons(self) -> int:
        """What is shown: an employee counts once for each type and each year of sickness."""
        return len({each.counts_as for each in self.begun})

    @property
    def unknown(self) -> list[UUID]:
        """Those behind it of whom the reader does not know it already."""
        by_himself = {each.employee_id for each in self.begun if each.told and each.disclosure is Disclosure.CONF}
        return [counted[0] for counted in {each.counts_as for each in self.begun} if counted[0] not in by_himself]


def release_reports(session: Session, actor: Actor) -> int:
    """Publish the report of every year that is over and has none: of each employer, and of the arbodienst as a whole.

    Returns how many were made. Runs every night as a job.
    """
    require_system(actor)
    take_turn(session, "reports", actor.tenant_id)
    mine = {"tenant": actor.tenant_id}
    known = set(session.execute(PUBLISHED, mine).scalars())
    years = {"first": today().year - YEARS_BACK, "this_year": today().year}
    begun = [_begun(row) for row in session.execute(BEGUN, mine | years)]
    k = arbodienst_settings(session, actor).suppression_k
    made = 0
    for year in sorted({each.year for each in begun} - known):
        of_year = [each for each in begun if each.year == year]
        for employer_id in (None, *session.execute(EMPLOYERS, mine).scalars()):
            of_employer = [each for each in of_year if employer_id in (None, each.employer_id)]
            publish_report(session, actor, employer_id, year, k, report(of_employer, k))
            made += 1
    record(session, actor, "medical:reports:released")
    return made


def _begun(row: Row[Any]) -> Begun:
    return Begun(**{**row._asdict(), "disclosure": Disclosure(row.disclosure)})


def report(begun: Iterable[Begun], k: int) -> tuple[ReleasedCount, ...]:
    """Return every number that may be shown of one employer in one year, and no other; pure."""
    every = list(begun)
    opened = [each for each in every if each.disclosure is Disclosure.OPEN]
    confidential = [each for each in every if each.disclosure is Disclosure.CONF]
    return tuple(
        ReleasedCount(
            disclosure=disclosure,
            intervention=number.intervention,
            sickness_year=number.sickness_year,
            persons=number.persons,
        )
        for disclosure, numbers in (
            (Disclosure.OPEN, _open(opened, k)),
            (Disclosure.CONF, _confidential(confidential, k)),
        )
        for number in numbers
    )


def _open(begun: Sequence[Begun], k: int) -> list[Number]:
    """The total, the years of sickness where both can be shown, and the types in each of those, or in both together."""
    total = _number(begun, None, None)
    if is_small(total.unknown, k):
        return []
    codes = [code for code, kind in interventions().items() if kind.disclosure is Disclosure.OPEN]
    years = _shown([_number(begun, None, year) for year in (1, 2)], k)
    types = [_shown([_number(begun, code, year) for code in codes], k) for year in ((1, 2) if years else (None,))]
    return [total, *years, *chain(*types)]


def _confidential(begun: Sequence[Begun], k: int) -> list[Number]:
    """One number for all types, and its years of sickness where both can be shown."""
    total = _number(begun, None, None)
    if is_small(total.unknown, k):
        return []
    return [total, *_shown([_number(begun, None, year) for year in (1, 2)], k)]


def _number(begun: Iterable[Begun], intervention: str | None, year: int | None) -> Number:
    counted = [
        each for each in begun if intervention in (None, each.intervention) and year in (None, each.sickness_year)
    ]
    return Number(intervention, year, tuple(counted))


def _shown(parts: Sequence[Number], k: int) -> list[Number]:
    shown = shown_parts([part.unknown for part in parts], k)
    return [part for part, is_shown in zip(parts, shown, strict=True) if is_shown]


def publish_report(
    session: Session, actor: Actor, employer_id: UUID | None, year: int, k: int, counts: Iterable[ReleasedCount]
) -> None:
    """Write the report of an employer, or of the arbodienst, for a year; the database refuses a second one."""
    made = InterventionReport(tenant_id=actor.tenant_id, employer_id=employer_id, year=year, k=k, published_on=today())
    session.add(made)
    session.flush()
    fixed: dict[str, Any] = {"tenant_id": actor.tenant_id, "employer_id": employer_id, "report_id": made.id}
    session.add_all(InterventionCount(**fixed, **count.model_dump()) for count in counts)
    session.flush()
    record(session, actor, "medical:report:published", made.id)
