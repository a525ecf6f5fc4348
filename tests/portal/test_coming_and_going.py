"""Joiners, movers and leavers: invitations that work once, new passwords by mail, and an end that holds at once."""

import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pyotp
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from core.clock import now
from core.database import Door
from core.mail import FolderPost
from identity.link_tables import OneTimeLink
from identity.links import send_link
from identity.roles import OrganisationKind, Role
from identity.sign_in import issue_token
from identity.tables import Account, Assignment, Membership
from tests.identity.accounts import PASSWORD, Somebody, Tab, somebody
from tests.world import World

PAGE, NEW = "/account/mensen", "twee ganzen op een houten brug"
LINK = re.compile(r"https?://[^/]+(/account/link/[0-9a-f-]{36}/[\w-]{43})")
SECRET = re.compile(r'class="secret">([A-Z2-7 ]+)<')


def signed_in(app: FastAPI, who: Somebody) -> Tab:
    tab = Tab(app)
    tab.sign_in(who)
    return tab


@pytest.fixture
def manager(app: FastAPI, world: World) -> Tab:
    return signed_in(app, somebody(world, Role.NETWORK_MANAGER))


@pytest.fixture
def provider_id(world: World) -> UUID:
    return world.organisation(OrganisationKind.PROVIDER, "Praktijk De Brug")


def mailed(world: World, folder: Path, email: str) -> str:
    """Send what waits for this address, as the worker does, and return the path of the link in the newest mail."""
    post, settings = FolderPost(folder), world.database.settings
    with world.database.transaction(Door.IDENTITY) as session:
        for link_id in session.exec(select(OneTimeLink.id).where(OneTimeLink.email == email)).all():
            send_link(session, link_id, post, settings)
            assert not send_link(session, link_id, post, settings)  # once
    messages = post.received_by(email)
    if not messages:
        return ""
    body = messages[0].get_body(("plain",))
    assert body is not None
    found = LINK.search(body.get_content())
    assert found is not None
    return found[1]


def invited(tab: Tab, email: str, role: Role, organisation_id: UUID, **more: str) -> int:
    fields = {"email": email, "name": "Nieuwe Persoon", "place": f"{role.value}:{organisation_id}", **more}
    return tab.send(PAGE, **fields).status_code


def test_somebody_invited_begins_in_his_role_with_a_second_factor(
    app: FastAPI, world: World, manager: Tab, provider_id: UUID, tmp_path: Path
) -> None:
    """R69."""
    email = f"nieuw-{world.tenant_id.hex[:8]}@example.test"
    assert invited(manager, email.upper(), Role.PROVIDER, provider_id) == 303
    link, tab = mailed(world, tmp_path, email), Tab(app)
    assert "Praktijk De Brug" in tab.get(link).text
    assert tab.send(link, password="Nieuwe Persoon1").status_code == 422
    assert tab.send(link, password=NEW).headers["location"] == "/account/tweede-stap"
    assert tab.get("/provider").headers["location"].startswith("/account/sign-in")
    found = SECRET.search(tab.get("/account/instellen").text)
    assert found is not None
    code = pyotp.TOTP(found[1].replace(" ", "")).at(now())
    assert tab.send("/account/instellen", "/account/instellen/app", code=code, name="App").status_code == 200
    assert tab.get("/").headers["location"] == "/provider"
    assert Tab(app).get(link).status_code == 404
    assert Tab(app).client.post(link, data={"password": "x"}).status_code in (403, 404)
    with Session(world.database.owner) as session:
        of_address = select(Membership).join(Account, col(Account.id) == Membership.account_id)
        member = session.exec(of_address.where(Account.email == email)).one()
    assert (member.role, member.organisation_id, member.tenant_id) == (Role.PROVIDER, provider_id, world.tenant_id)


def test_a_link_is_for_nobody_else_and_not_for_ever(
    app: FastAPI, world: World, manager: Tab, provider_id: UUID, tmp_path: Path
) -> None:
    email = f"ander-{world.tenant_id.hex[:8]}@example.test"
    invited(manager, email, Role.PROVIDER, provider_id)
    link = mailed(world, tmp_path, email)
    assert Tab(app).get(link[:-2] + "AA").status_code == 404
    (link_id,) = re.findall(r"uitnodiging/([0-9a-f-]{36})/intrekken", manager.get(PAGE).text)
    other = signed_in(app, somebody(World(world.database), Role.NETWORK_MANAGER))
    assert other.send(PAGE, f"{PAGE}/uitnodiging/{link_id}/intrekken").status_code == 404
    assert Tab(app).get(link).status_code == 200
    assert manager.send(PAGE, f"{PAGE}/uitnodiging/{link_id}/intrekken").status_code == 303
    assert Tab(app).get(link).status_code == 404
    invited(manager, email, Role.PROVIDER, provider_id)
    link = mailed(world, tmp_path, email)
    with Session(world.database.owner) as session:
        session.execute(
            text("UPDATE identity.one_time_link SET expires_at = :past WHERE id = :id"),
            {"past": now() - timedelta(seconds=1), "id": link.split("/")[3]},
        )
        session.commit()
    assert Tab(app).get(link).status_code == 404


@pytest.mark.parametrize("role", [Role.PHYSICIAN, Role.DELEGATE, Role.SECRETARY, Role.EMPLOYEE, Role.AUDITOR])
def test_who_cannot_see_the_medical_side_lets_nobody_in_there(world: World, manager: Tab, role: Role) -> None:
    """R22."""
    more = {"registration_number": "12345678901", "registered_until": "1-1-2028"}
    assert invited(manager, "iemand@example.test", role, world.tenant_id, **more) == 422
    assert role.value not in manager.get(PAGE).text


def test_a_physician_lets_colleagues_in_and_no_parties(app: FastAPI, world: World, provider_id: UUID) -> None:
    """R22."""
    tab = signed_in(app, somebody(world))
    assert invited(tab, "een@example.test", Role.PROVIDER, provider_id) == 422
    assert invited(tab, "twee@example.test", Role.SECRETARY, world.tenant_id) == 303
    assert invited(tab, "drie@example.test", Role.PHYSICIAN, world.tenant_id) == 422  # without a registration
    more = {"registration_number": "12345678901", "registered_until": "1-1-2028"}
    assert invited(tab, "drie@example.test", Role.DELEGATE, world.tenant_id, **more) == 303
    assert invited(tab, "vier@example.test", Role.SECRETARY, World(world.database).tenant_id) == 422
    assert signed_in(app, somebody(world, Role.EMPLOYER)).get(PAGE).status_code == 404
    assert signed_in(app, somebody(world, Role.SECRETARY)).get(PAGE).status_code == 403


def test_who_leaves_is_out_at_once(app: FastAPI, world: World) -> None:
    employer_id = world.organisation(OrganisationKind.EMPLOYER, "Werkgever")
    physician = signed_in(app, somebody(world))
    leaver = somebody(world, Role.DELEGATE)
    assert leaver.actor.membership_id is not None
    assert leaver.actor.person_id is not None
    world.add(
        Assignment(
            tenant_id=world.tenant_id,
            membership_id=leaver.actor.membership_id,
            account_id=leaver.actor.account,
            person_id=leaver.actor.person_id,
            role=Role.DELEGATE,
            employer_id=employer_id,
        )
    )
    tab = signed_in(app, leaver)
    with world.database.transaction(Door.IDENTITY) as session:
        token = issue_token(session, leaver.actor.email, None, world.database.settings)
    program = TestClient(app, headers={"authorization": f"Bearer {token}"})
    assert tab.get("/arts").status_code == 200
    assert program.get("/api/v1/me").status_code == 200
    assert physician.send(PAGE, f"{PAGE}/{leaver.actor.membership_id}/einde").status_code == 303
    assert tab.get("/arts").headers["location"].startswith("/account/sign-in")
    assert program.get("/api/v1/me").status_code == 401
    assert Tab(app).type_password(leaver).status_code == 401
    with Session(world.database.owner) as session:
        ended = select(Assignment.ended_at).where(Assignment.account_id == leaver.actor.account)
        assert session.exec(ended).one() is not None
    assert physician.send(PAGE, f"{PAGE}/{leaver.actor.membership_id}/einde").status_code == 404


def test_nobody_ends_what_is_not_his_or_himself(app: FastAPI, world: World, manager: Tab) -> None:
    physician, stranger = somebody(world), somebody(World(world.database), Role.PROVIDER)
    for who in (physician, stranger):
        assert manager.send(PAGE, f"{PAGE}/{who.actor.membership_id}/einde").status_code == 404
    own = somebody(world, Role.NETWORK_MANAGER)
    assert signed_in(app, own).send(PAGE, f"{PAGE}/{own.actor.membership_id}/einde").status_code == 409


def test_a_new_password_by_mail_leaves_the_second_factor(app: FastAPI, world: World, tmp_path: Path) -> None:
    """R69."""
    who = somebody(world)
    before, tab = signed_in(app, who), Tab(app)
    answers = [
        tab.send("/account/wachtwoord-vergeten", email=email) for email in (who.actor.email, "nobody@example.test")
    ]
    assert len({(each.status_code, each.headers["location"], each.headers["set-cookie"]) for each in answers}) == 1
    assert mailed(world, tmp_path, "nobody@example.test") == ""
    link = mailed(world, tmp_path, who.actor.email)
    assert tab.send(link, password="Welkom2026!!").status_code == 422
    assert tab.send(link, password=NEW).headers["location"] == "/account/tweede-stap"
    assert before.get("/arts").headers["location"].startswith("/account/sign-in")
    assert tab.get("/arts").headers["location"].startswith("/account/sign-in")
    assert tab.get("/account/instellen").headers["location"].startswith("/account/tweede-stap")
    assert tab.type_code(pyotp.TOTP(who.another_secret()).at(now())).headers["location"] == "/arts"
    assert Tab(app).get(link).status_code == 404
    assert Tab(app).type_password(who, PASSWORD).status_code == 401


def test_who_lost_everything_begins_anew_by_invitation(app: FastAPI, world: World, tmp_path: Path) -> None:
    physician, lost = signed_in(app, somebody(world)), somebody(world, Role.SECRETARY)
    old = signed_in(app, lost)
    assert invited(physician, lost.actor.email, Role.SECRETARY, world.tenant_id) == 303
    link, tab = mailed(world, tmp_path, lost.actor.email), Tab(app)
    assert tab.send(link, password=NEW).headers["location"] == "/account/tweede-stap"
    assert old.get("/secretariaat").headers["location"].startswith("/account/sign-in")
    assert tab.get("/account/tweede-stap").headers["location"] == "/account/instellen"
    # Not where that would open more than the inviter may give.
    other = World(world.database)
    world.add(
        Membership(
            tenant_id=other.tenant_id,
            account_id=lost.actor.account,
            organisation_id=other.tenant_id,
            role=Role.SECRETARY,
        )
    )
    assert invited(physician, lost.actor.email, Role.SECRETARY, world.tenant_id) == 422


STATEMENTS = (
    "INSERT INTO identity.membership (id, tenant_id, created_at, account_id, organisation_id, role)"
    " VALUES (gen_random_uuid(), :tenant, now(), :account, :tenant, 'secretary')",
    "UPDATE identity.membership SET role = 'physician' WHERE account_id = :account",
    "UPDATE identity.membership SET ended_at = NULL WHERE account_id = :account",
    "UPDATE identity.one_time_link SET used_at = NULL",
    "UPDATE identity.one_time_link SET role = 'physician'",
)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_raw_sql_behind_the_door_lets_nobody_in(app: FastAPI, world: World, statement: str) -> None:
    """R22."""
    who = somebody(world, Role.SECRETARY)
    invited(signed_in(app, somebody(world)), "x@example.test", Role.SECRETARY, world.tenant_id)
    with Session(world.database.owner) as session:
        for owned in (
            "UPDATE identity.membership SET ended_at = now() WHERE account_id = :account",
            "UPDATE identity.one_time_link SET used_at = now() WHERE tenant_id = :tenant",
        ):
            session.execute(text(owned), {"account": who.actor.account, "tenant": world.tenant_id})
        session.commit()
    with pytest.raises(DBAPIError), world.database.transaction(Door.IDENTITY) as session:
        session.execute(text(statement), {"account": who.actor.account, "tenant": world.tenant_id})
