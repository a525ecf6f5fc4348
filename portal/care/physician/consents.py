"""The four consents of an employee: recording them, and withdrawing one."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from cases.cases_read import get_case
from cases.consent_texts import consent_text, current_version
from cases.consents import ConsentView, NewConsent, give_consent, list_consents, withdraw_consent
from cases.input import PastDay
from cases.tables import ConsentForm, ConsentScope
from core.clock import today
from core.errors import NotFound
from core.language import _
from core.routing import Section
from identity.actor import Actor
from identity.guard import Work
from portal import flash
from portal.attempts import attempt
from portal.care.physician.guards import Referrer
from portal.care.physician.words import consent_form_label, consent_label, consent_meaning
from portal.care.show import show
from portal.forms import Form, FormFields, blank, parse

router = Section(prefix="/dossiers/{case_id}/toestemming")
MOST_SHOWN = 100


@dataclass(frozen=True)
class ConsentRow:
    """One scope: what it is called, what it means, and how it stands; none when it was never given."""

    scope: ConsentScope
    label: str
    meaning: str
    latest: ConsentView | None
    given: str

    @property
    def in_force(self) -> bool:
        """Whether it holds now."""
        return self.latest is not None and self.latest.in_force

    @property
    def can_be_given_now(self) -> bool:
        """Whether a word of the employee is enough: for the employer he has to be told more first (R26)."""
        return not self.in_force and self.scope is not ConsentScope.EMPLOYER


class Consents(BaseModel):
    """What the employee agreed to in one talk: one or more scopes, given in one way on one day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scopes: list[ConsentScope] = Field(min_length=1)
    form: ConsentForm
    given_on: PastDay
    told_of_forwarding: bool = False


def consent_rows(session: Session, actor: Actor, case_id: UUID) -> tuple[ConsentRow, ...]:
    """Return the four scopes of a case, each with its latest consent."""
    latest: dict[ConsentScope, ConsentView] = {}
    for consent in list_consents(session, actor, case_id, page_size=MOST_SHOWN).items:
        if consent.scope not in latest or consent.in_force:
            latest[consent.scope] = consent
    return tuple(_row(scope, latest.get(scope)) for scope in ConsentScope)


def _row(scope: ConsentScope, latest: ConsentView | None) -> ConsentRow:
    given = consent_form_label(latest.form) if latest else ""
    return ConsentRow(scope, consent_label(scope), consent_meaning(scope), latest, given)


@router.get("")
def consent_page(request: Request, work: Referrer, case_id: UUID) -> Response:
    """Ask what the employee agreed to; `scope` in the address is ticked beforehand."""
    asked = [scope for scope in request.query_params.getlist("scope") if scope in set(ConsentScope)]
    return _page(request, work, case_id, blank(given_on=today(), scopes=asked))


@router.post("")
def give(request: Request, work: Referrer, case_id: UUID, data: FormFields) -> Response:
    """Record the consents."""
    tried = attempt(
        work.session, parse(Consents, data), lambda given: _give_all(work.session, work.actor, case_id, given)
    )
    if tried.done is None:
        return _page(request, work, case_id, tried.form, tried.status)
    return flash.redirect(request, f"/arts/dossiers/{case_id}#toestemming", _("De toestemming is vastgelegd."))


@router.get("/geschiedenis")
def history_page(request: Request, work: Referrer, case_id: UUID) -> Response:
    """Show every consent of a case as it was given, with its words, and when it was taken back."""
    return show(
        request,
        work,
        "care/consents/history.html",
        case=get_case(work.session, work.actor, case_id),
        consents=list_consents(work.session, work.actor, case_id, page_size=MOST_SHOWN).items,
        title_of=consent_label,
        back=f"/arts/dossiers/{case_id}#toestemming",
    )


@router.get("/{consent_id}/intrekken")
def withdraw_page(request: Request, work: Referrer, case_id: UUID, consent_id: UUID) -> Response:
    """Say what withdrawing a consent does, before it is done."""
    case = get_case(work.session, work.actor, case_id)
    row = next(
        (row for row in consent_rows(work.session, work.actor, case_id) if row.latest and row.latest.id == consent_id),
        None,
    )
    if row is None:
        raise NotFound(_("Deze toestemming is niet gevonden."))
    return show(request, work, "care/physician/consent_withdraw.html", case=case, row=row, form=blank())


@router.post("/{consent_id}/intrekken")
def withdraw(request: Request, work: Referrer, case_id: UUID, consent_id: UUID) -> Response:
    """Withdraw a consent."""
    withdraw_consent(work.session, work.actor, consent_id)
    return flash.redirect(request, f"/arts/dossiers/{case_id}#toestemming", _("De toestemming is ingetrokken."))


def _give_all(session: Session, actor: Actor, case_id: UUID, given: Consents) -> int:
    for scope in given.scopes:
        told = given.told_of_forwarding
        new = NewConsent(scope=scope, form=given.form, given_on=given.given_on, told_of_forwarding=told)
        give_consent(session, actor, case_id, new)
    return len(given.scopes)


def _page(request: Request, work: Work, case_id: UUID, form: Form[Consents], status: int = 200) -> Response:
    rows = consent_rows(work.session, work.actor, case_id)
    return show(
        request,
        work,
        "care/physician/consents.html",
        status=status,
        case=get_case(work.session, work.actor, case_id),
        options=[(row.scope.value, row.label, row.meaning) for row in rows if not row.in_force],
        texts=[(consent_label(scope), consent_text(scope)) for scope in ConsentScope],
        version=current_version(),
        form=form,
    )
