"""Consent of the employee in four scopes: given, withdrawn with effect at once, and asked for (R23-R26)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, func, select

from cases.cases_read import CaseView, get_case, hold_case
from cases.consent_texts import consent_text, current_version
from cases.input import PastDay
from cases.tables import Consent, ConsentForm, ConsentScope
from core.clock import now
from core.errors import FieldError, Invalid, NotFound
from core.language import _, language
from core.outbox import put
from core.paging import Page, offset
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, allows, require
from identity.roles import Role
from identity.tables import Account, Person


class NewConsent(BaseModel):
    """A consent as the employee gave it; told_of_forwarding: that the employer may pass the advice on (R26)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scope: ConsentScope
    form: ConsentForm
    given_on: PastDay
    told_of_forwarding: bool = False


@dataclass(frozen=True)
class ConsentView:
    """A consent as it was given, and when it was withdrawn."""

    id: UUID
    case_id: UUID
    scope: ConsentScope
    form: ConsentForm
    given_on: date
    text_version: str
    text: str  # the words themselves, as they were read
    told_of_forwarding: bool
    recorded_by: UUID
    recorded_role: Role
    recorded_by_name: str  # empty where the reader may not know it
    recorded_at: datetime
    withdrawn_at: datetime | None
    withdrawn_role: Role | None
    withdrawn_by_name: str

    @property
    def in_force(self) -> bool:
        """Whether it still holds."""
        return self.withdrawn_at is None


@dataclass(frozen=True)
class Given:
    """The consent that is in force now; `known` when it was there before."""

    consent: ConsentView
    known: bool


def give_consent(session: Session, actor: Actor, case_id: UUID, new: NewConsent) -> Given:
    """Record a consent; while one of the same scope is in force, that one is returned and nothing changes.

    Raises Invalid when the employee was not told that the employer may pass it on (R26), or when it was given before
    the absence began; NotFound for a case that is neither in the actor's care nor his own.
    """
    require(actor, Permission.GIVE_CONSENT)
    case = get_case(session, actor, case_id)
    _check(case, new)
    hold_case(session, case_id)
    existing = consent_in_force(session, case_id, new.scope)
    if existing is not None:
        return Given(_view_one(session, existing), known=True)
    consent = Consent(
        tenant_id=actor.tenant_id,
        case_id=case.id,
        employer_id=case.employer_id,
        employee_id=case.employee_id,
        scope=new.scope,
        form=new.form,
        given_on=new.given_on,
        text_version=current_version(),
        text_language=language(),
        told_of_forwarding=new.scope == ConsentScope.EMPLOYER,
        recorded_by=actor.account,
        recorded_role=actor.role,
    )
    session.add(consent)
    record(session, actor, "cases:consent:given", consent.id, data_subject_id=case.employee_id, reason=new.scope.value)
    session.flush()
    return Given(_view_one(session, consent), known=False)


def withdraw_consent(session: Session, actor: Actor, consent_id: UUID) -> ConsentView:
    """End a consent at once: nothing more is disclosed under it, and the medical side is told (R24).

    Withdrawing again changes nothing. Raises NotFound for a consent that is neither in the actor's care nor his own.
    """
    require(actor, Permission.GIVE_CONSENT)
    consent = session.exec(select(Consent).where(Consent.id == consent_id).with_for_update()).first()
    if consent is None:
        raise NotFound(_("Deze toestemming is niet gevonden."))
    if consent.withdrawn_at is not None:
        return _view_one(session, consent)
    consent.withdrawn_at = now()
    consent.withdrawn_by = actor.account
    consent.withdrawn_role = actor.role
    session.add(consent)
    put(session, "medical.consent_withdrawn", consent_id=consent.id, tenant_id=actor.tenant_id)
    record(
        session,
        actor,
        "cases:consent:withdrawn",
        consent.id,
        data_subject_id=consent.employee_id,
        reason=consent.scope.value,
    )
    session.flush()
    return _view_one(session, consent)


def list_consents(
    session: Session, actor: Actor, case_id: UUID, page: int = 1, page_size: int = 50
) -> Page[ConsentView]:
    """Return the consents of a case, also withdrawn ones, the newest first.

    A case manager gets only what concerns employer and insurer; whether there is a provider is not his to know (R18).
    """
    if not allows(actor.role, Permission.GIVE_CONSENT):
        require(actor, Permission.SEE_CASES)
    case = get_case(session, actor, case_id)
    found = select(Consent).where(Consent.case_id == case.id)
    if not allows(actor.role, Permission.GIVE_CONSENT):
        found = found.where(col(Consent.scope).in_([ConsentScope.EMPLOYER, ConsentScope.INSURER]))
    total = session.exec(select(func.count()).select_from(found.subquery())).one()
    rows = session.exec(
        found.order_by(col(Consent.created_at).desc(), col(Consent.id)).limit(page_size).offset(offset(page, page_size))
    ).all()
    names = _names(session, rows)
    return Page(tuple(_view(row, names) for row in rows), total, page, page_size)


def consent_in_force(session: Session, case_id: UUID, scope: ConsentScope) -> Consent | None:
    """Return the consent of a scope that holds now, as far as the actor of this transaction may see it (R23, R25)."""
    return session.exec(
        select(Consent).where(Consent.case_id == case_id, Consent.scope == scope, col(Consent.withdrawn_at).is_(None))
    ).first()


def _check(case: CaseView, new: NewConsent) -> None:
    faults = []
    if new.scope == ConsentScope.EMPLOYER and not new.told_of_forwarding:
        told = _("Vertel de werknemer eerst dat de werkgever dit mag doorgeven aan een verzekeraar.")
        faults.append(FieldError("told_of_forwarding", told))
    if new.given_on < case.first_sick_day:
        early = _("Deze dag ligt vóór de eerste ziektedag van dit dossier.")
        faults.append(FieldError("given_on", early))
    if faults:
        raise Invalid(_("Kijk de gemarkeerde velden na."), faults)


def _names(session: Session, rows: Iterable[Consent]) -> Mapping[UUID, str]:
    """Return the names of who recorded and who withdrew, as far as the reader may know them."""
    accounts = {account for row in rows for account in (row.recorded_by, row.withdrawn_by) if account is not None}
    found = (
        select(Account.id, Person.name)
        .join(Person, col(Person.id) == Account.person_id)
        .where(col(Account.id).in_(accounts))
    )
    return dict(session.exec(found).all())


def _view_one(session: Session, row: Consent) -> ConsentView:
    return _view(row, _names(session, [row]))


def _view(row: Consent, names: Mapping[UUID, str]) -> ConsentView:
    return ConsentView(
        id=row.id,
        case_id=row.case_id,
        scope=row.scope,
        form=row.form,
        given_on=row.given_on,
        text_version=row.text_version,
        text=consent_text(row.scope, row.text_version, row.text_language),
        told_of_forwarding=row.told_of_forwarding,
        recorded_by=row.recorded_by,
        recorded_role=row.recorded_role,
        recorded_by_name=names.get(row.recorded_by, ""),
        recorded_at=row.created_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_role=row.withdrawn_role,
        withdrawn_by_name=names.get(row.withdrawn_by, "") if row.withdrawn_by else "",
    )
