"""A month of an employer and its insurer with everything that money can tell of, and all forms that reach them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from email.header import decode_header, make_header
from uuid import UUID

from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import text
from sqlmodel import Session

from application import build
from billing.cofinancing.decide import decide_cofinancing
from billing.cofinancing.shares import Outcome
from billing.tables import PolicyKind
from cases.tables import ConsentScope
from core.clock import now, standing_at, today
from core.database import Database
from core.mail import folder_of
from identity.actor import Actor
from network.tables import OrganisationProfile
from tests.billing.given_back import credited, give_back, serve
from tests.billing.office import OPEN, Office, Referred
from tests.medical.test_release_charges import submitted
from tests.wall.places import mail
from tests.wall.walk import DESCRIPTION, TAXONOMY, Call, Visitor, calls, found_in
from tests.world import World

SESSIONS, UNIT_PRICE = 7, 100_00
HIDDEN = {"PSY": 463_17, "FYS": 419_23, "BMW": 307_41, "SHV": 571_87, "COA": 233_59}
"""Prices that tell what they are for, of employees who did not consent; all of them prime sums of cents."""

BORNE_ALONE = 389_03
"""One more, for which nobody is left to hide among."""

AGB, IBAN, STREET = "94067123", "NL44RABO0123456789", "Zilverberkpad 99"
POLICY_NUMBER = "ZORG-4411"
SESSION_DAY, REFERRED_AGO = timedelta(days=9), timedelta(days=15)


@dataclass
class PayingWorld:
    """The world, who pays, and what they may not learn."""

    app: FastAPI
    office: Office
    employer: Actor
    insurer: Actor
    session_day: date
    hidden: dict[str, int] = field(default_factory=dict)
    visitors: dict[UUID, Visitor] = field(default_factory=dict)
    fetched: dict[UUID, list[tuple[Call, Response]]] = field(default_factory=dict)
    only: str = ""  # what an address must match to be fetched; everything does

    @property
    def database(self) -> Database:
        """The database in which the world is."""
        return self.office.world.database

    def ids(self) -> tuple[UUID, ...]:
        """Return ids of whatever money has, to ask for."""
        queries = (
            "SELECT id FROM billing.invoice ORDER BY number",
            "SELECT id FROM billing.cofinancing_request",
            "SELECT id FROM cases.absence_case LIMIT 2",
        )
        with self.database.owner.connect() as connection:
            return tuple(each for query in queries for each in connection.execute(text(query)).scalars())

    def answers(self, actor: Actor) -> list[tuple[Call, Response]]:
        """Return everything that somebody can fetch, fetched once: pages, JSON, PDF, UBL, CSV."""
        if actor.account not in self.fetched:
            self.fetched[actor.account] = list(self.fetch(actor))
        return self.fetched[actor.account]

    def visitor(self, actor: Actor) -> Visitor:
        """Return somebody with a browser and a token; whoever comes again is still signed in."""
        if actor.account not in self.visitors:
            self.visitors[actor.account] = Visitor(self.app, actor)
        return self.visitors[actor.account]

    def fetch(self, actor: Actor) -> Iterator[tuple[Call, Response]]:
        """Yield the same, fetched now."""
        visitor = self.visitor(actor)
        for call in calls(self.app, self.ids(), actor.role, refused=False):
            wanted = call.method == "GET" and re.search(self.only, call.url)
            if wanted and call.url not in (*TAXONOMY, DESCRIPTION) and "sign-out" not in call.url:
                yield call, visitor.ask(call)

    def mail(self) -> str:
        """Send what the coming working days bring, and return every word of it, subjects and names included."""
        mail(self.database, range(1, 200, 6))
        folder = folder_of(self.database.settings)
        people = (self.employer, self.insurer)
        found = [message for actor in people for message in folder.received_by(actor.email)]
        told = [f"{name}: {make_header(decode_header(str(value)))}" for each in found for name, value in each.items()]
        # A long line of a header goes on in the next one.
        return " ".join("\n".join([*map(str, found), *told]).split())

    def found(self, words: Iterable[str]) -> dict[str, set[str]]:
        """Return where any of the words stands in what employer or insurer can get, and which."""
        needles = frozenset(words)
        leaks: dict[str, set[str]] = {}
        for actor in (self.employer, self.insurer):
            for call, answer in self.answers(actor):
                if answer.status_code == 200 and (seen := found_in(answer, needles, call.url)):
                    leaks[f"{actor.role}: {call.url}"] = seen
        return leaks


def build_paying_world(database: Database) -> PayingWorld:
    """Play it: a sum of five, a line with consent that an insurer shares, an open one, credits and services."""
    office = Office(World(database))
    _describe_provider(office)
    told = (ConsentScope.EMPLOYER, ConsentScope.INSURER)
    with standing_at(now() - REFERRED_AGO):
        employer = office.employer("Bakkerij Zonneveld")
        insurer = office.insurer(employer, kind=PolicyKind.HEALTH, number=POLICY_NUMBER)
        hidden = {each: office.referred(office.sick(employer), each, 1) for each in (*HIDDEN, "REV")}
        shared = office.referred(office.sick(employer, *told), "PSY", SESSIONS, cofinancing=True)
        opened = office.referred(office.sick(employer), OPEN)
        _decided(office, employer, insurer, shared)
    day = today() - SESSION_DAY
    for intervention, cents in HIDDEN.items():
        _supplied(office, hidden[intervention], cents, day)
    shared_invoice = office.supply(shared, SESSIONS, day=day)
    office.supply(opened, 2, day=day)
    first = office.run()
    give_back(office, shared_invoice, 150_00)
    credited(office, first.invoices[0], anew=True)
    _supplied(office, hidden["REV"], BORNE_ALONE, day)
    serve(office, employer, 1_200_00)
    office.run()
    office.run()
    app = build(database.settings, database)
    return PayingWorld(app, office, employer, insurer, day, HIDDEN | {"REV": BORNE_ALONE})


def _supplied(office: Office, referred: Referred, cents: int, day: date) -> UUID:
    """Let one unit be invoiced at a price of its own."""
    with Session(office.world.database.owner) as session:
        session.execute(
            text("ALTER TABLE medical.referral DISABLE TRIGGER USER"),
        )
        session.execute(
            text("UPDATE medical.referral SET unit_price_cents = :cents WHERE id = :id"),
            {"cents": cents, "id": referred.id},
        )
        session.execute(text("ALTER TABLE medical.referral ENABLE TRIGGER USER"))
        session.commit()
    return office.supply(referred, 1, day=day, line={"unit_price_cents": cents})


def _describe_provider(office: Office) -> None:
    with Session(office.world.database.owner) as session:
        profile = session.get_one(OrganisationProfile, office.provider_id)
        profile.street, profile.agb, profile.iban = STREET, AGB, IBAN
        session.add(profile)
        session.commit()


def _decided(office: Office, employer: Actor, insurer: Actor, referred: Referred) -> None:
    request_id = submitted(office, employer, referred)
    with office.open(insurer) as session:
        decide_cofinancing(session, insurer, request_id, Outcome.PARTIAL, 300_00)
