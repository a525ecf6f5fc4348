"""Attachments: who opens what and until when, sealed in the database, and out of reach of SQL from the side."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from core.clock import now, standing_at
from core.database import Door
from core.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from core.received_files import ReceivedFile, receive
from identity.actor import Actor
from identity.roles import Role
from medical.disclosed_tables import Attachment
from medical.referrals.answer import decline_referral
from medical.referrals.attachments import MOST_FILES, add_attachment, open_attachment, remove_attachment
from medical.referrals.issue import issue_referral
from medical.referrals.read import read_referral
from medical.referrals.reasons import DeclineReason, WithdrawReason
from medical.referrals.redirect import redirect_referral
from medical.referrals.run import withdraw_referral
from medical.tables import ReferralState
from tests.core.files import pdf, png
from tests.medical.stage import MEDICAL, OPEN, Stage
from tests.network.offers import add_offering, add_provider

FILE = receive("Rapport van de fysiotherapeut.pdf", "application/pdf", pdf())


def add(stage: Stage, actor: Actor, referral_id: UUID, file: ReceivedFile = FILE) -> UUID:
    with stage.acting(actor) as session:
        return add_attachment(session, actor, referral_id, file).id


def opened(stage: Stage, actor: Actor, referral_id: UUID, attachment_id: UUID) -> bytes:
    with stage.acting(actor) as session:
        return open_attachment(session, actor, referral_id, attachment_id).content


def names(stage: Stage, actor: Actor, referral_id: UUID) -> list[str]:
    with stage.acting(actor) as session:
        return [file.name for file in read_referral(session, actor, referral_id).attachments]  # type: ignore[union-attr]


def picture(width: int) -> ReceivedFile:
    return receive(f"foto {width}.png", "image/png", png(width=width))


@pytest.fixture
def sent(stage: Stage) -> tuple[UUID, UUID]:
    """A confidential referral that was sent, and a file that went with it."""
    done = stage.issued(MEDICAL)
    return done.id, add(stage, stage.physician, done.id)


class TestOpening:
    def test_the_addressee_opens_it_and_that_is_recorded(self, stage: Stage, sent: tuple[UUID, UUID]) -> None:
        """R20, R68."""
        assert opened(stage, stage.provider, *sent) == FILE.content
        assert names(stage, stage.provider, sent[0]) == [FILE.name]
        tags = [(event.tag, event.role, event.data_subject_id) for event in stage.trail(sent[1])]
        assert tags == [
            ("medical:attachment:added", Role.PHYSICIAN, stage.employee_id),
            ("medical:attachment:opened", Role.PROVIDER, stage.employee_id),
        ]

    def test_nobody_else_does_once_it_is_sent(self, stage: Stage, sent: tuple[UUID, UUID]) -> None:
        """R20, R21."""
        for reader in (stage.physician, stage.delegate, stage.employee):
            assert names(stage, reader, sent[0]) == [FILE.name]
            with pytest.raises(Forbidden, match="alleen de provider"):
                opened(stage, reader, *sent)
        with pytest.raises(Forbidden):
            opened(stage, stage.secretary, *sent)
        elsewhere = stage.elsewhere()
        other = stage.world.actor(Role.PROVIDER, add_provider(stage.world, "Een ander"))
        for stranger in (other, elsewhere.provider, elsewhere.delegate, elsewhere.employee):
            with pytest.raises(NotFound):
                opened(stage, stranger, *sent)

    def test_whoever_prepares_and_signs_opens_it_until_it_is_sent(self, stage: Stage) -> None:
        stage.judge(medical=False, cause="W03")
        draft = stage.draft(OPEN)
        attachment = add(stage, stage.delegate, draft.id)
        for reader in (stage.physician, stage.delegate):
            assert opened(stage, reader, draft.id, attachment) == FILE.content
        for reader in (stage.provider, stage.employee, stage.elsewhere().delegate):
            with pytest.raises(NotFound):
                opened(stage, reader, draft.id, attachment)
        with stage.acting(stage.physician) as session:
            issue_referral(session, stage.physician, draft.id)
        assert opened(stage, stage.provider, draft.id, attachment) == FILE.content
        with pytest.raises(Forbidden):
            opened(stage, stage.physician, draft.id, attachment)

    @pytest.mark.parametrize("end", ["decline", "withdraw", "consent"])
    def test_it_is_over_with_the_referral(self, stage: Stage, end: str) -> None:
        """R24."""
        consent_id = stage.consent()
        referral_id = stage.refer(stage.physician, MEDICAL).id
        attachment = add(stage, stage.physician, referral_id)
        if end == "decline":
            with stage.acting(stage.provider) as session:
                decline_referral(session, stage.provider, referral_id, DeclineReason.NO_CAPACITY)
        elif end == "withdraw":
            with stage.acting(stage.physician) as session:
                withdraw_referral(session, stage.physician, referral_id, WithdrawReason.MISTAKE)
        else:
            stage.withdraw(consent_id)
        with pytest.raises(NotFound):
            opened(stage, stage.provider, referral_id, attachment)
        assert names(stage, stage.provider, referral_id) == []

    @pytest.mark.parametrize(("state", "opens"), [(ReferralState.REPORTED, True), (ReferralState.COMPLETED, False)])
    def test_once_it_is_closed_only_the_name_stays(self, stage: Stage, state: ReferralState, opens: bool) -> None:
        with standing_at(now() - timedelta(days=2)):
            done = stage.issued(MEDICAL)
            attachment = add(stage, stage.physician, done.id)
            stage.along(done.id, state)
        if opens:
            assert opened(stage, stage.provider, done.id, attachment) == FILE.content
            return
        assert names(stage, stage.provider, done.id) == [FILE.name]
        with pytest.raises(NotFound, match="voorbij"):
            opened(stage, stage.provider, done.id, attachment)

    def test_access_ends_by_itself(self, stage: Stage) -> None:
        """R20."""
        with standing_at(now() - timedelta(days=40)):
            done = stage.issued(MEDICAL)
            attachment = add(stage, stage.physician, done.id)
            stage.along(done.id, ReferralState.COMPLETED)
        with pytest.raises(NotFound, match="is er niet\\."):
            opened(stage, stage.provider, done.id, attachment)


class TestAdding:
    def test_one_too_many_is_refused(self, stage: Stage) -> None:
        done = stage.issued(MEDICAL)
        for width in range(MOST_FILES):
            add(stage, stage.physician, done.id, picture(20 + width))
        with pytest.raises(Invalid, match="hooguit 5"):
            add(stage, stage.physician, done.id)
        assert len(names(stage, stage.provider, done.id)) == MOST_FILES

    def test_the_same_file_again_is_the_same(self, stage: Stage, sent: tuple[UUID, UUID]) -> None:
        assert add(stage, stage.physician, sent[0]) == sent[1]
        assert names(stage, stage.physician, sent[0]) == [FILE.name]

    def test_what_was_taken_back_is_gone_for_everybody(self, stage: Stage, sent: tuple[UUID, UUID]) -> None:
        with stage.acting(stage.physician) as session:
            remove_attachment(session, stage.physician, *sent)
        for reader in (stage.physician, stage.provider, stage.employee):
            assert names(stage, reader, sent[0]) == []
            with pytest.raises(NotFound):
                opened(stage, reader, *sent)
        assert [event.tag for event in stage.trail(sent[1])][-1] == "medical:attachment:removed"

    def test_a_draft_with_another_attachment_is_another_version(self, stage: Stage) -> None:
        draft = stage.draft(OPEN)
        add(stage, stage.delegate, draft.id)
        with stage.acting(stage.physician) as session, pytest.raises(Conflict, match="Iemand was u voor"):
            issue_referral(session, stage.physician, draft.id, draft.version)

    def test_a_delegate_adds_nothing_to_what_the_physician_sent(self, stage: Stage, sent: tuple[UUID, UUID]) -> None:
        with pytest.raises(Forbidden):
            add(stage, stage.delegate, sent[0], picture(20))
        with stage.acting(stage.delegate) as session, pytest.raises(Forbidden):
            remove_attachment(session, stage.delegate, *sent)

    def test_others_add_nothing(self, stage: Stage, sent: tuple[UUID, UUID]) -> None:
        """R4."""
        for other in (stage.provider, stage.employee, stage.secretary):
            with pytest.raises(Forbidden):
                add(stage, other, sent[0], picture(20))
        with pytest.raises(NotFound):
            add(stage, stage.elsewhere().delegate, sent[0], picture(20))
        with pytest.raises(NotFound):
            add(stage, stage.physician, uuid4())

    def test_nothing_goes_along_once_consent_is_withdrawn_or_it_is_over(self, stage: Stage) -> None:
        """R24."""
        consent_id = stage.consent()
        running, over = stage.refer(stage.physician, MEDICAL).id, stage.refer(stage.physician, MEDICAL, goal="B").id
        with stage.acting(stage.physician) as session:
            withdraw_referral(session, stage.physician, over, WithdrawReason.MISTAKE)
        with pytest.raises(Conflict, match="voorbij"):
            add(stage, stage.physician, over)
        stage.withdraw(consent_id)
        with pytest.raises(Conflict, match="stemt er niet meer mee in"):
            add(stage, stage.physician, running)

    def test_it_goes_along_to_another_offering(self, stage: Stage, sent: tuple[UUID, UUID]) -> None:
        """R11."""
        new_provider = add_provider(stage.world, "Bureau Nieuw")
        offering_id = add_offering(stage.world, new_provider, intervention=MEDICAL)
        with stage.acting(stage.physician) as session:
            new = redirect_referral(session, stage.physician, sent[0], offering_id).replaced_by
        assert new is not None
        other = stage.world.actor(Role.PROVIDER, new_provider)
        with stage.acting(other) as session:
            attachment = session.exec(select(Attachment.id)).one()
        assert opened(stage, other, new, attachment) == FILE.content
        with pytest.raises(NotFound):
            opened(stage, stage.provider, *sent)


class TestDatabase:
    def test_it_holds_nothing_that_can_be_read(self, stage: Stage, sent: tuple[UUID, UUID]) -> None:
        with stage.acting(stage.provider) as session:
            kept = session.execute(text("SELECT content FROM medical.attachment_content")).scalar_one()
        assert b"%PDF" not in kept
        assert FILE.content[20:60] not in kept
        assert len(kept) == 1 + 16 + 12 + len(FILE.content) + 16

    def test_a_content_put_in_the_place_of_another_does_not_open(self, stage: Stage, sent: tuple[UUID, UUID]) -> None:
        other = add(stage, stage.physician, sent[0], picture(20))
        with stage.world.database.owner.begin() as connection:
            connection.execute(text("ALTER TABLE medical.attachment_content DISABLE TRIGGER USER"))
            connection.execute(
                text(
                    "UPDATE medical.attachment_content c SET content = (SELECT o.content"
                    " FROM medical.attachment_content o JOIN medical.attachment a ON a.content_id = o.id"
                    " WHERE a.id = :other)"
                    " FROM medical.attachment a WHERE a.content_id = c.id AND a.id = :id"
                ),
                {"id": sent[1], "other": other},
            )
            connection.execute(text("ALTER TABLE medical.attachment_content ENABLE TRIGGER USER"))
        with pytest.raises(Unavailable, match="beschadigd"):
            opened(stage, stage.provider, *sent)

    def test_raw_sql_of_others_finds_no_content(self, stage: Stage, sent: tuple[UUID, UUID]) -> None:
        """R20, R21."""
        other = stage.world.actor(Role.PROVIDER, add_provider(stage.world, "Een ander"))
        readers = (stage.physician, stage.delegate, stage.employee, stage.secretary, other, stage.system)
        for reader in (*readers, stage.elsewhere().delegate):
            with stage.acting(reader) as session:
                assert session.execute(text("SELECT count(*) FROM medical.attachment_content")).scalar_one() == 0
        for reader in (stage.secretary, other):
            with stage.acting(reader) as session:
                assert session.execute(text("SELECT count(*) FROM medical.attachment")).scalar_one() == 0

    @pytest.mark.parametrize("table", ["attachment", "attachment_content", "referral_content"])
    @pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.EMPLOYER, Role.INSURER, Role.AUDITOR])
    def test_the_open_role_finds_neither_letter_nor_attachment(self, stage: Stage, role: Role, table: str) -> None:
        """R18."""
        actor = stage.world.actor(role)
        with pytest.raises(DBAPIError, match="permission denied"), stage.world.acting(Door.OPEN, actor) as session:
            session.execute(text(f"SELECT * FROM medical.{table}"))

    @pytest.mark.parametrize(
        "attack",
        [
            "UPDATE medical.attachment SET name = 'ander.pdf'",
            "UPDATE medical.attachment SET content_id = gen_random_uuid()",
            "UPDATE medical.attachment_content SET content = 'x'",
            "DELETE FROM medical.attachment",
            "INSERT INTO medical.attachment SELECT gen_random_uuid(), a.tenant_id, now(), a.employer_id, a.employee_id,"
            " a.case_id, a.referral_id, a.provider_id, a.content_id, 'x.pdf', 'pdf', 1, 'x', a.added_by"
            " FROM medical.attachment a",
        ],
    )
    @pytest.mark.parametrize("who", ["provider", "delegate", "secretary"])
    def test_raw_sql_changes_nothing(self, stage: Stage, sent: tuple[UUID, UUID], attack: str, who: str) -> None:
        actor: Actor = getattr(stage, who)
        try:
            with stage.acting(actor) as session:
                assert session.execute(text(attack)).rowcount == 0  # type: ignore[attr-defined]
        except DBAPIError:
            pass
        with stage.acting(stage.physician) as session:
            assert [row.name for row in session.exec(select(Attachment)).all()] == [FILE.name]
        assert opened(stage, stage.provider, *sent) == FILE.content

    def test_nobody_names_the_content_of_another_case_in_his_own(self, stage: Stage, sent: tuple[UUID, UUID]) -> None:
        elsewhere = stage.elsewhere()
        draft = elsewhere.draft(OPEN)
        with stage.acting(stage.physician) as session:
            content_id = session.exec(select(Attachment.content_id)).one()
        steal = text(
            "INSERT INTO medical.attachment (id, tenant_id, created_at, employer_id, employee_id, case_id, referral_id,"
            " provider_id, content_id, name, kind, size, sha256, added_by) SELECT gen_random_uuid(), tenant_id, now(),"
            " employer_id, employee_id, case_id, id, provider_id, :content, 'x.pdf', 'pdf', 1, 'x', :me"
            " FROM medical.referral WHERE id = :draft"
        )
        with pytest.raises(DBAPIError, match="fk_attachment_content"), stage.acting(elsewhere.delegate) as session:
            session.execute(steal, {"content": content_id, "draft": draft.id, "me": elsewhere.delegate.account})
