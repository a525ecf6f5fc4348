"""The hatch for an insurer's portfolio: how many employees an intervention was begun for, small numbers hidden (R62).

The counters are those of SIVI 00703 as far as a number can hide somebody: open types by name, the confidential ones as
one number beside no total. An insurer knows the requests to him one by one and could take them off any number; so those
behind them do not count towards the k that a number needs. A report is about a whole year and all his employers at
once, and made once: two editions, or parts of one, would tell of somebody by their difference.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, select

from billing.insurer_report_tables import PortfolioCount, PortfolioReport
from core.clock import today
from core.locks import take_turn
from identity.actor import Actor
from identity.audit import record
from identity.policy import require_system
from identity.roles import OrganisationKind
from identity.tables import Organisation
from medical.hatch.hiding import is_small, shown_parts
from medical.hatch.reports import YEARS_BACK
from medical.hatch.values import ReleasedPortfolioCount
from network.settings import arbodienst_settings
from network.taxonomy import Disclosure, interventions

BEGUN = text(
    "SELECT DISTINCT extract(year FROM r.started_on)::int AS year, r.employee_id, r.disclosure, r.intervention,"
    " EXISTS (SELECT FROM medical.cofinancing_link l"
    " JOIN billing.cofinancing_request q ON q.matter_id = l.request_id"
    " WHERE l.employee_id = r.employee_id AND q.insurer_id = :insurer AND q.submitted_at IS NOT NULL) AS known"
    " FROM medical.referral r JOIN billing.insurance_policy p ON p.employer_id = r.employer_id"
    " WHERE r.tenant_id = :tenant AND p.insurer_id = :insurer"
    " AND r.started_on >= make_date(:first, 1, 1) AND r.started_on < make_date(:this_year, 1, 1)"
    " AND r.started_on BETWEEN p.valid_from AND least(p.valid_until, p.ended_on)"
    " AND CASE r.disclosure WHEN 'OPEN' THEN p.interventions = '{}' OR r.intervention = ANY (p.interventions)"
    " ELSE p.confidential END"
)


@dataclass(frozen=True)
class Insured:
    """An intervention that was begun for an employee whose employer had a policy of the insurer that day."""

    year: int
    employee_id: UUID
    disclosure: Disclosure
    intervention: str
    known: bool = False  # whether the insurer was ever asked to share in a cost of this employee


def release_insurer_reports(session: Session, actor: Actor) -> int:
    """Publish for every insurer the report of each year that is over and has none; returns how many were made.

    Runs every night as a job, and again changes nothing.
    """
    require_system(actor)
    take_turn(session, "portfolio_reports", actor.tenant_id)
    k = arbodienst_settings(session, actor).suppression_k
    insurers = select(Organisation.id).where(
        Organisation.tenant_id == actor.tenant_id, Organisation.kind == OrganisationKind.INSURER
    )
    made = 0
    for insurer_id in session.exec(insurers).all():
        published = set(session.exec(select(PortfolioReport.year).where(PortfolioReport.insurer_id == insurer_id)))
        begun = _begun(session, actor, insurer_id)
        for year in sorted({each.year for each in begun} - published):
            counts = portfolio([each for each in begun if each.year == year], k)
            _publish(session, actor, insurer_id, year, k, counts)
            made += 1
    record(session, actor, "medical:portfolio:released")
    return made


def portfolio(begun: Iterable[Insured], k: int) -> tuple[ReleasedPortfolioCount, ...]:
    """Return every number that may be shown of a year, and no other; pure."""
    every = list(begun)
    opened = [each for each in every if each.disclosure is Disclosure.OPEN]
    confidential = [each for each in every if each.disclosure is Disclosure.CONF]
    known = {each.employee_id for each in every if each.known}
    found: list[ReleasedPortfolioCount] = []
    if not is_small(_unknown(opened, known), k):
        found.append(_count(Disclosure.OPEN, None, opened))
        codes = [code for code, kind in interventions().items() if kind.disclosure is Disclosure.OPEN]
        parts = [[each for each in opened if each.intervention == code] for code in codes]
        shown = shown_parts([_unknown(part, known) for part in parts], k)
        found += [
            _count(Disclosure.OPEN, code, part)
            for code, part, is_shown in zip(codes, parts, shown, strict=True)
            if is_shown
        ]
    if not is_small(_unknown(confidential, known), k):
        found.append(_count(Disclosure.CONF, None, confidential))
    return tuple(found)


def _counted(begun: Sequence[Insured]) -> set[tuple[UUID, str]]:
    """Return what counts: an employee once for each open type, and once for whatever is confidential."""
    return {(each.employee_id, each.intervention if each.disclosure is Disclosure.OPEN else "") for each in begun}


def _unknown(begun: Sequence[Insured], known: set[UUID]) -> list[UUID]:
    return [employee_id for employee_id, _kind in _counted(begun) if employee_id not in known]


def _count(disclosure: Disclosure, intervention: str | None, begun: Sequence[Insured]) -> ReleasedPortfolioCount:
    return ReleasedPortfolioCount(disclosure=disclosure, intervention=intervention, persons=len(_counted(begun)))


def _begun(session: Session, actor: Actor, insurer_id: UUID) -> list[Insured]:
    asked = {"tenant": actor.tenant_id, "insurer": insurer_id}
    years = {"first": today().year - YEARS_BACK, "this_year": today().year}
    rows = session.execute(BEGUN, asked | years)
    return [Insured(**{**row._asdict(), "disclosure": Disclosure(row.disclosure)}) for row in rows]


def _publish(
    session: Session, actor: Actor, insurer_id: UUID, year: int, k: int, counts: Iterable[ReleasedPortfolioCount]
) -> None:
    made = PortfolioReport(tenant_id=actor.tenant_id, insurer_id=insurer_id, year=year, k=k, published_on=today())
    session.add(made)
    session.flush()
    fixed: dict[str, Any] = {"tenant_id": actor.tenant_id, "insurer_id": insurer_id, "report_id": made.id}
    session.add_all(PortfolioCount(**fixed, **count.model_dump()) for count in counts)
    session.flush()
    record(session, actor, "medical:portfolio:published", made.id)
