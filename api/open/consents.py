"""Consent of the employee over JSON: recorded by physician, delegate or the employee himself (R23-R26)."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.paged import Paged, PageQuery
from cases.consents import ConsentView, NewConsent, give_consent, list_consents, withdraw_consent
from cases.tables import ConsentForm, ConsentScope
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from identity.roles import Role

router = Section(tags=["consents"])
Recorder = Annotated[Work, open_side(Permission.GIVE_CONSENT)]


class ConsentIn(NewConsent):
    """A consent as the employee gave it."""

    told_of_forwarding: bool = Field(
        default=True,
        description="The text of scope `employer` says that the employer may pass the advice on to an insurer (R26). "
        "Send false when the employee was not told so; the consent is then refused.",
    )


class ConsentOut(BaseModel):
    """A consent as it was given, and when it was withdrawn."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    case_id: UUID
    scope: ConsentScope
    form: ConsentForm
    given_on: date
    text_version: str
    text: str
    told_of_forwarding: bool
    recorded_role: Role
    recorded_by_name: str
    recorded_at: datetime
    withdrawn_at: datetime | None
    withdrawn_role: Role | None
    in_force: bool


class ConsentsOut(Paged[ConsentOut]):
    """A page of the consents of a case, the newest first."""


@router.post(
    "/cases/{case_id}/consents",
    status_code=201,
    responses={200: {"description": "A consent of this scope is in force already."}},
)
def given(work: Recorder, case_id: UUID, body: ConsentIn, response: Response) -> ConsentOut:
    """Record a consent; while one of the same scope is in force, that one is the answer."""
    recorded = give_consent(work.session, work.actor, case_id, body)
    if recorded.known:
        response.status_code = 200
    return _out(recorded.consent)


@router.get("/cases/{case_id}/consents")
def consents(
    work: Annotated[Work, open_side(Permission.GIVE_CONSENT, Permission.SEE_CASES)],
    case_id: UUID,
    query: Annotated[PageQuery, Query()],
) -> ConsentsOut:
    """Return the consents of a case; to a case manager those that concern employer and insurer."""
    found = list_consents(work.session, work.actor, case_id, query.page, query.page_size)
    return ConsentsOut(
        total=found.total, page=found.page, page_size=found.page_size, results=[_out(view) for view in found.items]
    )


@router.delete("/consents/{consent_id}", status_code=204)
def withdrawn(work: Recorder, consent_id: UUID) -> None:
    """Withdraw a consent: from now on nothing is disclosed under it."""
    withdraw_consent(work.session, work.actor, consent_id)


def _out(view: ConsentView) -> ConsentOut:
    return ConsentOut.model_validate(view)
