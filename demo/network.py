"""Loads the demo network into an empty database; what is there already is left as it is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import Connection, insert, text
from sqlmodel import Session, SQLModel

from billing.tables import InsurancePolicy, PolicyKind
from core.clock import today
from core.database import BECOME_KEEPER, Database
from core.settings import Settings
from demo.bulk import Draft, copy, draft
from demo.numbers import make_digits, make_iban, make_vat_id
from demo.people import ACCOUNTS, ORGANISATIONS, PASSWORD, DemoAccount, DemoOrganisation, Kind, demo_id
from demo.providers import (
    DemoProvider,
    measured_outcome_of,
    measured_type,
    measured_wait_of,
    offerings_of,
    providers,
    rows_of,
)
from identity.passwords import hash_password
from identity.roles import Role
from identity.second_factor_tables import SecondFactor
from identity.tables import Account, Assignment, Membership, Organisation, Person
from identity.totp import random_secret, sealed_app
from network.experience_tables import MeasuredExperience
from network.tables import ArbodienstSettings, MeasuredAnswers, OrganisationProfile
from network.taxonomy import interventions

PIECE = 2_000
EMPLOYEE = demo_id("employee:Z-101")
ANSWERS: tuple[dict[str, Any], ...] = tuple(
    {
        "organisation_id": demo_id(f"organisation:{key}"),
        "answered_percent": answered,
        "declined_percent": declined,
        "n": n,
    }
    for key, answered, declined, n in (("arbo", 91, 12, 412), ("psy", 97, 6, 34), ("ad", 88, 9, 23))
)
"""How often referrals are answered: by all providers together, and by the two that have an account."""
EXPERIENCES: tuple[dict[str, Any], ...] = tuple(
    {
        "organisation_id": demo_id(f"organisation:{key}"),
        "in_time_percent": in_time,
        "in_time_n": in_time_n,
        "satisfied_percent": satisfied,
        "satisfied_n": satisfied_n,
    }
    for key, in_time, in_time_n, satisfied, satisfied_n in (
        ("arbo", 84, 388, 79, 203),
        ("psy", 92, 31, 86, 22),
        ("ad", 78, 21, None, None),
    )
)
"""How often help began in time and how many were satisfied, of the same; of one too few said what they thought."""


def load(database: Database, settings: Settings) -> bool:
    """Load the network with at least `demo_offerings` offerings; return whether it was not there yet."""
    with database.owner.begin() as connection:
        connection.execute(BECOME_KEEPER)
        if connection.execute(text("SELECT count(*) FROM identity.organisation")).scalar_one():
            return False
        day = today()
        _insert(connection, _parties(day))
        _insert(connection, _apps(settings))
        for piece in _pieces(providers(settings.demo_offerings)):
            copy(connection, _provider_rows(piece, day))
    return True


def _pieces(all_providers: Iterable[DemoProvider]) -> Iterator[list[DemoProvider]]:
    iterator = iter(all_providers)
    while piece := list(islice(iterator, PIECE)):
        yield piece


def _insert(connection: Connection, rows: Iterable[SQLModel]) -> None:
    """Insert rows in the order given, those of one table in one statement."""
    with Session(connection, join_transaction_mode="rollback_only") as session:
        waiting: list[SQLModel] = []
        for row in rows:
            if waiting and type(row) is not type(waiting[0]):
                session.execute(insert(type(waiting[0])), [each.model_dump() for each in waiting])
                waiting = []
            waiting.append(row)
        if waiting:
            session.execute(insert(type(waiting[0])), [each.model_dump() for each in waiting])


def _provider_rows(piece: list[DemoProvider], day: date) -> list[Draft]:
    known = {organisation.key for organisation in ORGANISATIONS}
    organisations = [
        draft(Organisation, **_organisation(p.organisation)) for p in piece if p.organisation.key not in known
    ]
    facts = [row for provider in piece for row in rows_of(provider, day)]
    offerings = [offering for provider in piece for offering in offerings_of(provider, day)]
    waits = [wait for offering in offerings if (wait := measured_wait_of(offering))]
    outcomes = [outcome for offering in offerings if (outcome := measured_outcome_of(offering))]
    return [*organisations, *sorted(facts, key=lambda row: row.table.__name__), *offerings, *waits, *outcomes]


def _organisation(organisation: DemoOrganisation) -> dict[str, Any]:
    return {
        "id": organisation.id,
        "tenant_id": organisation.tenant_id,
        "kind": organisation.kind,
        "name": organisation.name,
    }


def _parties(day: date) -> list[SQLModel]:
    """Return the organisations without the providers' own facts, the accounts and the insurance policies."""
    people = [Person(id=demo_id(f"person:{account.key}"), name=account.name) for account in ACCOUNTS]
    password = hash_password(PASSWORD)
    accounts = [
        Account(id=a.id, person_id=demo_id(f"person:{a.key}"), email=a.email, password_hash=password) for a in ACCOUNTS
    ]
    return [
        *(Organisation(**_organisation(organisation)) for organisation in ORGANISATIONS),
        *(_settings(organisation) for organisation in ORGANISATIONS if organisation.kind == Kind.ARBODIENST),
        *(_profile(organisation) for organisation in ORGANISATIONS if organisation.kind != Kind.PROVIDER),
        *people,
        *accounts,
        *(_membership(account, day) for account in ACCOUNTS),
        *(assignment for account in ACCOUNTS for assignment in _assignments(account)),
        *_policies(day),
        *(measured_type(demo_id("organisation:arbo"), code) for code in interventions()),
        *(MeasuredAnswers(tenant_id=demo_id("organisation:arbo"), **values) for values in ANSWERS),
        *(MeasuredExperience(tenant_id=demo_id("organisation:arbo"), **values) for values in EXPERIENCES),
    ]


def _apps(settings: Settings) -> list[SecondFactor]:
    """Return the app with codes of each account; its code is shown where somebody signs in with a password."""
    apps = [sealed_app(account.id, random_secret(), settings.factor_vault) for account in ACCOUNTS]
    for app in apps:
        app.confirmed_at = app.created_at
    return apps


def _settings(organisation: DemoOrganisation) -> ArbodienstSettings:
    return ArbodienstSettings(tenant_id=organisation.id, provider_access_days=90)


def _profile(organisation: DemoOrganisation) -> OrganisationProfile:
    random = Random(f"profile-{organisation.key}")  # noqa: S311 -- the same demo every time, no secret
    return OrganisationProfile(
        organisation_id=organisation.id,
        tenant_id=organisation.tenant_id,
        kvk=make_digits(random, 8),
        vat_id=make_vat_id(random),
        iban=make_iban(random),
        street=organisation.street,
        postcode=organisation.postcode,
        city=organisation.city,
        email=f"administratie@{organisation.key}.demo.test",
    )


def _organisation_of(account: DemoAccount) -> DemoOrganisation:
    return next(organisation for organisation in ORGANISATIONS if organisation.key == account.organisation)


def _membership(account: DemoAccount, day: date) -> Membership:
    organisation = _organisation_of(account)
    registered = account.role in (Role.PHYSICIAN, Role.DELEGATE)
    return Membership(
        id=demo_id(f"membership:{account.key}"),
        tenant_id=organisation.tenant_id,
        account_id=account.id,
        organisation_id=organisation.id,
        role=account.role,
        subject_id=EMPLOYEE if account.role == Role.EMPLOYEE else None,
        registration_number="19065432101" if registered else None,
        registered_until=day + timedelta(days=900) if registered else None,
        responsible_account_id=demo_id("account:ba") if account.role == Role.DELEGATE else None,
    )


@dataclass(frozen=True)
class _Policy:
    insurer: str
    kind: PolicyKind
    prefix: str
    percentage: int
    cap_cents: int | None = None
    budget_cents: int | None = None
    rules: tuple[dict[str, object], ...] = ()


EARLY_ASSESSMENT: dict[str, object] = {"intervention": "ADO", "before_week": 35, "percentage": 75}
POLICIES = (
    _Policy("polder", PolicyKind.ABSENCE, "VZ", 50, budget_cents=2_500_000, rules=(EARLY_ASSESSMENT,)),
    _Policy("polder", PolicyKind.WGA, "WGA", 50, cap_cents=250_000),
    _Policy("duinrand", PolicyKind.WIA, "WIA", 30, cap_cents=150_000),
)


def _assignments(account: DemoAccount) -> list[Assignment]:
    return [
        Assignment(
            id=demo_id(f"assignment:{account.key}:{employer}"),
            tenant_id=_organisation_of(account).tenant_id,
            membership_id=demo_id(f"membership:{account.key}"),
            account_id=account.id,
            person_id=demo_id(f"person:{account.key}"),
            role=account.role,
            employer_id=demo_id(f"organisation:{employer}"),
        )
        for employer in account.employers
    ]


def _policies(day: date) -> list[InsurancePolicy]:
    """Return what insurers share, per employer: absence and WGA at one of them, WIA at another (all fictional)."""
    return [
        InsurancePolicy(
            id=demo_id(f"policy:{employer}:{policy.kind.value}"),
            tenant_id=demo_id("organisation:arbo"),
            insurer_id=demo_id(f"organisation:{policy.insurer}"),
            employer_id=demo_id(f"organisation:{employer}"),
            kind=policy.kind,
            number=f"{policy.prefix}-{index + 1001}",
            valid_from=day - timedelta(days=800),
            valid_until=day + timedelta(days=800),
            percentage=policy.percentage,
            cap_cents=policy.cap_cents,
            budget_cents=policy.budget_cents,
            rules=list(policy.rules),
        )
        for index, employer in enumerate(("zonneveld", "duinwijk"))
        for policy in POLICIES
    ]
