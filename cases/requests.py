"""A case manager asks for an open, non-medical specialist; somebody with authority decides on the medical side (R5)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, func, select

from cases.cases_read import get_case, hold_case
from cases.tables import InterventionRequest, RequestState
from core.errors import Conflict, Forbidden, NotFound
from core.language import _
from core.outbox import put
from core.paging import Page, offset
from core.validation import Prose
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from network.offering_view import OfferingView
from network.offerings_read import describe_offerings, referable_offering
from network.taxonomy import Disclosure, ReferralClass


class NewRequest(BaseModel):
    """What a case manager asks for; the goal is about work, never about health."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    case_id: UUID
    offering_id: UUID
    goal: Annotated[Prose, Field(max_length=500)]


@dataclass(frozen=True)
class RequestView:
    """A request, and where it stands."""

    id: UUID
    case_id: UUID
    employer_id: UUID
    offering_id: UUID
    intervention: str
    goal: str
    requested_by: UUID
    requested_at: datetime
    state: RequestState
    decided_at: datetime | None


@dataclass(frozen=True)
class Asked:
    """The request as it stands; `known` when the same one was waiting already."""

    request: RequestView
    known: bool


@dataclass(frozen=True)
class RequestFilter:
    """What to look for."""

    case_id: UUID | None = None
    state: RequestState | None = None


def request_intervention(session: Session, actor: Actor, new: NewRequest) -> Asked:
    """Ask the medical side for an intervention; the same one again, while it waits, gives the one that there is.

    Raises Forbidden for what is confidential or medical (R4, R5), taken over intervention and provider; NotFound for
    an unknown case or offering; Conflict when the case is closed or nothing can be referred to the offering now.
    """
    require(actor, Permission.REQUEST_INTERVENTION)
    case = get_case(session, actor, new.case_id)
    offering = _open_offering(session, actor, new.offering_id)
    row = hold_case(session, case.id)
    if row.closed_at is not None:
        raise Conflict(_("Dit dossier is gesloten door herstel."), code="case_closed", possible=("open",))
    waiting = _waiting(session, new)
    if waiting is not None:
        return Asked(_view(waiting), known=True)
    request = InterventionRequest(
        tenant_id=actor.tenant_id,
        case_id=case.id,
        employer_id=case.employer_id,
        offering_id=offering.id,
        intervention=offering.intervention,
        goal=new.goal,
        requested_by=actor.account,
    )
    session.add(request)
    put(session, "medical.request_intervention", request_id=request.id, tenant_id=actor.tenant_id)
    record(session, actor, "cases:request:sent", request.id, data_subject_id=case.employee_id)
    session.flush()
    return Asked(_view(request), known=False)


def get_request(session: Session, actor: Actor, request_id: UUID) -> RequestView:
    """Return a request for one of the actor's cases; raises NotFound for any other."""
    require(actor, Permission.REQUEST_INTERVENTION)
    row = session.exec(select(InterventionRequest).where(InterventionRequest.id == request_id)).first()
    if row is None:
        raise NotFound(_("Deze aanvraag is niet gevonden."))
    return _view(row)


def list_requests(
    session: Session, actor: Actor, wanted: RequestFilter | None = None, page: int = 1, page_size: int = 50
) -> Page[RequestView]:
    """Return the requests for the actor's cases, the newest first."""
    require(actor, Permission.REQUEST_INTERVENTION)
    found = select(InterventionRequest).where(InterventionRequest.tenant_id == actor.tenant_id)
    if wanted and wanted.case_id:
        found = found.where(InterventionRequest.case_id == wanted.case_id)
    if wanted and wanted.state:
        found = found.where(InterventionRequest.state == wanted.state)
    total = session.exec(select(func.count()).select_from(found.subquery())).one()
    rows = session.exec(
        found.order_by(col(InterventionRequest.created_at).desc(), col(InterventionRequest.id))
        .limit(page_size)
        .offset(offset(page, page_size))
    )
    return Page(tuple(_view(row) for row in rows), total, page, page_size)


def _open_offering(session: Session, actor: Actor, offering_id: UUID) -> OfferingView:
    known = describe_offerings(session, [offering_id]).get(offering_id)
    if known is not None and known.is_visible:
        # What the catalogue shows to a referrer is no secret; that it cannot be asked for here deserves a reason.
        if known.referral_class is not ReferralClass.NON_MEDICAL:
            raise Forbidden(_("Dit aanbod is medisch: alleen een bedrijfsarts verwijst daarnaar."))
        if known.disclosure is not Disclosure.OPEN:
            raise Forbidden(_("Dit aanbod is vertrouwelijk: alleen de medische kant kan ernaar verwijzen."))
    return referable_offering(session, actor, offering_id)


def _waiting(session: Session, new: NewRequest) -> InterventionRequest | None:
    return session.exec(
        select(InterventionRequest).where(
            InterventionRequest.case_id == new.case_id,
            InterventionRequest.offering_id == new.offering_id,
            InterventionRequest.state == RequestState.PENDING,
        )
    ).first()


def _view(row: InterventionRequest) -> RequestView:
    return RequestView(
        id=row.id,
        case_id=row.case_id,
        employer_id=row.employer_id,
        offering_id=row.offering_id,
        intervention=row.intervention,
        goal=row.goal,
        requested_by=row.requested_by,
        requested_at=row.created_at,
        state=row.state,
        decided_at=row.decided_at,
    )
