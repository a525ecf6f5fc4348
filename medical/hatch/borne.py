"""What cannot be charged without telling of somebody and can wait no longer: the arbodienst bears it (R46, R52)."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from billing.books.ledger import BookingKind, book
from billing.books.ledger_accounts import borne_by_arbodienst
from billing.charging.charge_terms import invoice_due_by
from cases.tables import ConsentScope
from core.clock import today
from core.errors import Conflict, NotFound
from core.language import _
from core.locks import take_turn
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from medical.hatch.waiting import context_of, waits
from medical.tables import Release, ReleaseEnd
from network.taxonomy import Disclosure


def bear_release(session: Session, actor: Actor, release_id: UUID) -> int:
    """Let the arbodienst bear a hidden amount whose invoice is due and that nothing hides; returns the cents.

    What the provider gave back of it meanwhile is taken off. Raises NotFound for what does not wait, and Conflict for
    what can still be charged: it is not due, or it is open, or the employee consented.
    """
    require(actor, Permission.BEAR_COST)
    take_turn(session, "charging", actor.tenant_id)
    release = session.exec(select(Release).where(Release.id == release_id, waits())).first()
    if release is None or release.corrects_id is not None:
        raise NotFound(_("Dit bedrag wacht niet."))
    if release.disclosure is not Disclosure.CONF or _employer_may_know(session, release):
        raise Conflict(_("Dit bedrag komt bij het doorbelasten op een eigen regel."), code="can_be_charged")
    if today() < invoice_due_by(release.supplied_on):
        raise Conflict(_("Dit bedrag kan nog wachten tot de factuur uit moet zijn."), code="not_due")
    backs = _given_back(session, release)
    cents = release.net_cents + sum(each.net_cents for each in backs)
    for each in (release, *backs):
        each.ended = ReleaseEnd.BORNE
        session.add(each)
    session.flush()
    book(session, actor, BookingKind.OWN_COST, release.id, borne_by_arbodienst(cents))
    record(session, actor, "medical:release:borne", release.id, data_subject_id=release.employee_id)
    return cents


def _employer_may_know(session: Session, release: Release) -> bool:
    consents = context_of(session, [release.case_id], [release.referral_id]).consents
    return (release.case_id, ConsentScope.EMPLOYER) in consents


def _given_back(session: Session, release: Release) -> Sequence[Release]:
    return session.exec(select(Release).where(col(Release.corrects_id) == release.id, waits())).all()
