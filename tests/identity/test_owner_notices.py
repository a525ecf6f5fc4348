"""The owner of an account is told by mail what changed in how it is opened, once, and nothing else."""

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from application import build
from core.database import Database
from core.mail import folder_of
from identity.notice_tables import Happened
from identity.owner_notices import happened_words
from identity.roles import Role
from tests.identity.accounts import PASSWORD, Somebody, Tab, somebody
from tests.world import World
from worker.account_jobs import tell_owner

WAITING = text(
    "SELECT n.id, n.happened FROM identity.owner_notice n WHERE n.account_id = :account ORDER BY n.created_at"
)
NEW = "acht rode kano's onder de brug"


@pytest.fixture(scope="module")
def app(database: Database) -> FastAPI:
    return build(database.settings, database)


def told(database: Database, who: Somebody) -> list[str]:
    """Do the jobs that wait, twice as it may happen, and return what the owner was told."""
    with database.owner.connect() as connection:
        waiting = connection.execute(WAITING, {"account": who.actor.account}).all()
    for row in [*waiting, *waiting]:
        tell_owner(database, notice_id=str(row.id))
    mails = folder_of(database.settings).received_by(who.actor.email)
    assert len(mails) == len(waiting)
    for row in waiting:
        assert any(happened_words(Happened(row.happened)) in mail.get_content() for mail in mails)
    assert not any(word in mail.as_string() for mail in mails for word in (PASSWORD, NEW, "10.0.0.1"))
    return [row.happened for row in waiting]


def test_a_new_browser_a_password_a_token_and_codes(app: FastAPI, world: World, database: Database) -> None:
    who, tab = somebody(world, Role.EMPLOYER), Tab(app)
    tab.sign_in(who)
    assert told(database, who) == []  # there is nobody yet whom the first browser could surprise
    Tab(app).sign_in(who)
    assert told(database, who) == ["new_device"]
    made = tab.send("/account/tokens", name="Boekhouding", scopes="read", days="10")
    assert made.status_code == 200
    tab.send("/account/beveiliging", "/account/beveiliging/herstelcodes")
    changed = tab.send("/account/wachtwoord", old=PASSWORD, new=NEW)
    assert changed.status_code == 303
    assert told(database, who) == ["new_device", "token_made", "codes_renewed", "password_changed"]


def test_a_factor_that_is_taken_away(app: FastAPI, world: World, database: Database) -> None:
    who, tab = somebody(world), Tab(app)
    tab.sign_in(who)
    who.another_secret()
    with database.owner.connect() as connection:
        query = text("SELECT id FROM identity.second_factor WHERE account_id = :me LIMIT 1")
        factor_id = connection.execute(query, {"me": who.actor.account}).scalar_one()
    assert tab.send("/account/beveiliging", f"/account/beveiliging/manier/{factor_id}/weg").status_code == 303
    assert told(database, who) == ["factor_removed"]
