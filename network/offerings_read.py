"""Reading offerings: one or a list, each role its own part, and the one that a referral may rest on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, func, select, true
from sqlmodel import Session, col

from core.clock import today
from core.errors import Conflict, NotFound
from core.language import _
from core.paging import Page, offset
from core.rows import ask
from identity.actor import Actor
from identity.policy import Permission, allows, require
from identity.roles import Role
from network.offering_view import STALE_AFTER_DAYS, OfferingView, name_reveals_care, select_views, view_of
from network.tables import Offering, OfferingState
from network.taxonomy import Disclosure, interventions

SEES_EVERY_STATE = frozenset({Role.PROVIDER, Role.NETWORK_MANAGER, Role.SYSTEM})


@dataclass(frozen=True, slots=True)
class OfferingFilter:
    """What a provider or the network manager looks for; `stale` keeps approved offerings with an old wait (R32)."""

    state: OfferingState | None = None
    provider_id: UUID | None = None
    intervention: str | None = None
    stale: bool = False


def referable_offering(session: Session, actor: Actor, offering_id: UUID) -> OfferingView:
    """Return an offering to which a referral may be made now.

    Raises NotFound when it is not there for this actor, and Conflict with every reason when it is not approved (R29),
    no contract runs, a needed registration is missing or expired (R30, R31), or its price does not hold today (R35).
    """
    found = _one(session, actor, offering_id)
    if found.obstacles:
        reasons = " ".join(obstacle.sentence for obstacle in found.obstacles)
        raise Conflict(reasons, code=found.obstacles[0].value)
    return found


def get_offering(session: Session, actor: Actor, offering_id: UUID) -> OfferingView:
    """Return an offering: to its provider and the network manager in every state, to others only a visible one."""
    require(actor, Permission.SEARCH_OFFERINGS)
    found = _one(session, actor, offering_id)
    if found.obstacles and actor.role not in SEES_EVERY_STATE:
        raise not_found()
    return found


def list_offerings(
    session: Session, actor: Actor, wanted: OfferingFilter, page: int, page_size: int
) -> Page[OfferingView]:
    """Return a provider's own offerings, or those of the whole network to its manager; what waits longest first."""
    if not allows(actor.role, Permission.PUBLISH_OFFERING):
        require(actor, Permission.DECIDE_OFFERING)
    conditions = [part_of(actor.role), *_conditions(wanted)]
    total = session.scalar(select(func.count()).select_from(Offering).where(*conditions)) or 0
    rows = session.execute(
        select_views()
        .where(*conditions)
        .order_by(*_order(wanted), col(Offering.id))
        .limit(page_size)
        .offset(offset(page, page_size))
    )
    return Page(tuple(view_of(row) for row in rows), total, page, page_size)


def describe_offerings(session: Session, offering_ids: Iterable[UUID]) -> Mapping[UUID, OfferingView]:
    """Return offerings by id, whatever has become of them: for what already refers to them and must name them."""
    rows = session.execute(select_views().where(col(Offering.id).in_(set(offering_ids))))
    return {view.id: view for view in map(view_of, rows)}


def part_of(role: Role) -> ColumnElement[bool]:
    """Return the condition for the offerings that are the business of an actor in `role`, visible or not; for views.

    Row-level security keeps tenants and providers apart as well; that CONF offerings are none of the business of a
    case manager on the employer's side is said here (R18).
    """
    if role is Role.PROVIDER:
        return col(Offering.provider_id) == func.app.organisation()
    if role is Role.CASE_MANAGER:
        codes = [code for code, kind in interventions().items() if kind.disclosure is Disclosure.OPEN]
        return col(Offering.intervention).in_(codes) & ~name_reveals_care()
    return true()


def not_found() -> NotFound:
    """Return the one answer to an offering that is not there, or not for this actor (R70)."""
    return NotFound(_("Dit aanbod is niet gevonden."))


def _one(session: Session, actor: Actor, offering_id: UUID) -> OfferingView:
    row = ask(session, _select_one(actor.role), offering_id=offering_id).one_or_none()
    if row is None:
        raise not_found()
    return view_of(row)


@cache
def _select_one(role: Role) -> Select[*tuple[Any, ...]]:
    return select_views().where(col(Offering.id) == bindparam("offering_id"), part_of(role))


def _conditions(wanted: OfferingFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        found.append(col(Offering.state) == wanted.state)
    if wanted.provider_id is not None:
        found.append(col(Offering.provider_id) == wanted.provider_id)
    if wanted.intervention is not None:
        found.append(col(Offering.intervention) == wanted.intervention)
    if wanted.stale:
        found.append(col(Offering.state) == OfferingState.APPROVED)
        found.append(col(Offering.stated_on) < today() - timedelta(days=STALE_AFTER_DAYS))
    return found


def _order(wanted: OfferingFilter) -> tuple[Any, ...]:
    if wanted.stale:
        return (col(Offering.stated_on),)
    if wanted.state is OfferingState.SUBMITTED:
        return (col(Offering.submitted_at),)
    return (col(Offering.title),)
