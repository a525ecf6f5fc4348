"""What an employer was asked above his budget: read by him and his case manager, answered by him, once (R56, R12)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import Select

from billing.budget_tables import BudgetRefusal, BudgetRequest, BudgetState
from billing.invoicing.documents import CONFIDENTIAL_TEXT
from cases.tables import AbsenceCase, Employee
from core.clock import AMSTERDAM, now, today
from core.errors import Conflict, FieldError, Invalid, NotFound
from core.language import _
from core.paging import Page, offset
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from network.taxonomy import interventions


@dataclass(frozen=True)
class BudgetRequestView:
    """A request; cents without VAT. There is one only for an open intervention, or with consent (b)."""

    id: UUID
    number: str
    case_id: UUID
    employee_reference: str
    intervention: str | None
    description: str
    price_cents: int
    expected_weeks: int
    state: BudgetState
    reason: BudgetRefusal | None
    asked_on: date
    answer_by: date
    answered_at: datetime | None

    @property
    def is_overdue(self) -> bool:
        """Tell whether an answer should have been there by now."""
        return self.state is BudgetState.ASKED and self.answer_by < today()


def list_budget_requests(
    session: Session,
    actor: Actor,
    *,
    state: BudgetState | None = None,
    case_id: UUID | None = None,
    page: int = 1,
    page_size: int = 25,
) -> Page[BudgetRequestView]:
    """Return the requests that the actor may see, what waits for an answer first, the oldest first."""
    require(actor, Permission.SEE_BUDGET_REQUESTS)
    found = _requests(actor)
    if state is not None:
        found = found.where(BudgetRequest.state == state)
    if case_id is not None:
        found = found.where(BudgetRequest.case_id == case_id)
    total = session.exec(select(func.count()).select_from(found.subquery())).one()
    rows = session.exec(
        found.order_by(
            col(BudgetRequest.state) != BudgetState.ASKED, col(BudgetRequest.created_at), col(BudgetRequest.id)
        )
        .limit(page_size)
        .offset(offset(page, page_size))
    ).all()
    return Page(tuple(budget_request_view(*row) for row in rows), total, page, page_size)


def get_budget_request(session: Session, actor: Actor, request_id: UUID) -> BudgetRequestView:
    """Return one request; raises NotFound for one that is not the actor's to see (R70)."""
    require(actor, Permission.SEE_BUDGET_REQUESTS)
    row = session.exec(_requests(actor).where(BudgetRequest.id == request_id)).first()
    if row is None:
        raise NotFound(_("Niet gevonden."))
    return budget_request_view(*row)


def answer_budget_request(
    session: Session, actor: Actor, request_id: UUID, *, agrees: bool, reason: BudgetRefusal | None = None
) -> BudgetRequestView:
    """Agree or not, once. A refusal is kept with its day as advice that was not followed (R12).

    Raises NotFound, Conflict for one that was answered, and Invalid for a refusal without a reason or a reason without
    a refusal.
    """
    require(actor, Permission.KEEP_BUDGET)
    get_budget_request(session, actor, request_id)
    if agrees != (reason is None):
        said = _("Bij akkoord hoort geen reden.") if agrees else _("Kies een reden.")
        raise Invalid(said, (FieldError("reason", said),))
    request = session.exec(
        select(BudgetRequest)
        .where(BudgetRequest.id == request_id, BudgetRequest.state == BudgetState.ASKED)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if request is None:
        raise Conflict(_("U hebt dit verzoek al beantwoord."), code="already_answered", possible=())
    request.state = BudgetState.AGREED if agrees else BudgetState.REFUSED
    request.reason = reason
    request.answered_by, request.answered_at = actor.account, now()
    session.add(request)
    session.flush()
    record(session, actor, "billing:budget:answered", request.id, reason=request.state.value)
    return get_budget_request(session, actor, request_id)


def budget_request_view(request: BudgetRequest, employee_reference: str) -> BudgetRequestView:
    """Return a request in the words that everybody reads."""
    return BudgetRequestView(
        id=request.id,
        number=request.number,
        case_id=request.case_id,
        employee_reference=employee_reference,
        intervention=request.intervention,
        description=interventions()[request.intervention].name if request.intervention else CONFIDENTIAL_TEXT,
        price_cents=request.price_cents,
        expected_weeks=request.expected_weeks,
        state=request.state,
        reason=request.reason,
        asked_on=request.created_at.astimezone(AMSTERDAM).date(),
        answer_by=request.answer_by,
        answered_at=request.answered_at,
    )


def _requests(actor: Actor) -> Select[BudgetRequest, str]:
    """Row-level security leaves what the actor may see."""
    return (
        select(BudgetRequest, Employee.reference)
        .join(AbsenceCase, col(AbsenceCase.id) == BudgetRequest.case_id)
        .join(Employee, col(Employee.id) == AbsenceCase.employee_id)
        .where(BudgetRequest.tenant_id == actor.tenant_id)
    )
