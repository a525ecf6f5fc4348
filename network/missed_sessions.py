"""What a provider may ask for a session that was missed, by the contract of the day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from network.tables import Contract


@dataclass(frozen=True)
class MissedTerms:
    """What a contract says of missed sessions, from its first through its last day.

    Percentages are of the price of a unit; `most` is how many units of both kinds one referral can come to.
    """

    starts_on: date
    ends_on: date | None
    no_show_percent: int
    cancelled_late_percent: int
    most: int


NOTHING = MissedTerms(date.min, None, 0, 0, 0)


def missed_terms(session: Session, provider_id: UUID) -> tuple[MissedTerms, ...]:
    """Return the terms of every contract with a provider, the latest first."""
    found = session.exec(
        select(Contract).where(Contract.provider_id == provider_id).order_by(col(Contract.starts_on).desc())
    )
    return tuple(
        MissedTerms(
            contract.starts_on,
            contract.ends_on,
            contract.no_show_percent,
            contract.cancelled_late_percent,
            contract.most_missed,
        )
        for contract in found
    )


def terms_on(terms: Iterable[MissedTerms], day: date) -> MissedTerms:
    """Return the terms that hold on a day; without a contract nothing may be asked."""
    return next((each for each in terms if each.starts_on <= day <= (each.ends_on or date.max)), NOTHING)
