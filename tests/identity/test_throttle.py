"""Guessing is slow, and nobody can be locked out by it."""

import threading
from datetime import timedelta
from ipaddress import IPv6Address
from secrets import randbits

import pytest
from sqlalchemy import text

from core.clock import now, standing_at
from core.database import Database, Door
from identity.throttle import MustWait, Turn, give_back, network_of, password_turns, remember_device, take_turns
from tests.identity.accounts import Somebody, somebody
from tests.world import World


@pytest.fixture
def who(world: World) -> Somebody:
    return somebody(world)


def take(database: Database, turns: tuple[Turn, ...]) -> int:
    """Take turns as a try that goes wrong does; return how long one has to wait instead, or 0."""
    try:
        with database.transaction(Door.IDENTITY) as session:
            take_turns(session, turns)
    except MustWait as refusal:
        return refusal.seconds
    return 0


def turns(database: Database, email: str, device: str = "", address: str = "") -> tuple[Turn, ...]:
    """Return the turns of a try; without an address from another one each time, as who guesses in earnest does."""
    address = address or str(IPv6Address(randbits(128)))
    with database.transaction(Door.IDENTITY) as session:
        return password_turns(session, database.settings, email, device, address)


def test_who_guesses_waits_longer_and_longer_but_never_for_good(database: Database, who: Somebody) -> None:
    moment, waits = now(), []
    for _nth in range(14):
        with standing_at(moment):
            wait = take(database, turns(database, who.actor.email))
            waits.append(wait)
            moment += timedelta(seconds=wait)
    # Each wait is taken once: what is refused does not count, and does not make it longer.
    waited = [wait for wait in waits if wait]
    assert waits[:6] == [0, 0, 0, 0, 0, 0]
    assert waited == [2, 4, 8, 16][: len(waited)]
    for _nth in range(40):
        with standing_at(moment):
            moment += timedelta(seconds=take(database, turns(database, who.actor.email)))
    with standing_at(moment):
        take(database, turns(database, who.actor.email))
        assert take(database, turns(database, who.actor.email)) == 60
    with standing_at(moment + timedelta(hours=2)):
        assert [take(database, turns(database, who.actor.email)) for _nth in range(5)] == [0] * 5


def test_whether_an_account_exists_makes_no_difference(database: Database, who: Somebody) -> None:
    def told(email: str, address: str) -> list[int]:
        return [take(database, turns(database, email, address=address)) for _nth in range(9)]

    with standing_at(now()):
        assert told(who.actor.email, "192.0.2.8") == told("nobody-at-all@example.test", "192.0.2.9")


def test_in_a_known_browser_one_does_not_wait_for_others(database: Database, who: Somebody) -> None:
    with database.transaction(Door.IDENTITY) as session:
        device = remember_device(session, who.actor.account)
    for _nth in range(20):
        take(database, turns(database, who.actor.email))
    assert take(database, turns(database, who.actor.email)) > 0
    assert take(database, turns(database, who.actor.email, device)) == 0
    # A browser that another signed in from is not known for this account.
    other = somebody(who.world)
    assert take(database, turns(database, who.actor.email, "", "192.0.2.99")) > 0
    assert len(turns(database, other.actor.email, device)) == 2


def test_one_address_does_not_try_everybody(database: Database) -> None:
    address = "2001:db8:1:2::"
    waits = [
        take(database, turns(database, f"person-{nth}@example.test", address=f"{address}{nth:x}")) for nth in range(40)
    ]
    assert waits[:31] == [0] * 31
    assert all(wait > 0 for wait in waits[33:])
    assert network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9")
    assert network_of("2001:db8:1:3::1") != network_of("2001:db8:1:2::1")
    assert network_of(None) == network_of("testclient") == "-"


def test_many_at_once_are_counted_one_by_one(database: Database, who: Somebody) -> None:
    mine, results = turns(database, who.actor.email), list[int]()
    start = threading.Barrier(4)

    def guess() -> None:
        start.wait()
        results.extend(take(database, mine) for _nth in range(5))

    threads = [threading.Thread(target=guess) for _nth in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(results) == 20
    assert results.count(0) <= 7


def test_what_goes_right_clears_the_account_but_not_the_address(database: Database, who: Somebody) -> None:
    mine = turns(database, who.actor.email, address="192.0.2.55")
    with standing_at(now()):
        for _nth in range(4):
            assert take(database, mine) == 0
        with database.transaction(Door.IDENTITY) as session:
            give_back(session, mine)
            failures = {
                turn.own: session.execute(
                    text("SELECT failures FROM identity.slot WHERE place = :place"), {"place": turn.place}
                ).scalar_one()
                for turn in mine
            }
        assert failures == {True: 0, False: 3}
