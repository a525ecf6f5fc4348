"""What was told of an employee to whom, over JSON: for himself, his physician and the delegate (R27)."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict

from api.paged import Paged, PageQuery
from cases.tables import ConsentForm, ConsentScope
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from medical.cases.disclosures import list_disclosures
from medical.disclosed_tables import Disclosed, DisclosedTo

router = Section(prefix="/cases", tags=["consents"])


class ConsentOfOut(BaseModel):
    """The consent under which it was told."""

    model_config = ConfigDict(from_attributes=True)

    scope: ConsentScope
    form: ConsentForm
    text_version: str
    withdrawn_at: datetime | None


class DisclosureOut(BaseModel):
    """Something that was told; without a consent where none is needed."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    what: Disclosed
    recipient: DisclosedTo
    recipient_name: str
    referral_id: UUID
    referral_number: str
    intervention_label: str
    consent: ConsentOfOut | None


class DisclosuresOut(Paged[DisclosureOut]):
    """A page of what was told, the latest first."""


@router.get("/{case_id}/disclosures")
def disclosures(
    work: Annotated[Work, care(Permission.SEE_MEDICAL_CASE, Permission.SEE_OWN_FILE)],
    case_id: UUID,
    query: Annotated[PageQuery, Query()],
) -> DisclosuresOut:
    """Return what was told in a case to whom, when and under which consent."""
    found = list_disclosures(work.session, work.actor, case_id, query.page, query.page_size)
    results = [DisclosureOut.model_validate(each) for each in found.items]
    return DisclosuresOut(total=found.total, page=found.page, page_size=found.page_size, results=results)
