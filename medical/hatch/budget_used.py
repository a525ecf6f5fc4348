"""What counts against an employer's budget (R56): all of it, and what of it he can know of.

The wall wins over the budget. Whatever may reach the employer is weighed against what he can know: what was charged to
him, as it stands on his invoices, and what is under way that is open or that the employee lets him know of. So a
request never tells him that there is something else: not how much of the line for services is confidential, nor how
much of a sum was begun in another year. What is confidential without consent (b) is weighed against everything, and
told to nobody outside.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from billing.tables import Charge, ChargeKind
from cases.tables import Consent, ConsentScope
from core.clock import today
from medical.hatch.intake import onward_price_cents
from medical.hatch.write import TELLS_OF_ONE
from medical.tables import Referral, ReferralState, Release, ReleaseShare
from network.taxonomy import Disclosure

CAME_TO_NOTHING = (ReferralState.DECLINED, ReferralState.WITHDRAWN, ReferralState.EXPIRED)


@dataclass(frozen=True)
class Used:
    """What of a case and of a year counts already; cents without VAT."""

    case_cents: int
    year_cents: int


class Cost(NamedTuple):
    """What one referral comes to: charged to the employer, and still to come."""

    case_id: UUID
    may_know: bool
    charged_cents: int
    told_cents: int  # of that, what he was charged in lines of its own
    to_come_cents: int


def budget_used(session: Session, employer_id: UUID, case_id: UUID, onward_vat_rate: int, *, all_of_it: bool) -> Used:
    """Return what counts against a budget this year: `all_of_it`, or what the employer can know of."""
    costs = _costs(session, employer_id, onward_vat_rate)
    if all_of_it:
        of_case = sum(each.charged_cents + each.to_come_cents for each in costs if each.case_id == case_id)
        return Used(of_case, sum(each.charged_cents + each.to_come_cents for each in costs))
    known = [each for each in costs if each.may_know]
    of_case = sum(each.told_cents + each.to_come_cents for each in known if each.case_id == case_id)
    return Used(of_case, _on_invoices(session, employer_id) + sum(each.to_come_cents for each in known))


def _on_invoices(session: Session, employer_id: UUID) -> int:
    """Return what the employer was charged this year. How much of the line for services is hidden he does not know."""
    found = select(func.coalesce(func.sum(col(Charge.net_cents) - col(Charge.insurer_cents)), 0)).where(
        Charge.employer_id == employer_id, Charge.month >= _new_year(), Charge.kind != ChargeKind.SERVICE
    )
    return int(session.exec(found).one())


def _new_year() -> date:
    return date(today().year, 1, 1)


def _costs(session: Session, employer_id: UUID, onward_vat_rate: int) -> list[Cost]:
    """Return what every referral of this year costs; what was charged less what insurers paid of it."""
    referrals = session.exec(
        select(Referral).where(Referral.employer_id == employer_id, col(Referral.issued_on) >= _new_year())
    ).all()
    ids = [each.id for each in referrals]
    own_lines = col(Release.charge_id).in_(select(Charge.id).where(col(Charge.kind).in_(TELLS_OF_ONE)))
    charged = _sums(session, ids, col(Release.charge_id).is_not(None))
    billed = _sums(session, ids, col(Release.charge_id).is_not(None) & col(Release.corrects_id).is_(None))
    waiting = _sums(session, ids, col(Release.charge_id).is_(None))
    paid = _paid_by_insurers(session, ids, col(Release.charge_id).is_not(None))
    told, told_paid = _sums(session, ids, own_lines), _paid_by_insurers(session, ids, own_lines)
    known = _may_know(session, {each.case_id for each in referrals})
    found = []
    for each in referrals:
        gone, ready = charged.get(each.id, 0), waiting.get(each.id, 0)
        over = each.state in CAME_TO_NOTHING or (each.access_until is not None and each.access_until < today())
        price = onward_price_cents(onward_vat_rate, each.units, each.unit_price_cents, each.vat_rate)
        # What was given back is not still to come; and while it waits, nobody knows the insurers' part of it.
        to_come = max(0 if over else price - billed.get(each.id, 0), ready, 0)
        may_know = each.disclosure is Disclosure.OPEN or each.case_id in known
        own = told.get(each.id, 0) - told_paid.get(each.id, 0)
        found.append(Cost(each.case_id, may_know, gone - paid.get(each.id, 0), own, to_come))
    return found


def _sums(session: Session, referrals: list[UUID], which: ColumnElement[bool]) -> dict[UUID, int]:
    rows = session.exec(
        select(Release.referral_id, func.sum(Release.net_cents))
        .where(col(Release.referral_id).in_(referrals), which)
        .group_by(col(Release.referral_id))
    )
    return {referral_id: int(cents) for referral_id, cents in rows}


def _paid_by_insurers(session: Session, referrals: list[UUID], which: ColumnElement[bool]) -> dict[UUID, int]:
    rows = session.exec(
        select(Release.referral_id, func.sum(ReleaseShare.cents))
        .join(ReleaseShare, col(ReleaseShare.release_id) == Release.id)
        .where(col(Release.referral_id).in_(referrals), which)
        .group_by(col(Release.referral_id))
    )
    return {referral_id: int(cents) for referral_id, cents in rows}


def _may_know(session: Session, cases: set[UUID]) -> set[UUID]:
    """Return the cases of which the employee lets the employer know that there is an intervention."""
    found = select(Consent.case_id).where(
        col(Consent.case_id).in_(cases), Consent.scope == ConsentScope.EMPLOYER, col(Consent.withdrawn_at).is_(None)
    )
    return set(session.exec(found).all())
