"""What was told of an employee to whom, when and under which consent: written down as it happens (R27)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sql
from sqlmodel import Session, col, func, or_, select

from billing.tables import CofinancingRequest
from cases.cases_read import get_case
from cases.tables import Consent, ConsentForm, ConsentScope
from core.clock import now
from core.errors import NotFound
from core.language import _
from core.paging import Page, offset
from core.rows import among, append, append_all
from identity import audit
from identity.actor import Actor
from identity.policy import Permission, allows, require, require_system
from identity.tables import Organisation
from medical.disclosed_tables import Disclosed, DisclosedTo, DisclosureMade
from medical.referrals.moves import parties
from medical.tables import CofinancingLink, Referral
from network.taxonomy import Disclosure, interventions

FACTS = ("id", "tenant_id", "employer_id", "employee_id", "case_id", "provider_id", "disclosure")
"""What a line about a referral is made of."""


@dataclass(frozen=True)
class ConsentOf:
    """The consent under which something was told, as it was given."""

    scope: ConsentScope
    form: ConsentForm
    text_version: str
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class DisclosureView:
    """What was told to whom; without a consent where none is needed: an open intervention, or a functional report."""

    at: datetime
    what: Disclosed
    recipient: DisclosedTo
    recipient_name: str
    referral_id: UUID
    referral_number: str
    intervention_label: str
    consent: ConsentOf | None


def write_disclosure(
    session: Session,
    referral: Referral,
    actor: Actor,
    what: Disclosed,
    recipient: DisclosedTo,
    *,
    consent_id: UUID | None = None,
    organisation_id: UUID | None = None,
    at: datetime | None = None,
) -> None:
    """Write down that somebody is told something, within the act by which that becomes so, which is recorded itself.

    `organisation_id` is needed for an insurer only; the others follow from the referral.
    """
    made = _made(referral, actor, what, recipient, consent_id, organisation_id)
    append(session, DisclosureMade, **made, created_at=at or now())


def write_lines(session: Session, referral_ids: Iterable[UUID], actor: Actor) -> None:
    """Write down that referrals get an amount of their own on the employer's next invoice (R25, R46); two queries."""
    columns: list[Any] = [getattr(Referral, name) for name in FACTS]
    referrals = session.execute(sql.select(*columns).where(among(Referral.id, referral_ids))).all()
    under = consents_in_force(session, {each.case_id for each in referrals}, ConsentScope.EMPLOYER)
    append_all(
        session,
        DisclosureMade,
        (
            _made(
                each,
                actor,
                Disclosed.OWN_LINE,
                DisclosedTo.EMPLOYER,
                under.get(each.case_id) if each.disclosure is Disclosure.CONF else None,
            )
            for each in referrals
        ),
    )


def _made(
    referral: Any,
    actor: Actor,
    what: Disclosed,
    recipient: DisclosedTo,
    consent_id: UUID | None,
    organisation_id: UUID | None = None,
) -> dict[str, object]:
    at_home = {
        DisclosedTo.PROVIDER: referral.provider_id,
        DisclosedTo.PHYSICIAN: referral.tenant_id,
        DisclosedTo.EMPLOYER: referral.employer_id,
        DisclosedTo.CASE_MANAGER: referral.employer_id,
    }
    return {
        **parties(referral),
        "what": what,
        "recipient": recipient,
        "organisation_id": organisation_id or at_home[recipient],
        "consent_id": consent_id,
        "account_id": actor.account_id,
        "role": actor.role,
    }


def write_submission(session: Session, actor: Actor, request_id: UUID) -> None:
    """Write down that a request went to an insurer; the job's, for the open side on which that is done cannot know.

    Raises NotFound for a request that no referral stands behind.
    """
    require_system(actor)
    found = session.exec(
        select(Referral, CofinancingRequest)
        .join(CofinancingLink, col(CofinancingLink.referral_id) == Referral.id)
        .join(CofinancingRequest, col(CofinancingRequest.matter_id) == CofinancingLink.request_id)
        .where(CofinancingRequest.id == request_id)
    ).one_or_none()
    if found is None:
        raise NotFound(_("Dit verzoek is niet gevonden."))
    referral, request = found
    if request.submitted_at is None or _is_written(session, referral.id, request):
        return
    audit.record(session, actor, "medical:disclosure:made", request.id, data_subject_id=referral.employee_id)
    write_disclosure(
        session,
        referral,
        actor,
        Disclosed.REQUEST_SUBMITTED,
        DisclosedTo.INSURER,
        consent_id=consent_at(session, referral.case_id, ConsentScope.INSURER, request.submitted_at),
        organisation_id=request.insurer_id,
        at=request.submitted_at,
    )


def consents_in_force(session: Session, case_ids: Iterable[UUID], scope: ConsentScope) -> Mapping[UUID, UUID]:
    """Return for each case the consent of a scope that holds now."""
    found = select(Consent.case_id, Consent.id).where(
        among(Consent.case_id, case_ids), Consent.scope == scope, col(Consent.withdrawn_at).is_(None)
    )
    return dict(session.exec(found).all())


def consent_at(session: Session, case_id: UUID, scope: ConsentScope, moment: datetime) -> UUID | None:
    """Return the consent of a scope that held at a moment."""
    return session.exec(
        select(Consent.id).where(
            Consent.case_id == case_id,
            Consent.scope == scope,
            Consent.created_at <= moment,
            or_(col(Consent.withdrawn_at).is_(None), col(Consent.withdrawn_at) > moment),
        )
    ).first()


def list_disclosures(
    session: Session, actor: Actor, case_id: UUID, page: int = 1, page_size: int = 100
) -> Page[DisclosureView]:
    """Return what was told in a case, the latest first: to the employee himself, to physician and delegate (R27)."""
    if not allows(actor.role, Permission.SEE_MEDICAL_CASE):
        require(actor, Permission.SEE_OWN_FILE)
    case = get_case(session, actor, case_id)
    audit.record(session, actor, "medical:disclosure:listed", case.id, data_subject_id=case.employee_id)
    found = select(DisclosureMade).where(DisclosureMade.case_id == case.id)
    total = session.exec(select(func.count()).select_from(found.subquery())).one()
    rows = session.exec(
        select(DisclosureMade, Referral, Organisation.name, Consent)
        .join(Referral, col(Referral.id) == DisclosureMade.referral_id)
        .join(Organisation, col(Organisation.id) == DisclosureMade.organisation_id)
        .outerjoin(Consent, col(Consent.id) == DisclosureMade.consent_id)
        .where(DisclosureMade.case_id == case.id)
        .order_by(col(DisclosureMade.created_at).desc(), col(DisclosureMade.id))
        .limit(page_size)
        .offset(offset(page, page_size))
    ).all()
    return Page(tuple(_view(*row) for row in rows), total, page, page_size)


def _is_written(session: Session, referral_id: UUID, request: CofinancingRequest) -> bool:
    """Tell whether this request was written down; there can be several about one referral, each sent at its moment."""
    same = select(DisclosureMade.id).where(
        DisclosureMade.referral_id == referral_id,
        DisclosureMade.what == Disclosed.REQUEST_SUBMITTED,
        DisclosureMade.organisation_id == request.insurer_id,
        DisclosureMade.created_at == request.submitted_at,
    )
    return session.exec(same).first() is not None


def _view(row: DisclosureMade, referral: Referral, name: str, consent: Consent | None) -> DisclosureView:
    under = None
    if consent is not None:
        under = ConsentOf(consent.scope, consent.form, consent.text_version, consent.withdrawn_at)
    return DisclosureView(
        at=row.created_at,
        what=row.what,
        recipient=row.recipient,
        recipient_name=name,
        referral_id=referral.id,
        referral_number=referral.number,
        intervention_label=interventions()[referral.intervention].name,
        consent=under,
    )
