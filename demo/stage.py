"""The stage on which the demo is played: its people act, each in a transaction of his own, on a day in the past."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import cached_property
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from core.clock import AMSTERDAM, standing_at, today
from core.database import Database, Door, enter
from demo.people import ACCOUNTS
from identity.actor import Actor
from identity.people import actor_for
from identity.roles import OrganisationKind, Role
from identity.tables import Account, Membership, Organisation
from network.tables import Offering, OfferingState

AS_OWNER_OF_NAMES = text("SELECT set_config('role', 'providerboog_identity', true)")


@dataclass(frozen=True)
class Acting:
    """One transaction of one person."""

    session: Session
    actor: Actor


class Stage:
    """Lets the people of the demo act."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @cached_property
    def actors(self) -> dict[str, Actor]:
        """Return the people of the demo by the first part of their address."""
        with self.database.transaction(Door.IDENTITY) as session:
            session.execute(AS_OWNER_OF_NAMES)
            memberships = {m.account_id: m for m in session.exec(select(Membership))}
            return {
                account.email.split("@")[0]: actor_for(session, memberships[account.id], "demo")
                for account in session.exec(select(Account).where(col(Account.id).in_([a.id for a in ACCOUNTS])))
            }

    def provider(self, organisation_id: UUID) -> Actor:
        """Return somebody of any provider of the network, who has no account of his own in the demo."""
        known = next((a for a in self.actors.values() if a.organisation_id == organisation_id), None)
        return known or replace(self.actors["psycholoog"], organisation_id=organisation_id)

    @contextmanager
    def acting(self, who: Actor, days_ago: float = 0, door: Door = Door.CARE) -> Iterator[Acting]:
        """Let `who` act in one transaction, some days ago at noon."""
        moment = datetime.combine(today() - timedelta(days=int(days_ago)), time(12), AMSTERDAM)
        # Today's acts are done now: at noon they might still have to come.
        with standing_at(moment if days_ago else datetime.now(AMSTERDAM)), self.database.transaction(door) as session:
            enter(session, door, who.context)
            yield Acting(session, who)

    def offering(self, tenant_id: UUID, intervention: str, provider: str) -> UUID:
        """Return an approved offering of `intervention`: of the provider named, else the first by title."""
        manager = next(a for a in self.actors.values() if a.role == Role.PHYSICIAN and a.tenant_id == tenant_id)
        with self.acting(manager) as act:
            found = (
                select(Offering.id)
                .join(Organisation, col(Organisation.id) == Offering.provider_id)
                .where(Offering.intervention == intervention, Offering.state == OfferingState.APPROVED)
                .where(Organisation.kind == OrganisationKind.PROVIDER)
                .order_by(col(Offering.title), col(Offering.id))
            )
            if provider:
                found = found.where(Organisation.id == self.actors[PROVIDERS[provider]].organisation_id)
            return act.session.exec(found.limit(1)).one()


PROVIDERS = {"psy": "psycholoog", "ad": "arbeidsdeskundige"}
