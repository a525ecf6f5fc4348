"""Databases for measuring: the demo network with many open cases, and copies of it that start out the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from pydantic import SecretStr
from sqlalchemy import create_engine, text
from sqlmodel import col, select

import demo.network
from cases.consent_texts import current_version
from cases.tables import AbsenceCase, Consent, ConsentForm, ConsentScope, Employee, SickSpell
from core.clock import today
from core.database import Database, Door, enter
from core.embedded_postgres import EmbeddedPostgres
from core.keyring import Keyring
from core.migrations import migrate
from core.references import random_number
from core.sealed import give_ring
from core.settings import Settings
from core.vault import write_key
from demo.people import demo_id
from demo.stage import Stage
from identity.sign_in import issue_token, memberships_of
from identity.visits import begin_visit, prove, visit_of
from medical.cases.assessments import judge_cause
from network.tables import Offering, OfferingState

SECRET = "a-secret-that-measures-and-protects-nobody"  # noqa: S105 -- a database that is thrown away
MASTER_KEYS = write_key(b"m" * 32)
BASE = "bench_base"
TENANT = demo_id("organisation:arbo")


@dataclass(frozen=True)
class Network:
    """A database server with a base to copy, the keys of who asks there, and what is needed to refer.

    `token` is the physician's, and `cookie` opens the portal for him; `provider_token` is the psychologist's.
    """

    server: EmbeddedPostgres
    settings: Settings
    token: str
    cookie: str
    provider_token: str
    manager_token: str
    offering_id: UUID
    case_ids: tuple[UUID, ...]

    @property
    def address(self) -> str:
        """The owner's address of the base itself, for measuring what reads."""
        return self.server.url(BASE, "postgres")

    def environment(self, data_dir: Path) -> dict[str, str]:
        """Return the settings with which a process serves the base from a data directory of its own."""
        return {
            "DATABASE_URL": self.address,
            "PROVIDERBOOG_SECRET_KEY": SECRET,
            "PROVIDERBOOG_MASTER_KEYS": MASTER_KEYS,
            "PROVIDERBOOG_DATA_DIR": str(data_dir),
        }

    def copy(self, name: str) -> Database:
        """Return a fresh copy of the base, whose owner seals what is copied into it."""
        administer(self.server, f'CREATE DATABASE "{name}" TEMPLATE "{BASE}"')
        database = Database(self.settings, self.server.url(name, "postgres"))
        give_ring(database.owner, Keyring(self.settings.key_service))
        return database


def administer(server: EmbeddedPostgres, statement: str) -> None:
    """Run a statement on the server itself."""
    engine = create_engine(server.url("postgres", "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@contextmanager
def network(folder: Path, offerings: int, cases: int) -> Iterator[Network]:
    """Make a base with `offerings` and `cases` that can be referred at once, on a durable server of its own."""
    settings = Settings(
        data_dir=folder,
        secret_key=SecretStr(SECRET),
        master_keys=SecretStr(MASTER_KEYS),
        demo_offerings=offerings,
        token_days=1,
    )
    server = EmbeddedPostgres(folder)
    server.start()
    try:
        administer(server, f'CREATE DATABASE "{BASE}"')
        database = Database(settings, server.url(BASE, "postgres"))
        migrate(database)
        demo.network.load(database, settings)
        stage = Stage(database)
        made = _cases(stage, cases)
        keys = _keys(database, settings)
        offering_id = _offering(stage)
        with database.owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
        database.dispose()
        yield Network(server, settings, *keys, offering_id, made)
    finally:
        server.stop()


def _keys(database: Database, settings: Settings) -> tuple[str, str, str, str]:
    """Return a token and a cookie of the physician, and the tokens of the psychologist and the network manager."""
    with database.transaction(Door.IDENTITY) as session:
        visit = visit_of(session, begin_visit(session, memberships_of(session, "ba@demo.test")[0].id))
        if visit is None:
            raise RuntimeError("a session that has just begun is there")
        return (
            issue_token(session, "ba@demo.test", None, settings),
            prove(session, visit, settings, "bench", None),
            issue_token(session, "psycholoog@demo.test", None, settings),
            issue_token(session, "netwerk@demo.test", None, settings),
        )


def _offering(stage: Stage) -> UUID:
    physician = stage.actors["ba"]
    with stage.acting(physician) as act:
        approved = select(Offering.id).where(Offering.intervention == "PSY", Offering.state == OfferingState.APPROVED)
        return act.session.exec(
            approved.where(Offering.provider_id == demo_id("organisation:psy")).order_by(col(Offering.id)).limit(1)
        ).one()


def _cases(stage: Stage, count: int) -> tuple[UUID, ...]:
    physician, employer_id = stage.actors["ba"], demo_id("organisation:zonneveld")
    ids: dict[str, Any] = {"tenant_id": physician.tenant_id, "employer_id": employer_id}
    made = []
    with stage.database.transaction(Door.CARE) as session:
        enter(session, Door.CARE, physician.context)
        for _nth in range(count):
            employee = Employee(**ids, reference=random_number("B"), name="Meting")
            case = AbsenceCase(
                **ids, employee_id=employee.id, number=random_number("Z"), postcode="3811", opened_by=uuid4()
            )
            spell = SickSpell(**ids, case_id=case.id, first_sick_day=today() - timedelta(days=50))
            consent = Consent(
                **ids,
                case_id=case.id,
                employee_id=employee.id,
                scope=ConsentScope.PROVIDER,
                form=ConsentForm.WRITTEN,
                given_on=today(),
                text_version=current_version(),
                text_language="nl",
                recorded_by=physician.account,
                recorded_role=physician.role,
            )
            for row in (employee, case, spell, consent):
                session.add(row)
                session.flush()
            judge_cause(session, physician, case.id, "M01", True)
            made.append(case.id)
    return tuple(made)
