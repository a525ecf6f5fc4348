"""Offerings over JSON: finding them, and for provider and network manager bringing them out."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.open.offering_out import (
    IntakeIn,
    OfferingChangeIn,
    OfferingIn,
    OfferingOut,
    OfferingShortOut,
    WaitIn,
    full,
    short_values,
)
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from network.offering_values import CauseCodes
from network.offerings_decide import approve_offering, reject_offering
from network.offerings_publish import change_offering, publish_offering, withdraw_offering
from network.offerings_read import get_offering
from network.tables import OfferingState, RejectionReason
from network.waits import confirm_wait, open_intake, state_wait
from search.engines import engine_of
from search.offerings_find import FoundOffering, find_offerings
from search.query import SearchFilters, Sort

router = Section(prefix="/offerings", tags=["offerings"])
Finder = Annotated[Work, open_side(Permission.SEARCH_OFFERINGS)]
Publisher = Annotated[Work, open_side(Permission.PUBLISH_OFFERING)]
Decider = Annotated[Work, open_side(Permission.DECIDE_OFFERING)]


class OfferingsQuery(SearchFilters):
    """What is looked for; nothing of it is kept. `state` is for a provider and the network manager."""

    state: OfferingState | None = None

    @property
    def filters(self) -> SearchFilters:
        """The filters without what is not the engine's business."""
        return SearchFilters(**self.model_dump(exclude_unset=True, exclude={"state"}))


class FoundOut(OfferingShortOut):
    """A result: how far from the postcode (kilometres), and in sentences why it stands here (R33).

    `favourite` tells that it is one of the caller's own; it weighs in the order "fit" of his own results only.
    """

    distance_km: float | None
    favourite: bool
    reasons: list[str]


class OfferingsOut(BaseModel):
    """A page of results in the order `sort`, which cannot be bought (R33); facets count what another choice would give.

    `degraded` says that the search index was not there, so that words were looked for as they were written.
    """

    total: int
    page: int
    page_size: int
    sort: Sort
    facets: Mapping[str, Mapping[str, int]]
    results: list[FoundOut]
    ignored_words: list[str]
    degraded: bool


class Seen(BaseModel):
    """Which version of an offering was looked at; another one that came since is not decided on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int | None = Field(default=None, ge=1)


class ApprovalIn(Seen):
    """Approval, for the causes that the provider proposed or for others (R37)."""

    causes: CauseCodes | None = None


class RejectionIn(Seen):
    """Rejection, with a coded reason."""

    reason: RejectionReason


@router.get("")
def offerings(work: Finder, request: Request, query: Annotated[OfferingsQuery, Query()]) -> OfferingsOut:
    """Find offerings: visible ones, a provider his own, the network manager all."""
    found = find_offerings(work.session, work.actor, engine_of(request), query.filters, query.state)
    return OfferingsOut(
        total=found.page.total,
        page=found.page.page,
        page_size=found.page.page_size,
        sort=query.sort,
        facets=found.facets,
        results=[_found(one) for one in found.page.items],
        ignored_words=list(found.ignored_words),
        degraded=found.degraded,
    )


@router.post("", status_code=201, responses={200: {"description": "The same offering was published before."}})
def published(work: Publisher, body: OfferingIn, response: Response) -> OfferingOut:
    """Publish an offering; it can be found once the network manager approves it (R29)."""
    made = publish_offering(work.session, work.actor, body.values)
    if made.known:
        response.status_code = 200
    return full(made.offering, work.actor)


@router.get("/{offering_id}")
def offering(work: Finder, offering_id: UUID) -> OfferingOut:
    """Return one offering."""
    return full(get_offering(work.session, work.actor, offering_id), work.actor)


@router.put("/{offering_id}")
def changed(work: Publisher, offering_id: UUID, body: OfferingChangeIn) -> OfferingOut:
    """Change an offering; all but its wait asks for approval again."""
    return full(change_offering(work.session, work.actor, offering_id, body.values, body.version), work.actor)


@router.post("/{offering_id}/wait")
def waits(work: Publisher, offering_id: UUID, body: WaitIn | None = None) -> OfferingOut:
    """State the wait that holds today; without a body, confirm that it still is what it was (R32)."""
    if body is None:
        return full(confirm_wait(work.session, work.actor, offering_id), work.actor)
    return full(state_wait(work.session, work.actor, offering_id, body.stated_days), work.actor)


@router.post("/{offering_id}/intake")
def intake(work: Publisher, offering_id: UUID, body: IntakeIn) -> OfferingOut:
    """Say whether somebody who is referred today is taken."""
    return full(open_intake(work.session, work.actor, offering_id, body.accepts_new), work.actor)


@router.post("/{offering_id}/withdraw")
def withdrawn(work: Publisher, offering_id: UUID) -> OfferingOut:
    """Take an offering out of the network."""
    return full(withdraw_offering(work.session, work.actor, offering_id), work.actor)


@router.post("/{offering_id}/approve")
def approved(work: Decider, offering_id: UUID, body: ApprovalIn | None = None) -> OfferingOut:
    """Approve an offering, so that it can be found (R29, R31)."""
    given = body or ApprovalIn()
    view = approve_offering(work.session, work.actor, offering_id, causes=given.causes, version=given.version)
    return full(view, work.actor)


@router.post("/{offering_id}/reject")
def rejected(work: Decider, offering_id: UUID, body: RejectionIn) -> OfferingOut:
    """Reject an offering, or take an approved one out of the network."""
    return full(reject_offering(work.session, work.actor, offering_id, body.reason, body.version), work.actor)


def _found(one: FoundOffering) -> FoundOut:
    return FoundOut.model_validate(
        {
            **short_values(one.offering),
            "distance_km": None if one.distance_km is None else round(one.distance_km, 1),
            "favourite": one.favourite,
            "reasons": [reason.sentence for reason in one.reasons],
        }
    )
