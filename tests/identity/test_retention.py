"""What has passed its term leaves by one road, which checks the term itself and leaves a certificate (R71)."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

import schema
from billing.invoicing.references_removed import remove_references
from cases.employment import Employment, end_employment, remove_absences
from cases.holds import Hold, end_hold, hold_file
from cases.tables import OwnRisk
from core.clock import now
from core.database import Door
from core.errors import Conflict, Forbidden, NotFound
from core.signing import Proof, Signer
from identity.actor import Actor
from identity.retention import get_certificate, list_certificates, remove_log
from identity.retention_tables import HoldReason, Kept, RemovalCertificate
from medical.cases.removal import remove_files
from medical.tables import ReferralState
from tests.billing.office import OPEN, Office
from tests.identity.test_audit_chain import as_superuser
from tests.medical.stage import MEDICAL, Stage, set_stage
from tests.world import World

SIGNER = Signer((b"a" * 32,))
YEAR = timedelta(days=366)
CERTIFICATE_SAYS = {
    "id",
    "tenant",
    "at",
    "kept",
    "years",
    "until",
    "things",
    "rows",
    "fingerprint",
    "position",
    "digest",
}


def ago(years: int) -> datetime:
    """Return a moment so many whole years back, and a day more."""
    return now().replace(year=now().year - years) - timedelta(days=1)


def played(world: World, years: int) -> Stage:
    """A case with a judgement and a referral that runs, all of so many years ago, and closed then."""
    stage = set_stage(world)
    stage.judge(medical=True)
    stage.in_state(ReferralState.RUNNING, MEDICAL)
    aged(stage, ago(years))
    return stage


def aged(stage: Stage, moment: datetime) -> None:
    """Close the case at `moment`, and let everything in it be of then: nobody who signs in today acted so long ago."""
    values = {"at": moment, "case": stage.case_id}
    with stage.world.database.owner.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("UPDATE cases.absence_case SET closed_at = :at WHERE id = :case"), values)
        connection.execute(text("UPDATE medical.referral SET state_since = :at WHERE case_id = :case"), values)
        for name in ("cases.consent", *with_case()):
            connection.execute(text(f"UPDATE {name} SET created_at = :at WHERE case_id = :case"), values)


def with_case() -> list[str]:
    """Return the tables of the medical room whose rows name a case."""
    tables = [table for table in schema.metadata.sorted_tables if table.schema == "medical"]
    return [table.fullname for table in tables if "case_id" in table.columns]


def employed_until(stage: Stage, years: int, own_risk: str | None = None) -> None:
    """Let the employment have ended so many years ago."""
    values = {"day": ago(years).date(), "risk": own_risk, "id": stage.employee_id}
    with stage.world.database.owner.begin() as connection:
        connection.execute(
            text("UPDATE cases.employee SET employed_until = :day, own_risk = :risk WHERE id = :id"), values
        )


def counted(world: World, table: str, **where: Any) -> int:
    condition = " AND ".join(f"{name} = :{name}" for name in where)
    with world.database.owner.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table} WHERE {condition}"), where).scalar_one())


def files(stage: Stage) -> int:
    with stage.acting(stage.system) as session:
        return remove_files(session, stage.system, SIGNER, 10)


def absences(stage: Stage, kept: Kept = Kept.ABSENCE) -> int:
    with stage.acting(stage.system) as session:
        return remove_absences(session, stage.system, SIGNER, kept, 10)


def certificates(world: World) -> list[RemovalCertificate]:
    with Session(world.database.owner) as session:
        found = select(RemovalCertificate).where(RemovalCertificate.tenant_id == world.tenant_id)
        return list(session.exec(found.order_by(RemovalCertificate.created_at)))  # type: ignore[arg-type]


def medical_rows(stage: Stage) -> int:
    return sum(counted(stage.world, name, case_id=stage.case_id) for name in with_case())


def test_a_medical_file_leaves_twenty_years_after_its_last_change(world: World) -> None:
    """R71."""
    old, young = played(world, 20), played(world, 19)
    assert medical_rows(old) > 5
    assert files(old) == 1
    assert medical_rows(old) == 0
    assert medical_rows(young) > 5
    assert files(young) == 0
    (made,) = certificates(world)
    assert (made.kept, made.years, made.things) == (Kept.MEDICAL, 20, 1)
    assert made.rows > 5
    assert made.proof(SIGNER) is Proof.GOOD
    assert set(made.facts) == CERTIFICATE_SAYS
    assert str(old.case_id) not in str(made.facts)
    assert str(old.employee_id) not in str(made.facts)


def test_one_late_change_keeps_the_whole_file(world: World) -> None:
    """R71."""
    stage = played(world, 20)
    with world.database.owner.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        late = text("UPDATE medical.referral_event SET created_at = :at WHERE case_id = :case")
        connection.execute(late, {"at": ago(5), "case": stage.case_id})
    assert files(stage) == 0
    assert medical_rows(stage) > 5


def test_every_table_of_the_medical_room_is_reached(world: World) -> None:
    """R71: what hangs on no case is either on the road of its invoice, or no file of an employee."""
    by_invoice = {"invoice_check", "invoice_talk", "provider_invoice_line", "payable_link", "provider_invoice"}
    of_employers = {"direct_link", "direct_specification", "direct_message", "direct_naming"}
    of_nobody = {"answered_act", "data_key", "tenant_key"}  # emptied after a day; destroyed rather than removed
    with world.database.owner.connect() as connection:
        reached = set(connection.execute(text("SELECT medical.tables_of_cases()")).scalars())
    tables = {table.name for table in schema.metadata.sorted_tables if table.schema == "medical"}
    assert tables - reached - by_invoice - of_employers - of_nobody == set()


@pytest.mark.parametrize(
    ("own_risk", "kept", "years"),
    [(None, Kept.ABSENCE, 2), ("zw", Kept.ABSENCE_ZW, 5), ("wga", Kept.ABSENCE_WGA, 10)],
)
def test_an_absence_leaves_after_the_term_of_its_employer(
    world: World, own_risk: str | None, kept: Kept, years: int
) -> None:
    """R71."""
    early, late = set_stage(world), set_stage(world)
    for stage, ended in ((early, years), (late, years - 1)):
        aged(stage, ago(15))
        employed_until(stage, ended, own_risk)
    assert absences(early, kept) == 1
    assert counted(world, "cases.sick_spell", case_id=early.case_id) == 0
    assert counted(world, "cases.absence_case", id=early.case_id) == 0
    assert counted(world, "cases.employee", id=early.employee_id) == 0
    assert counted(world, "cases.sick_spell", case_id=late.case_id) == 1
    (made,) = certificates(world)
    assert (made.kept, made.years) == (kept, years)


def test_a_running_absence_and_an_employment_without_an_end_stay(world: World) -> None:
    """R71."""
    running, employed = set_stage(world), set_stage(world)
    employed_until(running, 3)
    aged(employed, ago(15))
    assert absences(running) == 0
    assert counted(world, "cases.sick_spell", case_id=running.case_id) == 1


def test_what_a_medical_file_hangs_on_stays_for_the_medical_side_alone(world: World) -> None:
    """R71."""
    stage = played(world, 3)
    employed_until(stage, 3)
    assert absences(stage) == 1
    assert counted(world, "cases.sick_spell", case_id=stage.case_id) == 0
    assert counted(world, "cases.consent", case_id=stage.case_id) == 1
    assert medical_rows(stage) > 5
    found = text("SELECT count(*) FROM cases.absence_case WHERE id = :id")
    manager = stage.case_manager
    for door, actor, seen in ((Door.OPEN, manager, 0), (Door.CARE, stage.physician, 1), (Door.OPEN, stage.employee, 1)):
        with world.acting(door, actor) as session:
            assert session.execute(found, {"id": stage.case_id}).scalar_one() == seen


def test_the_last_to_leave_takes_the_head_along(world: World) -> None:
    """R71."""
    stage = played(world, 20)
    employed_until(stage, 20)
    assert absences(stage) == 1
    assert files(stage) == 1
    for table, value in (("cases.absence_case", stage.case_id), ("cases.employee", stage.employee_id)):
        assert counted(world, table, id=value) == 0
    assert counted(world, "cases.consent", case_id=stage.case_id) == 0


def test_what_is_held_stays_until_the_hold_ends(world: World) -> None:
    """R71."""
    stage = played(world, 20)
    employed_until(stage, 20)
    with stage.acting(stage.physician) as session:
        hold = hold_file(session, stage.physician, stage.case_id, Hold(reason=HoldReason.DISPUTE))
        assert hold == hold_file(session, stage.physician, stage.case_id, Hold(reason=HoldReason.REQUEST))
    assert (absences(stage), files(stage)) == (0, 0)
    with pytest.raises(Exception, match="term of this file"):
        by_hand(stage, Door.CARE, stage.system, f"SELECT medical.remove_files(ARRAY['{stage.case_id}'::uuid])")
    with stage.acting(stage.physician) as session:
        end_hold(session, stage.physician, stage.case_id)
        with pytest.raises(NotFound):
            end_hold(session, stage.physician, stage.case_id)
    assert (absences(stage), files(stage)) == (1, 1)
    with stage.acting(stage.delegate) as session, pytest.raises(Forbidden):
        hold_file(session, stage.delegate, stage.case_id, Hold(reason=HoldReason.DISPUTE))


def by_hand(stage: Stage, door: Door, actor: Actor, statement: str) -> None:
    with stage.world.acting(door, actor) as session:
        session.execute(text(statement))


def test_raw_sql_removes_nothing_before_its_term(world: World) -> None:
    """R71."""
    stage = played(world, 19)
    employed_until(stage, 1)
    case, who = stage.case_id, stage.employee_id
    physician, system = stage.physician, stage.system
    refused = [
        (Door.CARE, system, f"SELECT medical.remove_files(ARRAY['{case}'::uuid])", "term of this file"),
        (Door.CARE, system, f"SELECT cases.remove_absences(ARRAY['{who}'::uuid], 'absence')", "term of this absence"),
        (Door.CARE, system, f"SELECT cases.remove_absences(ARRAY['{who}'::uuid], 'invoice')", "term of this absence"),
        (Door.CARE, physician, f"SELECT medical.remove_files(ARRAY['{case}'::uuid])", "term of this file"),
        (Door.CARE, physician, "SELECT app.remove_log(10)", "the system does this"),
        (Door.CARE, system, "DELETE FROM medical.referral", "permission denied"),
        (Door.CARE, system, "DELETE FROM cases.absence_case", "permission denied"),
        (Door.CARE, system, "SET ROLE providerboog_remover", "permission denied"),
        (Door.OPEN, system, "SET ROLE providerboog_remover", "permission denied"),
        (Door.CARE, system, f"SELECT cases.delete_head('{case}')", "permission denied"),
        (Door.CARE, system, "SELECT app.delete_all(ARRAY['cases.employee'], ARRAY[]::uuid[])", "permission denied"),
        (Door.CARE, system, "SELECT app.certify('log', 1, 1, '', NULL, NULL)", "permission denied"),
        (Door.CARE, system, "UPDATE identity.retention_term SET years = 0", "permission denied"),
        (Door.CARE, system, "UPDATE identity.removal_certificate SET things = 0", "permission denied"),
        (Door.OPEN, system, "SELECT app.remove_log(10)", "permission denied"),
    ]
    for door, actor, statement, words in refused:
        with pytest.raises(Exception, match=words):
            by_hand(stage, door, actor, statement)
    assert medical_rows(stage) > 5


def test_a_certificate_stays_as_it_was_signed_and_is_the_auditors(world: World) -> None:
    """R71."""
    stage = played(world, 20)
    files(stage)
    for statement in ("UPDATE identity.removal_certificate SET things = 9", "DELETE FROM identity.removal_certificate"):
        with (
            pytest.raises(Exception, match=r"stays as it was given|append-only"),
            world.database.owner.begin() as owner,
        ):
            owner.execute(text(statement))
    with world.acting(Door.OPEN, stage.auditor) as session:
        (listed,) = list_certificates(session, stage.auditor, SIGNER).items
        assert get_certificate(session, stage.auditor, SIGNER, listed.id).written["signature"]
        with pytest.raises(NotFound):
            get_certificate(session, stage.auditor, SIGNER, uuid4())
    as_superuser(world, "UPDATE identity.removal_certificate SET things = 9 WHERE tenant_id = :tenant")
    with world.acting(Door.OPEN, stage.auditor) as session:
        assert get_certificate(session, stage.auditor, SIGNER, listed.id).proof is Proof.FORGED
    with world.acting(Door.OPEN, stage.case_manager) as session, pytest.raises(Forbidden):
        list_certificates(session, stage.case_manager, SIGNER)


def test_the_reference_leaves_an_invoice_after_seven_years_and_the_amounts_stay(office: Office) -> None:
    """R71."""
    employer = office.employer()
    office.supplied(employer, intervention=OPEN)
    office.run()
    invoice = text("SELECT total_cents, document FROM billing.invoice WHERE tenant_id = :tenant AND buyer_id = :buyer")
    whose = {"tenant": office.world.tenant_id, "buyer": employer.organisation_id}
    with office.world.database.owner.connect() as connection:
        cents, before = connection.execute(invoice, whose).one()
    assert any(line["reference"] for line in before["lines"])
    assert not removed_references(office)
    issued(office, date(now().year - 7, 1, 1))  # its year is not over seven years ago
    assert not removed_references(office)
    issued(office, date(now().year - 8, 12, 31))
    assert removed_references(office)
    with office.world.database.owner.connect() as connection:
        after = connection.execute(invoice, whose).one()
    assert after.total_cents == cents
    assert [line["reference"] for line in after.document["lines"]] == [None] * len(before["lines"])
    assert [line | {"reference": None} for line in before["lines"]] == after.document["lines"]
    assert [charge.employee_reference for charge in office.charges(employer)] == [None]
    assert not removed_references(office)


def removed_references(office: Office) -> bool:
    with office.care(office.system) as session:
        return remove_references(session, office.system, SIGNER, 10)


def issued(office: Office, day: date) -> None:
    with office.world.database.owner.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        statement = text("UPDATE billing.invoice SET issue_date = :day WHERE tenant_id = :tenant")
        connection.execute(statement, {"day": day, "tenant": office.world.tenant_id})


def test_the_end_of_an_employment_is_written_by_who_keeps_the_case(world: World) -> None:
    """R71."""
    stage = set_stage(world)
    manager, ended = stage.case_manager, Employment(employed_until=ago(1).date(), own_risk=OwnRisk.WGA)
    with world.acting(Door.OPEN, manager) as session, pytest.raises(Conflict):
        end_employment(session, manager, stage.case_id, ended)
    aged(stage, ago(2))
    with world.acting(Door.OPEN, manager) as session:
        end_employment(session, manager, stage.case_id, ended)
    assert counted(world, "cases.employee", id=stage.employee_id, own_risk="wga") == 1
    strange: Actor = stage.elsewhere().case_manager
    with world.acting(Door.OPEN, strange) as session, pytest.raises(NotFound):
        end_employment(session, strange, stage.case_id, ended)


def test_nobody_but_the_system_removes(world: World) -> None:
    stage = set_stage(world)
    who = stage.physician
    with stage.acting(who) as session:
        with pytest.raises(Forbidden):
            remove_files(session, who, SIGNER, 1)
        with pytest.raises(Forbidden):
            remove_absences(session, who, SIGNER, Kept.ABSENCE, 1)
        with pytest.raises(Forbidden):
            remove_references(session, who, SIGNER, 1)
        with pytest.raises(Forbidden):
            remove_log(session, who, SIGNER)
