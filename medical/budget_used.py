"""What counts against an employer's budget (R56): all of it, and what of it he can know of.

The wall wins over the budget. Whatever may reach the employer is weighed against what he can know: what was charged to
him, and what is under way that is open or that the employee lets him know of. So a request never tells him that there
is something else. What is confidential without consent (b) is weighed against everything, and told to nobody outside.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, func, select

from cases.tables import Consent, ConsentScope
from core.clock import today
from medical.release_intake import onward_price_cents
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
    to_come_cents: int


def budget_used(session: Session, employer_id: UUID, case_id: UUID, onward_vat_rate: int, *, all_of_it: bool) -> Used:
    """Return what counts against a budget this year: `all_of_it`, or what the employer can know of."""
    costs = _costs(session, employer_id, onward_vat_rate)
    year = sum(each.charged_cents + (each.to_come_cents if all_of_it or each.may_know else 0) for each in costs)
    of_case = [each for each in costs if each.case_id == case_id and (all_of_it or each.may_know)]
    return Used(sum(each.charged_cents + each.to_come_cents for each in of_case), year)


def _costs(session: Session, employer_id: UUID, onward_vat_rate: int) -> list[Cost]:
    """Return what every referral of this year costs; what was charged less what insurers paid of it."""
    since = date(today().year, 1, 1)
    referrals = session.exec(
        select(Referral).where(Referral.employer_id == employer_id, col(Referral.issued_on) >= since)
    ).all()
    charged = _sums(session, [each.id for each in referrals], charged=True)
    waiting = _sums(session, [each.id for each in referrals], charged=False)
    paid = _paid_by_insurers(session, [each.id for each in referrals])
    told = _may_know(session, {each.case_id for each in referrals})
    found = []
    for each in referrals:
        gone, ready = charged.get(each.id, 0), waiting.get(each.id, 0)
        over = each.state in CAME_TO_NOTHING or (each.access_until is not None and each.access_until < today())
        to_come = (
            ready
            if over
            else max(onward_price_cents(onward_vat_rate, each.units, each.unit_price_cents, each.vat_rate) - gone, 0)
        )
        may_know = each.disclosure is Disclosure.OPEN or each.case_id in told
        found.append(Cost(each.case_id, may_know, gone - paid.get(each.id, 0), to_come))
    return found


def _sums(session: Session, referrals: list[UUID], *, charged: bool) -> dict[UUID, int]:
    column = col(Release.charge_id)
    rows = session.exec(
        select(Release.referral_id, func.sum(Release.net_cents))
        .where(col(Release.referral_id).in_(referrals), column.is_not(None) if charged else column.is_(None))
        .group_by(col(Release.referral_id))
    )
    return {referral_id: int(cents) for referral_id, cents in rows}


def _paid_by_insurers(session: Session, referrals: list[UUID]) -> dict[UUID, int]:
    rows = session.exec(
        select(Release.referral_id, func.sum(ReleaseShare.cents))
        .join(ReleaseShare, col(ReleaseShare.release_id) == Release.id)
        .where(col(Release.referral_id).in_(referrals))
        .group_by(col(Release.referral_id))
    )
    return {referral_id: int(cents) for referral_id, cents in rows}


def _may_know(session: Session, cases: set[UUID]) -> set[UUID]:
    """Return the cases of which the employee lets the employer know that there is an intervention."""
    found = select(Consent.case_id).where(
        col(Consent.case_id).in_(cases), Consent.scope == ConsentScope.EMPLOYER, col(Consent.withdrawn_at).is_(None)
    )
    return set(session.exec(found).all())
