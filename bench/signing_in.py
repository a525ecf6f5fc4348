"""Signing in: how many people a second come in with a password and a code, what of that is the password, and what a
request costs once somebody is in."""

import re
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from time import perf_counter
from urllib.parse import urlencode

import pyotp
from pydantic import SecretStr
from sqlalchemy import text

from bench.clients import percentile
from bench.network import MASTER_KEYS, SECRET, Network
from bench.process import running
from bench.report import Figure
from core.clock import now
from core.database import Database
from demo.people import PASSWORD, demo_id
from identity.passwords import check_password, hash_password
from identity.second_factor_tables import SecondFactor
from identity.totp import random_secret, sealed_app

WHO = ("werkgever", "werkgever2", "verzekeraar", "verzekeraar2", "cm", "netwerk", "fg", "werknemer")
EACH = 12
HASHES = 20
CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
FORM = "application/x-www-form-urlencoded"
LEAST_RATE = 5.0


class Person:
    """A browser without a page: it keeps its cookies and sends the forms that it was shown."""

    def __init__(self, port: int, nth: int) -> None:
        """Open a connection from an address of its own, as people have: turns are counted by address."""
        self.http = HTTPConnection("127.0.0.1", port, timeout=60, source_address=(f"127.0.1.{nth + 1}", 0))
        self.cookies: dict[str, str] = {}
        self.agent = f"bench-{nth}"

    def ask(self, method: str, path: str, **fields: str) -> tuple[int, str]:
        """Return the status and the body of an answer, and keep its cookies."""
        headers = {"User-Agent": self.agent, "Content-Type": FORM}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.http.request(method, path, urlencode(fields) if fields else None, headers)
        answer = self.http.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _is, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.read().decode()

    def send(self, path: str, **fields: str) -> int:
        """Send the form that stands at `path`, with its token."""
        found = CSRF.search(self.ask("GET", path)[1])
        if found is None:
            raise RuntimeError(f"there is no form at {path}")
        return self.ask("POST", path, csrf_token=found[1], **fields)[0]


def measure(made: Network) -> list[Figure]:
    """Return how many sign in a second, how long one takes, and what it costs beside the password's own hash."""
    database = made.copy("bench_signing_in")
    secrets = _apps(database, made)
    hashing = _hashing()
    settings = {
        "DATABASE_URL": str(database.owner_url),
        "PROVIDERBOOG_SECRET_KEY": SECRET,
        "PROVIDERBOOG_MASTER_KEYS": MASTER_KEYS,
        "PROVIDERBOOG_DATA_DIR": str(made.settings.data_dir / "signing_in"),
    }
    with running("serve", **settings) as app:
        alone = [_comes_in(app.port, nth, secrets[who][0]) for nth, who in enumerate(WHO)]
        began, burnt = perf_counter(), app.cpu_seconds()
        with ThreadPoolExecutor(len(WHO)) as pool:
            each = pool.map(
                lambda nth: [_comes_in(app.port, nth, code) for code in secrets[WHO[nth]][1:]], range(len(WHO))
            )
            times = [seconds for one in each for seconds in one]
        took, cpu = perf_counter() - began, app.cpu_seconds() - burnt
    database.dispose()
    one = percentile(alone, 0.5)
    return [
        Figure(
            f"sign-ins with password and code, {len(WHO)} people at once", len(times) / took, "/s", LEAST_RATE, False
        ),
        Figure("  each of them, median", percentile(times, 0.5), "ms"),
        Figure("  each of them, 95 of 100 within", percentile(times, 0.95), "ms"),
        Figure("  processor time of the app for each", cpu / len(times) * 1_000, "ms"),
        Figure("  one alone, four requests", one, "ms"),
        Figure("  hashing its password once (Argon2id)", hashing * 1_000, "ms"),
        Figure("  one alone, as many times the hash", one / (hashing * 1_000), "x", 4),
    ]


def _comes_in(port: int, nth: int, secret: str) -> float:
    """Sign somebody in, and return how long it took until he was in."""
    person, began = Person(port, nth), perf_counter()
    first = person.send("/account/sign-in", email=f"{WHO[nth]}@demo.test", password=PASSWORD)
    second = person.send("/account/tweede-stap", code=pyotp.TOTP(secret).at(now()))
    took = perf_counter() - began
    person.http.close()
    if (first, second) != (303, 303):
        raise RuntimeError(f"nobody came in: {first}, {second}")
    return took


def _hashing() -> float:
    kept = hash_password(PASSWORD)
    began = perf_counter()
    for _nth in range(HASHES):
        check_password(PASSWORD, kept)
    return (perf_counter() - began) / HASHES


def _apps(database: Database, made: Network) -> dict[str, list[str]]:
    """Give each account an app for each sign-in, for a code counts once; return their secrets."""
    settings = made.settings.model_copy(update={"secret_key": SecretStr(SECRET)})
    secrets = {who: [random_secret() for _nth in range(EACH)] for who in WHO}
    rows = []
    for who, held in secrets.items():
        for secret in held:
            app = sealed_app(demo_id(f"account:{who}"), secret, settings.factor_vault)
            app.confirmed_at = now()
            rows.append(app.model_dump())
    with database.owner.begin() as connection:
        connection.execute(text("SELECT set_config('role', 'providerboog_keeper', true)"))
        connection.execute(SecondFactor.__table__.insert(), rows)  # type: ignore[attr-defined]
    return secrets
