"""Sealed columns: what the database holds, where a value opens, who can open it, and what is left without its key."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select, update

from core.database import Database, Door
from core.errors import Forbidden, Unavailable
from core.keyring import Keyring
from core.rows import append_all
from core.sealed import SealedText, give_ring
from demo.bulk import copy, draft
from medical.cases.assessments import assessment_history
from medical.keys import shred
from medical.referrals.draft import revise_draft
from medical.referrals.forms import Asked
from medical.referrals.list import ReferralFilter, list_referrals
from medical.referrals.read import read_referral
from medical.tables import Assessment, ContentVersion, ReferralBasis, ReferralContent, ReferralState
from tests.medical.stage import GOAL, MEDICAL, OPEN, QUESTION, Stage

REMOVED = "Verwijderd na de bewaartermijn."


def raw(stage: Stage, column: str, table: str = "referral_content") -> bytes:
    """Return a value as the database holds it, for whoever owns it."""
    query = text(f"SELECT {column} FROM medical.{table} WHERE case_id = :case ORDER BY created_at LIMIT 1")
    with stage.world.database.owner.connect() as connection:
        return bytes(connection.execute(query, {"case": stage.case_id}).scalar_one())


def as_owner(stage: Stage, statement: str, **values: object) -> None:
    """Change something that nobody may change, as whoever owns the database could."""
    with stage.world.database.owner.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(statement), {"case": stage.case_id, "tenant": stage.world.tenant_id, **values})


class TestReading:
    def test_a_value_opens_in_a_row_alone_under_another_name_and_beside_others(self, stage: Stage) -> None:
        stage.issued(MEDICAL)
        other = aliased(ReferralContent, name="other")
        with stage.acting(stage.physician) as session:
            assert session.exec(select(ReferralContent)).one().goal == GOAL
            assert session.exec(select(ReferralContent.goal)).all() == [GOAL]
            labelled: Any = select(col(other.goal).label("aim"), col(ReferralContent.question))
            beside = labelled.where(other.id == ReferralContent.id)
            assert session.execute(beside).mappings().one() == {"aim": GOAL, "question": QUESTION}

    def test_the_owner_of_the_database_sees_bytes_and_opens_nothing(self, stage: Stage) -> None:
        stage.judge(medical=True, cause="P03")
        stage.issued(MEDICAL)
        for column, table, word in (("goal", "referral_content", GOAL), ("cause", "assessment", "P03")):
            assert word.encode() not in raw(stage, column, table)
        with Session(stage.world.database.owner) as session, pytest.raises(PermissionError, match="no keys"):
            session.exec(select(ReferralContent.goal)).all()

    def test_how_long_a_code_is_does_not_show(self, stage: Stage) -> None:
        stage.judge(medical=True, cause="P03")
        kind = SealedText("a.b")
        assert len({len(kind.packed(words)) for words in ("", "no", "not_reached", "x" * 31)}) == 1
        assert len(raw(stage, "cause", "assessment")) == 1 + 16 + 12 + 32 + 16

    def test_an_open_door_has_no_way_to_open(self, stage: Stage) -> None:
        """Handed a sealed value and all its wrapped keys, the open side still has nothing to open it with."""
        stage.issued(MEDICAL)
        with stage.acting(stage.physician) as session:
            compiled = str(select(ReferralContent.goal).compile(dialect=session.connection().dialect))
            handed = session.execute(text(compiled)).scalar_one()
        stolen = text("SELECT CAST(:handed AS bytea) AS goal").columns(goal=SealedText("referral_content.goal"))
        with stage.acting(stage.physician) as session:
            assert session.execute(stolen, {"handed": handed}).scalar_one() == GOAL
        manager = stage.case_manager
        with stage.world.acting(Door.OPEN, manager) as session, pytest.raises(PermissionError, match="no keys"):
            session.execute(stolen, {"handed": handed}).all()
        with pytest.raises(DBAPIError, match="permission denied"), stage.world.acting(Door.OPEN, manager) as session:
            session.execute(text("SELECT wrapped FROM medical.data_key"))


class TestPlace:
    """What is bound to its row opens nowhere else, whoever moves it."""

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE medical.referral_content SET goal = question WHERE case_id = :case",
            "UPDATE medical.referral_content SET id = gen_random_uuid() WHERE case_id = :case",
            "UPDATE medical.referral_content SET goal = set_byte(goal, 60, get_byte(goal, 60) # 1)"
            " WHERE case_id = :case",
            "UPDATE medical.referral_content SET goal = 'leesbaar' WHERE case_id = :case",
            "UPDATE medical.referral_content SET goal = substr(goal, 1, 20) WHERE case_id = :case",
            "UPDATE medical.data_key SET handle = substr(handle, 2) || '\\x00' WHERE subject_id = :case",
            "UPDATE medical.data_key SET wrapped = set_byte(wrapped, 30, 1) || '' WHERE subject_id = :case",
            "UPDATE medical.tenant_key SET wrapped = set_byte(wrapped, 30, get_byte(wrapped, 30) # 1)"
            " WHERE tenant_id = :tenant",
        ],
    )
    def test_what_was_moved_or_changed_does_not_open(self, stage: Stage, change: str) -> None:
        stage.issued(MEDICAL)
        as_owner(stage, change)
        with stage.acting(stage.physician) as session, pytest.raises(Unavailable):
            session.exec(select(ReferralContent.goal)).all()

    def test_the_value_of_another_case_does_not_open_here(self, stage: Stage) -> None:
        stage.issued(MEDICAL)
        elsewhere = stage.elsewhere()
        elsewhere.issued(MEDICAL, goal="Een ander doel")
        as_owner(
            stage,
            "UPDATE medical.referral_content SET goal ="
            " (SELECT goal FROM medical.referral_content WHERE case_id = :other) WHERE case_id = :case",
            other=elsewhere.case_id,
        )
        with stage.acting(stage.physician) as session, pytest.raises(Unavailable):
            session.exec(select(ReferralContent.goal).where(ReferralContent.case_id == stage.case_id)).all()


class TestWriting:
    def test_many_rows_at_once_are_sealed_each_for_itself(self, stage: Stage) -> None:
        referral = stage.row(stage.issued(MEDICAL).id)
        whole = referral.model_dump(include={"tenant_id", "employer_id", "employee_id", "case_id", "provider_id"})
        with stage.acting(stage.delegate) as session:
            written = {"question": "?", "expected_days_saved": 1, "units": 1, "request_cofinancing": False}
            author = {"written_by": stage.delegate.account, "role": stage.delegate.role}
            rows = (
                whole | written | author | {"referral_id": referral.id, "version": 50 + n, "goal": f"Doel {n}é"}
                for n in range(3)
            )
            append_all(session, ContentVersion, rows=rows)
        with stage.acting(stage.physician) as session:
            found = (
                select(ContentVersion.goal).where(ContentVersion.version >= 50).order_by(col(ContentVersion.version))
            )
            assert session.exec(found).all() == ["Doel 0é", "Doel 1é", "Doel 2é"]

    def test_rows_by_the_hundred_thousand_are_sealed_as_well(self, stage: Stage) -> None:
        """What a stream writes opens as any other; where there is no keyring, nothing is written."""
        ours = {"tenant_id": stage.world.tenant_id, "employer_id": stage.employer_id, "case_id": stage.case_id}
        held = {**ours, "employee_id": stage.employee_id, "assessed_by": stage.physician.account, "medical": True}
        rows = [draft(Assessment, **held, cause=cause) for cause in ("P03", "W02")]
        database = stage.world.database
        with database.owner.begin() as connection, pytest.raises(PermissionError, match="no keys"):
            copy(connection, rows)
        with_keys = Database(database.settings, database.owner_url)
        give_ring(with_keys.owner, Keyring(database.settings.key_service))
        with with_keys.owner.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            copy(connection, rows)
        with_keys.dispose()
        assert b"P03" not in raw(stage, "cause", "assessment")
        with stage.acting(stage.physician) as session:
            assert set(session.exec(select(Assessment.cause))) == {"P03", "W02"}

    def test_a_draft_that_changes_is_sealed_anew(self, stage: Stage) -> None:
        stage.mandate()
        draft = stage.draft(OPEN)
        before = raw(stage, "goal")
        with stage.acting(stage.delegate) as session:
            revise_draft(
                session, stage.delegate, draft.id, Asked(goal="Anders", question="?", units=2, expected_days_saved=1)
            )
        assert raw(stage, "goal") != before
        with stage.acting(stage.physician) as session:
            assert session.exec(select(ReferralContent.goal)).all() == ["Anders"]

    def test_what_would_get_past_the_seal_is_refused(self, stage: Stage) -> None:
        referral_id = stage.issued(MEDICAL).id
        past = update(ReferralContent).where(col(ReferralContent.referral_id) == referral_id).values(goal="leesbaar")
        compared = select(ReferralContent.id).where(ReferralContent.goal == GOAL)
        for statement in (past, compared):
            with stage.acting(stage.physician) as session, pytest.raises(StatementError, match="is sealed"):
                session.execute(statement)

    def test_each_case_has_a_key_of_its_own_and_the_tenant_one(self, stage: Stage) -> None:
        stage.issued(MEDICAL)
        stage.elsewhere().issued(MEDICAL)
        with stage.acting(stage.physician) as session:
            keys = session.execute(text("SELECT count(*), count(DISTINCT tenant_key_id) FROM medical.data_key")).one()
        assert tuple(keys) == (2, 1)

    @pytest.mark.parametrize(
        "attack",
        [
            "UPDATE medical.data_key SET destroyed_at = now()",
            "UPDATE medical.tenant_key SET retired_at = now()",
            "DELETE FROM medical.data_key",
            "SELECT medical.add_tenant_key(gen_random_uuid(), app.tenant(), 'x')",
            "SELECT * FROM medical.data_keys_under(gen_random_uuid(), 9)",
            "SET ROLE providerboog_keyholder",
        ],
    )
    def test_no_role_of_the_medical_side_touches_a_key(self, stage: Stage, attack: str) -> None:
        stage.issued(MEDICAL)
        for actor in (stage.physician, stage.system):
            with pytest.raises(DBAPIError, match=r"permission denied|append-only"), stage.acting(actor) as session:
                session.execute(text(attack))


class TestShredding:
    """A key that was destroyed at the end of a term."""

    @pytest.fixture
    def shredded(self, stage: Stage) -> UUID:
        """A referral that was reported on, of a case whose key was destroyed."""
        stage.judge(medical=True, cause="P03")
        referral_id = stage.in_state(ReferralState.REPORTED, MEDICAL)
        with stage.acting(stage.system) as session:
            assert shred(session, stage.system, stage.case_id) == 1
            assert shred(session, stage.system, stage.case_id) == 0
        return referral_id

    def test_lists_and_pages_say_that_the_words_were_removed(self, stage: Stage, shredded: UUID) -> None:
        other = stage.elsewhere()
        other.issued(MEDICAL)
        with stage.acting(stage.physician) as session:
            assert list_referrals(session, stage.physician, ReferralFilter()).total == 2
            found = read_referral(session, stage.physician, shredded)
            assert (found.goal, found.cause, found.report.functional) == (REMOVED, "", REMOVED)  # type: ignore[union-attr]
            (judged,) = assessment_history(session, stage.physician, stage.case_id)
            assert (judged.cause, judged.cause_label, judged.medical) == ("", REMOVED, True)
            basis = select(ReferralBasis.cause).where(ReferralBasis.case_id == other.case_id)
            assert session.exec(basis).one() is None

    def test_the_words_of_another_case_stay(self, stage: Stage, shredded: UUID) -> None:
        other = stage.elsewhere()
        done = other.issued(MEDICAL)
        with stage.acting(stage.physician) as session:
            assert read_referral(session, stage.physician, done.id).goal == GOAL  # type: ignore[union-attr]
            assert stage.row(shredded).state is ReferralState.REPORTED

    def test_only_the_system_of_the_own_arbodienst_shreds(self, stage: Stage) -> None:
        stage.issued(MEDICAL)
        with stage.acting(stage.physician) as session:
            with pytest.raises(Forbidden):
                shred(session, stage.physician, stage.case_id)
            told = text("SELECT medical.destroy_keys(ARRAY[CAST(:case AS uuid)])")
            assert session.execute(told, {"case": stage.case_id}).scalar_one() == 0

    def test_a_destroyed_key_does_not_come_back(self, stage: Stage, shredded: UUID) -> None:
        del shredded
        change = "UPDATE medical.data_key SET wrapped = '\\x00', destroyed_at = NULL WHERE subject_id = :case"
        with stage.world.database.owner.begin() as connection, pytest.raises(DBAPIError, match="and nothing else"):
            connection.execute(text(change), {"case": stage.case_id})
