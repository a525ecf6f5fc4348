"""Doors to PostgreSQL: one login for each side of the wall, one transaction for each request."""

import hashlib
import hmac
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, partial
from uuid import UUID

from sqlalchemy import URL, Dialect, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection, QueuePool
from sqlmodel import Session

from core.keyring import Keyring
from core.sealed import give_ring
from core.settings import Settings
from core.tracing import watch

LONGEST_REST = 5.0  # seconds that a connection may lie unused before it is tried first: trying costs a round trip
SINCE = "unused since"
OWNER_LIMITS = {"connect_timeout": 10}
"""How long the owner waits for the server; a migration may take its time, but not to be let in."""


class Door(StrEnum):
    """Through which login a transaction reaches the database; each may become one role and no other."""

    IDENTITY = "identity"  # sign-in: hashes of passwords, sessions and tokens
    OPEN = "open"  # whoever pays or manages; has no USAGE on schema `medical`
    CARE = "care"  # the medical side
    JOBS = "jobs"  # the job queue
    SYSTEM_OPEN = "system_open"  # jobs and the payment provider, with the rights of the open side
    SYSTEM_CARE = "system_care"  # jobs, with the rights of the medical side

    @property
    def login(self) -> str:
        """Return the name of the database login; it owns nothing and inherits nothing."""
        return f"providerboog_{self.value}_login"

    @property
    def role(self) -> str:
        """Return the name of the role that a transaction takes on: the system has that of the side where it works."""
        return f"providerboog_{self.value.removeprefix('system_')}"

    @property
    def of_system(self) -> "Door":
        """Return where the system comes in on this side; elsewhere nobody believes that it is the system."""
        return {Door.OPEN: Door.SYSTEM_OPEN, Door.CARE: Door.SYSTEM_CARE}.get(self, self)


@dataclass(frozen=True)
class Context:
    """On whose behalf a transaction runs; row-level security lets through what these words allow."""

    tenant_id: UUID | None
    organisation_id: UUID | None
    account_id: UUID | None
    role: str
    subject_id: UUID | None = None


def entering(**who: str) -> str:
    """Return the SQL that lets a transaction act behind the door `:db_role` until it ends.

    `who` holds, as SQL, what row-level security has to know: `tenant`, `organisation`, `account`, `role`, `subject`.
    """
    settings = {"role": ":db_role"} | {f"app.{name}": value for name, value in who.items()}
    return ", ".join(f"set_config('{name}', {value}, true)" for name, value in settings.items())


KNOWN = ("tenant", "organisation", "account", "role", "subject")
ENTER = text(f"SELECT {entering(**{name: f':{name}' for name in KNOWN})}")
BECOME = text("SELECT set_config('role', :db_role, true)")
BECOME_KEEPER = text("SELECT set_config('role', 'providerboog_keeper', true)")  # sets up a network; for the owner only


def enter(session: Session, door: Door, context: Context) -> None:
    """Let the running transaction act as `context` behind `door` until it ends."""
    session.execute(
        ENTER,
        {
            "db_role": door.role,
            "tenant": str(context.tenant_id or ""),
            "organisation": str(context.organisation_id or ""),
            "account": str(context.account_id or ""),
            "role": context.role,
            "subject": str(context.subject_id or ""),
        },
    )


def login_password(settings: Settings, login: str) -> str:
    """Return the password of a database login, derived from the secret key, so that nobody has to keep it."""
    key = settings.secret_key.get_secret_value().encode()
    return hmac.new(key, f"database:{login}".encode(), hashlib.sha256).hexdigest()


class Database:
    """The engines of one process, made when they are first needed."""

    def __init__(self, settings: Settings, owner_url: str | None) -> None:
        """Take the address of the owner's database, from which the doors' addresses follow unless they are set."""
        self.settings = settings
        self.owner_url = owner_url
        self._engines: dict[Door, Engine] = {}

    def url(self, door: Door) -> URL:
        """Return the address for `door`: as set, or the owner's with the door's own login and password."""
        explicit = {
            Door.CARE: self.settings.database_care_url,
            Door.OPEN: self.settings.database_open_url,
            Door.IDENTITY: self.settings.database_identity_url,
            Door.JOBS: self.settings.database_jobs_url,
            Door.SYSTEM_OPEN: self.settings.database_system_open_url,
            Door.SYSTEM_CARE: self.settings.database_system_care_url,
        }[door]
        if explicit is not None:
            return as_psycopg(explicit.get_secret_value())
        if self.owner_url is None:
            raise RuntimeError(f"set DATABASE_URL, or DATABASE_{door.value.upper()}_URL")
        return as_psycopg(self.owner_url).set(username=door.login, password=login_password(self.settings, door.login))

    def engine(self, door: Door) -> Engine:
        """Return the engine of `door`, with a bounded pool and a limit on how long a statement may run."""
        if door not in self._engines:
            size = self.settings.pool_size if door in (Door.OPEN, Door.CARE) else 4
            engine = create_engine(
                self.url(door),
                pool_size=size,
                max_overflow=0,  # what is opened beyond the pool is closed after each use, just when many ask
                pool_timeout=10,
                connect_args={
                    "connect_timeout": 10,
                    "options": f"-c statement_timeout={self.settings.statement_timeout_ms}"
                    " -c idle_in_transaction_session_timeout=60000 -c timezone=UTC",
                },
            )
            watch(engine)
            if door in (Door.CARE, Door.SYSTEM_CARE):
                give_ring(engine, Keyring(self.settings.key_service))
            event.listen(engine, "checkin", _lay_down)
            event.listen(engine, "checkout", partial(_take_up, engine.dialect))
            self._engines[door] = engine
        return self._engines[door]

    @cached_property
    def owner(self) -> Engine:
        """Return the engine of the owner: migrations, the demo network and tokens from the command line only."""
        if self.owner_url is None:
            raise RuntimeError("set DATABASE_URL to an address that owns the database")
        return create_engine(as_psycopg(self.owner_url), pool_size=1, pool_timeout=10, connect_args=OWNER_LIMITS)

    def pool_sizes(self) -> dict[str, dict[str, int]]:
        """Return for each door how many of its connections of this process are in use and how many lie ready."""
        pools = {door: engine.pool for door, engine in tuple(self._engines.items())}
        return {
            door.value: {"in_use": pool.checkedout(), "ready": pool.checkedin()}
            for door, pool in pools.items()
            if isinstance(pool, QueuePool)
        }

    @cached_property
    def counting(self) -> Engine:
        """Return the engine with which requests are counted: each statement is kept at once, and nobody waits long.

        It stands apart, so that who counts within a transaction never waits for a connection of that kind.
        """
        return create_engine(
            self.url(Door.OPEN),
            pool_size=2,
            max_overflow=0,
            pool_timeout=2,
            isolation_level="AUTOCOMMIT",
            connect_args={"connect_timeout": 5, "options": "-c statement_timeout=2000"},
        )

    @contextmanager
    def transaction(self, door: Door, context: Context | None = None) -> Iterator[Session]:
        """Open one transaction behind `door`; it commits when the block ends and rolls back when it fails.

        Without a context nothing can be read yet: the caller finds out who asks, and then calls `enter`. Behind the
        identity door nobody is known, and it needs no context.
        """
        with Session(self.engine(door), expire_on_commit=False) as session, session.begin():
            if door is Door.IDENTITY:
                session.execute(BECOME, {"db_role": door.role})
            if context is not None:
                enter(session, door, context)
            yield session

    def dispose(self) -> None:
        """Close every connection of this process."""
        for engine in self._engines.values():
            engine.dispose()
        for name in ("owner", "counting"):
            if name in self.__dict__:
                self.__dict__[name].dispose()


def _lay_down(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.info[SINCE] = time.monotonic()


def _take_up(
    dialect: Dialect, connection: DBAPIConnection, record: ConnectionPoolEntry, _taken: PoolProxiedConnection
) -> None:
    """See whether a connection that lay a while still works; when it does not, the pool opens new ones."""
    if time.monotonic() - record.info.get(SINCE, time.monotonic()) < LONGEST_REST:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as fault:
        raise InvalidatePoolError from fault


def as_psycopg(address: str) -> URL:
    """Return `address` as a URL for psycopg 3, whatever driver it names."""
    return make_url(address).set(drivername="postgresql+psycopg")
