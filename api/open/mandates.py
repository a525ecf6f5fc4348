"""Mandates over JSON: signed and revoked by a physician, seen by whoever holds them (R2, R7)."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict

from api.paged import Paged, PageQuery
from cases.mandate_holders import list_holders
from cases.mandates import NewMandate, revoke_mandate, sign_mandate
from cases.mandates_read import MandateFilter, MandateView, list_mandates
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission

router = Section(prefix="/mandates", tags=["mandates"])
Signer = Annotated[Work, open_side(Permission.SIGN_MANDATE)]
FarReaching = Annotated[Work, open_side(Permission.SIGN_MANDATE, fresh=True)]


class MandateOut(BaseModel):
    """A mandate: who may refer, for which employer and interventions, under which physician; both days count."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    physician_name: str
    holder_name: str
    holder_email: str
    employer_id: UUID
    employer_name: str
    interventions: list[str]
    valid_from: date
    valid_until: date
    revoked_at: datetime | None
    in_force: bool


class MandatesOut(Paged[MandateOut]):
    """A page of mandates, the newest first."""


class MandatesQuery(PageQuery):
    """Which mandates."""

    employer_id: UUID | None = None
    in_force: bool | None = None


class HolderOut(BaseModel):
    """Somebody who can be mandated; a mandate counts no longer than his registration."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    email: str
    registered_until: date


class HoldersOut(Paged[HolderOut]):
    """A page of them, by name."""


class HoldersQuery(PageQuery):
    """For which employer."""

    employer_id: UUID


@router.post("", status_code=201, responses={200: {"description": "The same mandate was signed before."}})
def signed(work: FarReaching, body: NewMandate, response: Response) -> MandateOut:
    """Let a delegate refer under the caller's responsibility."""
    found = sign_mandate(work.session, work.actor, body)
    if found.known:
        response.status_code = 200
    return _out(found.mandate)


@router.get("")
def mandates(
    work: Annotated[Work, open_side(Permission.SEE_MANDATES)], query: Annotated[MandatesQuery, Query()]
) -> MandatesOut:
    """Return the mandates of the arbodienst to a physician, and to a delegate those that he holds."""
    wanted = MandateFilter(query.employer_id, query.in_force)
    found = list_mandates(work.session, work.actor, wanted, query.page, query.page_size)
    return MandatesOut(
        total=found.total, page=found.page, page_size=found.page_size, results=[_out(view) for view in found.items]
    )


@router.get("/holders")
def holders(work: Signer, query: Annotated[HoldersQuery, Query()]) -> HoldersOut:
    """Return who can be mandated for an employer: its delegates with a valid registration."""
    found = list_holders(work.session, work.actor, query.employer_id, query.page, query.page_size)
    results = [HolderOut.model_validate(holder) for holder in found.items]
    return HoldersOut(total=found.total, page=found.page, page_size=found.page_size, results=results)


@router.delete("/{mandate_id}", status_code=204)
def revoked(work: Signer, mandate_id: UUID) -> None:
    """Revoke a mandate at once; referrals that are running keep their basis."""
    revoke_mandate(work.session, work.actor, mandate_id)


def _out(view: MandateView) -> MandateOut:
    return MandateOut.model_validate(view)
