"""What leaves besides files: accounts, at last names, and papers of providers that belong to no file (R71)."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlmodel import Session

import schema
from billing.direct_tables import DirectOutcome
from cases.holds import Hold, end_hold, hold_file
from core.clock import now
from core.database import Door
from core.settings import ROOT
from core.signing import Signer
from identity.actor import Actor, system
from identity.authentication import hash_of
from identity.link_tables import LinkKind, OneTimeLink
from identity.retention import remove_accounts, remove_persons
from identity.retention_tables import HoldReason, Kept
from identity.roles import Role
from identity.tables import Account, Membership, WebSession
from medical.cases.removal import remove_files, remove_papers
from tests.billing.office import Office
from tests.identity.accounts import somebody
from tests.identity.test_audit_chain import as_superuser
from tests.identity.test_retention import SIGNER, ago, by_hand, certificates, counted, employed_until, played
from tests.medical.direct import connected
from tests.medical.stage import set_stage
from tests.world import World

Step = Callable[[Session, Actor, Signer, int], int]
OPENED_WITH = ("second_factor", "recovery_code", "known_device", "owner_notice", "provider_link")


def removed(world: World, step: Step) -> bool:
    actor = system(world.tenant_id)
    with world.acting(Door.CARE, actor) as session:
        return bool(step(session, actor, SIGNER, 50))


def left(world: World, actor: Actor, years: int) -> None:
    """Let the role of somebody have ended so many years ago."""
    with world.database.owner.begin() as connection:
        ended = text("UPDATE identity.membership SET ended_at = :at WHERE account_id = :who")
        connection.execute(ended, {"at": ago(years), "who": actor.account_id})


def with_app(world: World) -> Actor:
    """Return somebody with a password and a second factor."""
    made = somebody(world)
    assert made.secret
    return made.actor


def account_of(world: World, actor: Actor) -> Account | None:
    with Session(world.database.owner) as session:
        return session.get(Account, actor.account_id)


def test_what_opened_an_account_leaves_a_year_after_the_last_role(world: World) -> None:
    """R71."""
    gone, recent, working = (with_app(world) for _nth in range(3))
    for actor in (gone, recent, working):
        signed_in = WebSession(token_hash=hash_of(uuid4().hex), membership_id=_member(actor), expires_at=now())
        world.add(signed_in)
    left(world, gone, 1)
    left(world, recent, 0)
    assert removed(world, remove_accounts)
    assert not removed(world, remove_accounts)
    emptied = account_of(world, gone)
    assert emptied
    assert (emptied.email, emptied.password_hash) == (f"weg-{gone.account_id}", None)
    assert emptied.disabled_at
    for table in OPENED_WITH:
        assert counted(world, f"identity.{table}", account_id=gone.account_id) == 0
    assert counted(world, "identity.web_session", membership_id=gone.membership_id) == 0
    assert counted(world, "identity.person", id=gone.person_id, name=gone.name) == 1
    for actor in (recent, working):
        kept = account_of(world, actor)
        assert kept
        assert (kept.email, kept.access_removed_on) == (actor.email, None)
        assert counted(world, "identity.second_factor", account_id=actor.account_id) == 1
        assert counted(world, "identity.web_session", membership_id=actor.membership_id) == 1
    (made,) = certificates(world)
    assert (made.kept, made.years, made.things) == (Kept.ACCOUNT, 1, 1)
    assert str(gone.account_id) not in str(made.facts)


def test_who_is_somebody_elsewhere_or_is_asked_back_keeps_his_account(world: World) -> None:
    """R71."""
    elsewhere, asked = world.actor(Role.SECRETARY), world.actor(Role.SECRETARY)
    other = World(world.database)
    there = Membership(
        tenant_id=other.tenant_id,
        organisation_id=other.tenant_id,
        role=Role.SECRETARY,
        account_id=elsewhere.account,
    )
    link = OneTimeLink(
        kind=LinkKind.INVITATION,
        email=asked.email,
        expires_at=now(),
        tenant_id=world.tenant_id,
        organisation_id=world.tenant_id,
        role=Role.SECRETARY,
    )
    left(world, elsewhere, 8)
    left(world, asked, 2)
    world.add(there, link)
    assert not removed(world, remove_accounts)
    as_superuser(world, f"UPDATE identity.one_time_link SET expires_at = '{ago(1)}' WHERE id = '{link.id}'")
    assert removed(world, remove_accounts)
    assert counted(world, "identity.one_time_link", id=link.id) == 0
    assert [account_of(world, each).email for each in (elsewhere, asked)] == [  # type: ignore[union-attr]
        elsewhere.email,
        f"weg-{asked.account_id}",
    ]
    left(other, elsewhere, 8)
    assert removed(world, remove_accounts)
    assert removed(world, remove_persons)
    assert counted(world, "identity.membership", account_id=elsewhere.account_id) == 1
    assert removed(other, remove_persons)
    for table, value in (("account", elsewhere.account_id), ("person", elsewhere.person_id)):
        assert counted(world, f"identity.{table}", id=value) == 0


def test_a_name_stays_as_long_as_the_trail_or_a_file_names_it(world: World) -> None:
    """R68, R71."""
    stage = played(world, 20)
    with stage.acting(stage.physician) as session:
        hold_file(session, stage.physician, stage.case_id, Hold(reason=HoldReason.DISPUTE))
    colleague = world.actor(Role.PHYSICIAN)
    with stage.acting(colleague) as session:
        end_hold(session, colleague, stage.case_id)
    for actor in (stage.physician, colleague):
        left(world, actor, 5)
    assert removed(world, remove_accounts)
    assert not removed(world, remove_persons)
    forget_trail(world)
    assert not removed(world, remove_persons)  # a file and a hold name them
    employed_until(stage, 20)
    with stage.acting(stage.system) as session:
        assert remove_files(session, stage.system, SIGNER, 10) == 1
    as_superuser(world, "DELETE FROM identity.retention_hold WHERE tenant_id = :tenant")
    forget_trail(world)
    as_superuser(world, "DELETE FROM cases.consent WHERE tenant_id = :tenant")
    as_superuser(world, "UPDATE cases.absence_case SET opened_by = gen_random_uuid() WHERE tenant_id = :tenant")
    assert removed(world, remove_persons)
    for actor in (stage.physician, colleague):
        assert account_of(world, actor) is None
        assert counted(world, "identity.person", id=actor.person_id) == 0
        assert counted(world, "identity.membership", account_id=actor.account_id) == 0
    assert certificates(world)[-1].kept is Kept.PERSON


def forget_trail(world: World) -> None:
    """Take the trail away as the end of its own term does, which has its own tests."""
    as_superuser(world, "DELETE FROM identity.audit_event WHERE tenant_id = :tenant")


def test_a_specification_leaves_seven_years_after_it_was_judged(office: Office, employer: Actor) -> None:
    """R71: and with it the employee of whom nothing else was left; a hold keeps both."""
    direct = connected(office, employer)
    sick = office.sick(employer)
    old, young, waiting = (direct.send(invoice_reference=str(nr), employee_reference=sick.reference) for nr in range(3))
    for each in (old, young):
        direct.judge(each, DirectOutcome.AGREED)
    aged_papers(office.world, {old: 7, young: 6, waiting: 9})
    as_superuser(office.world, f"UPDATE cases.employee SET absence_removed_on = now() WHERE id = '{sick.employee_id}'")
    held = hold_of(office.world, sick.employee_id)
    assert not removed(office.world, remove_papers)
    as_superuser(office.world, f"UPDATE identity.retention_hold SET ended_at = now() WHERE id = '{held}'")
    assert removed(office.world, remove_papers)
    assert not removed(office.world, remove_papers)
    for paper, kept in ((old, 0), (young, 1), (waiting, 1)):
        assert counted(office.world, "medical.direct_specification", id=paper) == kept
        assert counted(office.world, "medical.direct_naming", specification_id=paper) == kept
    (made,) = certificates(office.world)
    assert (made.kept, made.years, made.things) == (Kept.PAPER, 7, 1)
    with office.world.database.owner.connect() as connection:
        key = text("SELECT wrapped FROM medical.data_key WHERE subject_id = :id")
        assert connection.execute(key, {"id": old}).scalar_one() is None


def aged_papers(world: World, years: dict[UUID, int]) -> None:
    for paper, count in years.items():
        moment = ago(count)
        for column, table in (
            ("id", "medical.direct_specification"),
            ("id", "medical.provider_invoice"),
            ("invoice_id", "medical.invoice_talk"),
        ):
            as_superuser(world, f"UPDATE {table} SET created_at = '{moment}' WHERE {column} = '{paper}'")
        since = f"UPDATE medical.direct_specification SET state_since = '{moment}' WHERE id = '{paper}'"
        judged = f"UPDATE medical.provider_invoice SET judged_at = '{moment}' WHERE id = '{paper}'"
        as_superuser(world, f"{since};{judged}")


def hold_of(world: World, employee_id: UUID) -> UUID:
    held, keeper = uuid4(), world.responsible.account_id
    values = f"'{held}', :tenant, now(), '{employee_id}', 'dispute', '{keeper}'"
    columns = "id, tenant_id, created_at, employee_id, reason, held_by"
    as_superuser(world, f"INSERT INTO identity.retention_hold ({columns}) VALUES ({values})")
    return held


def test_an_invoice_without_a_referral_leaves_with_those_that_it_replaced(office: Office, employer: Actor) -> None:
    """R71."""
    referred = office.referred(office.sick(employer))
    lost, again, alone = (office.send(office.invoice(referred, referral_number=f"V-0000000{nr}")).id for nr in range(3))
    as_superuser(
        office.world,
        f"UPDATE medical.provider_invoice SET supersedes_id = '{lost}' WHERE id = '{again}';"
        "INSERT INTO medical.invoice_talk"
        " (id, tenant_id, created_at, invoice_id, provider_id, kind, other_id, account_id, role)"
        f" SELECT gen_random_uuid(), :tenant, now(), '{lost}', provider_id, 'superseded', '{again}',"
        f" '{office.provider.account_id}', 'provider' FROM medical.provider_invoice WHERE id = '{lost}'",
    )
    aged_papers(office.world, {lost: 8, alone: 8})
    assert removed(office.world, remove_papers)
    assert [counted(office.world, "medical.provider_invoice", id=each) for each in (lost, again, alone)] == [1, 1, 0]
    aged_papers(office.world, {again: 7})
    assert removed(office.world, remove_papers)
    assert counted(office.world, "medical.provider_invoice", id=lost) == 0
    assert counted(office.world, "medical.provider_invoice", id=again) == 0


def test_raw_sql_takes_no_account_and_no_paper(office: Office, employer: Actor) -> None:
    """R71."""
    sent = connected(office, employer).send()
    stage = set_stage(office.world)
    care, acting = Door.CARE, stage.system
    for actor, statement, words in (
        (acting, f"SELECT medical.remove_papers(ARRAY['{sent}'::uuid])", "term of this paper"),
        (stage.physician, "SELECT identity.remove_accounts(10)", "the system does this"),
        (stage.physician, "SELECT identity.remove_persons(10)", "the system does this"),
        (acting, f"SELECT identity.delete_person('{stage.physician.account_id}')", "permission denied"),
        (acting, "DELETE FROM identity.account", "permission denied"),
        (acting, "DELETE FROM medical.direct_specification", "permission denied"),
    ):
        with pytest.raises(Exception, match=words):
            by_hand(stage, care, actor, statement)
    with pytest.raises(Exception, match="permission denied"):
        by_hand(stage, Door.OPEN, acting, "SELECT identity.remove_accounts(10)")


def test_every_table_of_an_account_and_of_a_case_is_on_the_road(world: World) -> None:
    """R71: a new table that refers to an account, a role, a case or an employee is missed here."""
    sql = "".join((ROOT / f"alembic/sql/{name}.sql").read_text() for name in ("retention", "leaving"))
    with world.database.owner.connect() as connection:
        by_case = {f"medical.{name}" for name in connection.execute(text("SELECT medical.tables_of_cases()")).scalars()}
        naming = {tuple(row) for row in connection.execute(text("SELECT * FROM identity.naming_columns()"))}
    for table in schema.metadata.sorted_tables:
        for key in table.foreign_keys:
            place, name = table.fullname, key.parent.name
            target = key.column.table.fullname
            if target in ("cases.absence_case", "cases.employee", "cases.consent", "identity.membership"):
                assert place in by_case or f"{place} WHERE" in sql or f"{place} e WHERE" in sql, (place, name)
            if target == "identity.account":
                assert (place, name) in naming or f"{place} WHERE" in sql, (place, name)


def _member(actor: Actor) -> UUID:
    assert actor.membership_id
    return actor.membership_id


def test_what_ended_long_ago_goes_from_accounts_that_go_on(world: World) -> None:
    """R71."""
    actor = with_app(world)
    ended = now() - timedelta(days=400)
    for moment in (ended, now()):
        world.add(WebSession(token_hash=hash_of(uuid4().hex), membership_id=_member(actor), expires_at=moment))
    assert removed(world, remove_accounts)
    assert counted(world, "identity.web_session", membership_id=actor.membership_id) == 1
    assert certificates(world)[-1].things == 0
