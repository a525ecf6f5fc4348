"""The referral letter: what was asked of the provider, about whom and by whom, as it was sent (R9, R20, R27)."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlmodel import Session, col

from core.errors import Conflict, NotFound
from core.language import _
from identity import audit
from identity.actor import Actor
from identity.policy import Permission, require
from identity.tables import Organisation
from medical.referrals.letter_pdf import write_letter
from medical.referrals.letter_values import Letter, Sender
from medical.referrals.read import physician_number
from medical.referrals.rows import line_of, names_of, select_lines
from medical.tables import Referral, ReferralContent
from network.tables import OrganisationProfile
from network.taxonomy import interventions


@dataclass(frozen=True)
class LetterFile:
    """A letter as a file to keep."""

    name: str
    content: bytes


def open_letter(session: Session, actor: Actor, referral_id: UUID) -> LetterFile:
    """Return the letter of a referral as PDF/A, the same bytes for everybody who may read it.

    These are the physician, the delegate of the employer, the employee himself, and the provider as long as he may
    read what is asked. Raises NotFound for anybody else, Conflict for a draft, which has no letter yet.
    """
    letter = read_letter(session, actor, referral_id)
    return LetterFile(letter.file_name, write_letter(letter))


def read_letter(session: Session, actor: Actor, referral_id: UUID) -> Letter:
    """Return the letter of a referral, for whoever may read it; raises as `open_letter` does."""
    require(actor, Permission.SEE_REFERRALS)
    row = session.execute(select_lines(actor).where(col(Referral.id) == referral_id)).one_or_none()
    content = session.scalars(select(ReferralContent).where(col(ReferralContent.referral_id) == referral_id)).first()
    if row is None or content is None:
        raise NotFound(_("Deze brief is er niet."))
    referral: Referral = row.Referral
    if referral.issued_on is None:
        raise Conflict(_("De brief is er pas als de verwijzing is verstuurd."), code="not_issued")
    audit.record(
        session,
        actor,
        "medical:letter:opened",
        referral.id,
        data_subject_id=referral.employee_id,
        responsible_account_id=referral.physician_account_id,
    )
    return _letter(row, content, _sender(session, referral), referral.issued_on, actor)


def _letter(row: Row[Any], content: ReferralContent, sender: Sender, issued_on: date, actor: Actor) -> Letter:
    referral, line = row.Referral, line_of(row, actor)
    return Letter(
        number=referral.number,
        issued_on=issued_on,
        sender=sender,
        provider_name=line.provider_name,
        offering_title=line.offering_title,
        intervention=interventions()[referral.intervention].label,
        employee_name=line.employee_name,
        employee_reference=line.employee_reference,
        employer_name=line.employer_name,
        postcode=content.postcode,
        sickness_week=referral.sickness_week,
        goal=content.goal,
        question=content.question,
        expected_result=content.expected_result,
        abilities=content.abilities,
        units=referral.units,
        price_unit=referral.price_unit,
        unit_price_cents=referral.unit_price_cents,
    )


def _sender(session: Session, referral: Referral) -> Sender:
    physician = referral.physician_account_id
    name = session.scalar(select(col(Organisation.name)).where(col(Organisation.id) == referral.tenant_id))
    profile = session.get(OrganisationProfile, referral.tenant_id)
    address = (profile.street, f"{profile.postcode}  {profile.city}".strip()) if profile else ()
    return Sender(
        name=name or "",
        address=tuple(part for part in address if part),
        physician_name=names_of(session, {physician}).get(physician, "") if physician else "",
        physician_number=physician_number(session, referral),
        under_mandate=referral.mandate_id is not None,
    )
