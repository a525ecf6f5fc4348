"""Builds a small network for one test: an arbodienst with its people, written as the owner of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from uuid import UUID, uuid4

from sqlmodel import Session, SQLModel

from core.clock import today
from core.database import Database, Door
from identity.actor import Actor
from identity.roles import OrganisationKind, Role
from identity.tables import Account, Assignment, Membership, Organisation, Person
from network.tables import ArbodienstSettings, Contract, OrganisationProfile

VALID_UNTIL = timedelta(days=400)


class World:
    """One tenant. Every maker commits at once and returns what the test needs to go on."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.tenant_id = uuid4()
        self.add(
            Organisation(
                id=self.tenant_id, tenant_id=self.tenant_id, kind=OrganisationKind.ARBODIENST, name="Arbodienst"
            ),
            ArbodienstSettings(tenant_id=self.tenant_id),
            self._profile(self.tenant_id),
        )

    def add(self, *rows: SQLModel) -> None:
        """Write rows past row-level security, in the order given."""
        with Session(self.database.owner, expire_on_commit=False) as session:
            for row in rows:
                session.add(row)
                session.flush()
            session.commit()

    @contextmanager
    def acting(self, door: Door, actor: Actor) -> Iterator[Session]:
        """One transaction of `actor` on the side of `door`, as a request would have it, or a job."""
        with self.database.transaction(door.of_system if actor.role is Role.SYSTEM else door, actor.context) as session:
            yield session

    def organisation(self, kind: OrganisationKind, name: str) -> UUID:
        """Register an organisation with a profile; a provider gets a contract too."""
        organisation = Organisation(tenant_id=self.tenant_id, kind=kind, name=name)
        self.add(organisation, self._profile(organisation.id))
        if kind == OrganisationKind.PROVIDER:
            self.add(
                Contract(tenant_id=self.tenant_id, provider_id=organisation.id, starts_on=today() - timedelta(days=900))
            )
        return organisation.id

    def actor(
        self,
        role: Role,
        organisation_id: UUID | None = None,
        *,
        employers: tuple[UUID, ...] = (),
        subject_id: UUID | None = None,
        person_id: UUID | None = None,
        email: str | None = None,
    ) -> Actor:
        """Return somebody with `role`, assigned to `employers` where that role works for employers."""
        person = Person(id=person_id or uuid4(), name=f"Test {role.value}")
        email = email or f"{role.value}-{uuid4().hex[:10]}@example.test"
        account = Account(person_id=person.id, email=email)
        membership = Membership(
            tenant_id=self.tenant_id,
            account_id=account.id,
            organisation_id=organisation_id or self.tenant_id,
            role=role,
            subject_id=subject_id,
            registration_number="12345678901" if role in (Role.PHYSICIAN, Role.DELEGATE) else None,
            registered_until=today() + VALID_UNTIL if role in (Role.PHYSICIAN, Role.DELEGATE) else None,
            responsible_account_id=self.responsible.account if role is Role.DELEGATE else None,
        )
        self.add(*(() if person_id else (person,)), account, membership)
        for employer_id in employers:
            self.add(self._assignment(membership, person.id, employer_id))
        return Actor(
            role=role,
            tenant_id=self.tenant_id,
            organisation_id=membership.organisation_id,
            account_id=account.id,
            membership_id=membership.id,
            person_id=person.id,
            subject_id=subject_id,
            email=email,
            name=person.name,
        )

    @cached_property
    def responsible(self) -> Actor:
        """The physician under whom the delegates of this tenant work."""
        return self.actor(Role.PHYSICIAN)

    def _assignment(self, membership: Membership, person_id: UUID, employer_id: UUID) -> Assignment:
        return Assignment(
            tenant_id=self.tenant_id,
            membership_id=membership.id,
            account_id=membership.account_id,
            person_id=person_id,
            role=membership.role,
            employer_id=employer_id,
        )

    def _profile(self, organisation_id: UUID) -> OrganisationProfile:
        return OrganisationProfile(
            organisation_id=organisation_id,
            tenant_id=self.tenant_id,
            kvk="12345678",
            vat_id="NL123456782B12",
            iban="NL91ABNA0417164300",
            street="Teststraat 1",
            postcode="3511 AA",
            city="Utrecht",
            email="administratie@example.test",
        )
