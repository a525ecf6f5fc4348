"""Lists of referrals: those that somebody may see, and those that wait for him, the oldest term first."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, any_, exists, func, not_, or_, select
from sqlmodel import Session, col

from cases.tables import Employee, Mandate
from core.clock import today
from core.paging import Page, offset
from identity import audit
from identity.actor import Actor
from identity.policy import Permission, allows, require
from identity.roles import Role
from medical.referrals.reasons import task_label
from medical.referrals.rows import Provider, line_of, part_of, select_lines
from medical.referrals.terms import WAITS, WITH_PROVIDER
from medical.referrals.views import ReferralLine, Task
from medical.tables import Assessment, Referral, ReferralEvent, ReferralState
from network.taxonomy import ReferralClass

FOR_REFERRER = frozenset(state for state, wait in WAITS.items() if wait.owner is Role.PHYSICIAN)


@dataclass(frozen=True)
class ReferralFilter:
    """What to look for; `q` is a part of the number, of the employee's reference or name, or of the provider's name."""

    state: ReferralState | None = None
    case_id: UUID | None = None
    q: str | None = None


def list_referrals(
    session: Session, actor: Actor, wanted: ReferralFilter | None = None, page: int = 1, page_size: int = 50
) -> Page[ReferralLine]:
    """Return a page of the referrals that the actor may see, the newest first; two queries.

    A provider gets what was sent to him, an employee his own, the secretary the headers (R20, R21, R27).
    """
    if not allows(actor.role, Permission.SEE_REFERRAL_HEADERS):
        require(actor, Permission.SEE_REFERRALS)
    found = _matching(wanted or ReferralFilter(), actor)
    order = (col(Referral.created_at).desc(), col(Referral.id))
    return _page(session, found, order, actor, "medical:referral:list", page, page_size)


def worklist(session: Session, actor: Actor, page: int = 1, page_size: int = 50) -> Page[Task]:
    """Return what waits for the actor, the oldest term first; two queries, however much there is.

    To a physician comes what nobody is responsible for yet, what he issued himself, and past its term also what waits
    for somebody else: a delegate, a provider of his, a colleague. To a delegate come drafts that he may issue today,
    his drafts that were sent back, and what he issued himself.
    """
    require(actor, Permission.ACT_ON_REFERRAL)
    found = waiting_for(actor)
    order = (col(Referral.due_on), col(Referral.state_since), col(Referral.id))
    tag = "medical:referral:worklist"
    return _page(session, found, order, actor, tag, page, page_size).map(lambda line: _task(line, actor))


def waiting_for(actor: Actor) -> Select[UUID]:
    """Return the query of the referrals on the worklist of an actor."""
    return select(col(Referral.id)).where(*part_of(actor), col(Referral.due_on).is_not(None), _waits_for(actor))


def _page(
    session: Session, found: Select[UUID], order: tuple[Any, ...], actor: Actor, tag: str, page: int, page_size: int
) -> Page[ReferralLine]:
    """Return a page of the referrals `found`, recorded as `tag`; names are looked up for those on the page only."""
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    shown = found.order_by(*order).limit(page_size).offset(offset(page, page_size))
    rows = session.execute(select_lines(actor).where(col(Referral.id).in_(shown)).order_by(*order)).all()
    audit.record_list(session, actor, tag, (row.Referral.employee_id for row in rows))
    return Page(tuple(line_of(row, actor) for row in rows), total, page, page_size)


def _matching(wanted: ReferralFilter, actor: Actor) -> Select[UUID]:
    found = select(col(Referral.id)).where(*part_of(actor))
    if wanted.state is not None:
        found = found.where(col(Referral.state) == wanted.state)
    if wanted.case_id is not None:
        found = found.where(col(Referral.case_id) == wanted.case_id)
    return _naming(found, wanted.q, actor) if wanted.q else found


def _naming(found: Select[UUID], q: str, actor: Actor) -> Select[UUID]:
    places = [col(Referral.number), col(Employee.reference), col(Provider.name)]
    if actor.role is not Role.SECRETARY:
        places.append(col(Employee.name))
    return (
        found.join(Provider, col(Provider.id) == col(Referral.provider_id))
        .outerjoin(Employee, col(Employee.id) == col(Referral.employee_id))
        .where(or_(*(place.icontains(q, autoescape=True) for place in places)))
    )


def _waits_for(actor: Actor) -> ColumnElement[bool]:
    state, asked = col(Referral.state), col(Referral.asked_on).is_not(None)
    for_provider = and_(state.in_(WITH_PROVIDER), not_(asked))
    if actor.role is Role.PROVIDER:
        return for_provider
    late = col(Referral.due_on) < today()
    for_referrer = or_(state.in_(FOR_REFERRER), asked)
    issued = col(Referral.issued_by) == actor.account
    if actor.role is Role.PHYSICIAN:
        # What a delegate has to do is his until its term has passed; then it climbs to the physician.
        mine = col(Referral.physician_account_id) == actor.account
        unsigned = state == ReferralState.DRAFT
        returned = and_(state == ReferralState.RETURNED, late)
        return or_(and_(for_referrer, or_(issued, unsigned, late)), and_(for_provider, mine, late), returned)
    sent_back = and_(state == ReferralState.RETURNED, col(Referral.drafted_by) == actor.account)
    answered = or_(and_(for_referrer, state != ReferralState.DRAFT), and_(for_provider, late))
    return or_(and_(issued, answered), sent_back, and_(state == ReferralState.DRAFT, _may_issue(actor)))


def _may_issue(actor: Actor) -> ColumnElement[bool]:
    """Return whether a delegate has what it takes to issue a draft today: mandate, class and judgement (R2, R3, R6)."""
    mandate = (
        select(col(Mandate.id))
        .where(
            col(Mandate.holder_account_id) == actor.account,
            col(Mandate.employer_id) == col(Referral.employer_id),
            col(Referral.intervention) == any_(col(Mandate.interventions)),
            col(Mandate.revoked_at).is_(None),
            col(Mandate.valid_from) <= today(),
            col(Mandate.valid_until) >= today(),
        )
        .exists()
    )
    judged_medical = (
        select(col(Assessment.medical))
        .where(col(Assessment.case_id) == col(Referral.case_id))
        .order_by(col(Assessment.created_at).desc())
        .limit(1)
        .correlate(Referral)
        .scalar_subquery()
    )
    returned = exists().where(
        col(ReferralEvent.referral_id) == Referral.id, col(ReferralEvent.to_state) == ReferralState.RETURNED
    )
    is_open_to_him = col(Referral.referral_class) == ReferralClass.NON_MEDICAL
    return and_(is_open_to_him, mandate, judged_medical.is_(False), not_(returned))


def _task(line: ReferralLine, actor: Actor) -> Task:
    waits_for = Role.DELEGATE if line.delegated and line.owner is Role.PHYSICIAN else line.owner
    return Task(
        line,
        task_label(line.state, asked=line.asked_on is not None),
        waits_for if waits_for is not actor.role else None,
    )
