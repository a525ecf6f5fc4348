"""What was told of an employee to whom, when and under which consent; written as it happens, and never changed."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from cases.tables import ConsentScope
from core.errors import Forbidden, NotFound
from core.received_files import receive
from identity.actor import Actor
from medical.cases.disclosures import DisclosureView, list_disclosures
from medical.disclosed_tables import Disclosed, DisclosedTo, DisclosureMade
from medical.hatch.progress import release_progress
from medical.referrals.attachments import add_attachment
from medical.referrals.issue import issue_referral
from medical.referrals.reports import report_on_referral
from medical.tables import ReferralState
from tests.core.files import pdf
from tests.medical.stage import MEDICAL, OPEN, Stage, report_form


def told(stage: Stage, reader: Actor) -> tuple[DisclosureView, ...]:
    """Return what was told in the case, the earliest first."""
    with stage.acting(reader) as session:
        return list_disclosures(session, reader, stage.case_id).items[::-1]


def report(stage: Stage, referral_id: UUID) -> None:
    with stage.acting(stage.provider) as session:
        report_on_referral(session, stage.provider, referral_id, report_form("Slaapt weer door."))


def test_a_referral_is_told_to_its_provider_under_a_consent(stage: Stage) -> None:
    """R23, R27."""
    done = stage.issued(MEDICAL)
    (first,) = told(stage, stage.employee)
    assert (first.what, first.recipient) == (Disclosed.REFERRAL, DisclosedTo.PROVIDER)
    assert (first.recipient_name, first.referral_id) == ("Praktijk De Brug", done.id)
    assert first.consent is not None
    assert (first.consent.scope, first.consent.text_version) == (ConsentScope.PROVIDER, "2026-1")
    assert first.consent.withdrawn_at is None


def test_a_draft_is_told_to_nobody_until_it_is_sent_with_its_files(stage: Stage) -> None:
    """R27."""
    stage.consent()
    draft = stage.draft(MEDICAL)
    with stage.acting(stage.delegate) as session:
        add_attachment(session, stage.delegate, draft.id, receive("x.pdf", "", pdf()))
    assert told(stage, stage.physician) == ()
    with stage.acting(stage.physician) as session:
        issue_referral(session, stage.physician, draft.id)
    assert {each.what for each in told(stage, stage.physician)} == {Disclosed.REFERRAL, Disclosed.ATTACHMENT}


def test_a_report_names_the_consent_for_its_clinical_part_only(stage: Stage) -> None:
    """R24, R27."""
    stage.consent(ConsentScope.REPORT_BACK)
    report(stage, stage.in_state(ReferralState.RUNNING, MEDICAL))
    functional, clinical = told(stage, stage.employee)[1:]
    assert (functional.what, functional.recipient, functional.consent) == (
        Disclosed.FUNCTIONAL_REPORT,
        DisclosedTo.PHYSICIAN,
        None,
    )
    assert clinical.what is Disclosed.CLINICAL_REPORT
    assert clinical.consent is not None
    assert clinical.consent.scope is ConsentScope.REPORT_BACK


def test_what_was_refused_was_not_told(stage: Stage) -> None:
    """R24."""
    report(stage, stage.in_state(ReferralState.RUNNING, MEDICAL))
    assert [each.what for each in told(stage, stage.employee)] == [Disclosed.REFERRAL, Disclosed.FUNCTIONAL_REPORT]


def test_the_employer_is_told_of_an_open_one_once_and_without_consent(stage: Stage) -> None:
    """R27."""
    done = stage.refer(stage.physician, OPEN)
    for _time in range(2):
        with stage.acting(stage.system) as session:
            release_progress(session, stage.system, done.id)
    found = [each for each in told(stage, stage.employee) if each.recipient is DisclosedTo.EMPLOYER]
    assert [(each.what, each.consent) for each in found] == [(Disclosed.PROGRESS, None)]


def test_a_consent_that_was_withdrawn_stays_beside_what_was_told_under_it(stage: Stage) -> None:
    """R24, R27."""
    consent_id = stage.consent()
    stage.refer(stage.physician, MEDICAL)
    stage.withdraw(consent_id)
    (first,) = told(stage, stage.employee)
    assert first.consent is not None
    assert first.consent.withdrawn_at is not None


def test_employee_physician_and_delegate_read_the_same_and_leave_an_event(stage: Stage) -> None:
    """R17, R27, R68."""
    stage.issued(MEDICAL)
    assert told(stage, stage.employee) == told(stage, stage.physician) == told(stage, stage.delegate) != ()
    roles = [each.role.value for each in stage.trail(stage.case_id) if each.tag == "medical:disclosure:listed"]
    assert roles == ["employee", "physician", "delegate"]


def test_others_read_nothing(stage: Stage) -> None:
    """R20, R21."""
    stage.issued(MEDICAL)
    for other in (stage.provider, stage.secretary):
        with pytest.raises(Forbidden):
            told(stage, other)
        with stage.acting(other) as session:
            assert session.exec(select(DisclosureMade)).all() == []
    elsewhere = stage.elsewhere()
    for stranger in (elsewhere.employee, elsewhere.delegate):
        with pytest.raises(NotFound):
            told(stage, stranger)
        with stage.acting(stranger) as session:
            assert session.exec(select(DisclosureMade)).all() == []


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE medical.disclosure_made SET what = 'attachment'",
        "UPDATE medical.disclosure_made SET consent_id = NULL",
        "DELETE FROM medical.disclosure_made",
    ],
)
def test_raw_sql_rewrites_nothing(stage: Stage, attack: str) -> None:
    """R27."""
    stage.issued(MEDICAL)
    with pytest.raises(DBAPIError, match="permission denied"), stage.acting(stage.physician) as session:
        session.execute(text(attack))
    with pytest.raises(DBAPIError, match="append-only"), stage.world.database.owner.begin() as connection:
        connection.execute(text(attack))


def test_nobody_writes_in_the_name_of_another(stage: Stage) -> None:
    stage.issued(MEDICAL)
    forged = text(
        "INSERT INTO medical.disclosure_made SELECT gen_random_uuid(), tenant_id, now(), employer_id, employee_id,"
        " case_id, referral_id, provider_id, what, recipient, organisation_id, consent_id, account_id, role"
        " FROM medical.disclosure_made"
    )
    with pytest.raises(DBAPIError, match="row-level security"), stage.acting(stage.delegate) as session:
        session.execute(forged)
