"""The provider's report: clinical words only with consent to report back, the functional part always (R24, R75)."""

import pytest
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from cases.tables import ConsentScope
from core.errors import Conflict
from identity.roles import Role
from medical.referrals.forms import ReportForm
from medical.referrals.moves import Outcome, parties
from medical.referrals.read import read_referral
from medical.referrals.reports import report_on_referral
from medical.referrals.views import CareReferral, EmployeeReferral, ProviderReferral
from medical.tables import GoalReached, ProviderReport, ReferralState
from tests.medical.stage import MEDICAL, Stage, report_form

CLINICAL = "Spanningsklachten nemen af; slaapt weer door."


def report(stage: Stage, form: ReportForm) -> Outcome:
    referral_id = stage.in_state(ReferralState.RUNNING, MEDICAL)
    with stage.acting(stage.provider) as session:
        return report_on_referral(session, stage.provider, referral_id, form)


def test_with_consent_both_parts_reach_the_physician(stage: Stage) -> None:
    """R75."""
    stage.consent(ConsentScope.REPORT_BACK)
    done = report(stage, report_form(CLINICAL))
    assert (done.state, done.owner, done.notices) == (ReferralState.REPORTED, Role.PHYSICIAN, ())
    with stage.acting(stage.physician) as session:
        found = read_referral(session, stage.physician, done.id)
    assert isinstance(found, CareReferral)
    assert found.report is not None
    assert (found.report.clinical, found.report.goal_reached) == (CLINICAL, GoalReached.PARTLY)


def test_without_it_the_clinical_part_is_refused_and_the_rest_is_kept(stage: Stage) -> None:
    """R24."""
    done = report(stage, report_form(CLINICAL))
    assert done.state is ReferralState.REPORTED
    assert len(done.notices) == 1
    assert "medische deel is niet bewaard" in done.notices[0]
    for reader, kind in (
        (stage.physician, CareReferral),
        (stage.provider, ProviderReferral),
        (stage.employee, EmployeeReferral),
    ):
        with stage.acting(reader) as session:
            found = read_referral(session, reader, done.id)
        assert isinstance(found, kind)
        assert not isinstance(found, CareReferral | ProviderReferral) or not found.reports_back
        assert found.report is not None
        assert (found.report.clinical, found.report.functional) == ("", "Kan vier uur per dag werken.")


def test_without_clinical_words_nothing_is_refused(stage: Stage) -> None:
    assert report(stage, report_form()).notices == ()


def test_consent_that_was_withdrawn_does_not_count(stage: Stage) -> None:
    stage.withdraw(stage.consent(ConsentScope.REPORT_BACK))
    assert len(report(stage, report_form(CLINICAL)).notices) == 1


def test_a_referral_is_reported_on_once(stage: Stage) -> None:
    done = report(stage, report_form())
    with stage.acting(stage.provider) as session, pytest.raises(Conflict):
        report_on_referral(session, stage.provider, done.id, report_form())


def test_raw_sql_does_not_bring_clinical_words_back_without_consent(stage: Stage) -> None:
    """R24."""
    row = stage.row(stage.in_state(ReferralState.RUNNING, MEDICAL))
    made = ProviderReport(
        **parties(row),
        clinical=CLINICAL,
        functional="x",
        goal_reached=GoalReached.REACHED,
        reported_by=stage.provider.account,
    )
    with pytest.raises(DBAPIError, match="needs the consent"), stage.acting(stage.provider) as session:
        session.add(made)


def test_the_secretary_reads_no_report(stage: Stage) -> None:
    """R21, R75."""
    stage.consent(ConsentScope.REPORT_BACK)
    report(stage, report_form(CLINICAL))
    with stage.acting(stage.secretary) as session:
        assert session.exec(select(ProviderReport)).all() == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("functional", ""), ("functional", "x" * 2001), ("clinical", "x" * 4001), ("goal_reached", "half"), ("bsn", "1")],
)
def test_every_field_has_its_limits(field: str, value: str) -> None:
    """R75."""
    facts = {"functional": "x", "goal_reached": "reached"} | {field: value}
    with pytest.raises(ValidationError) as refused:
        ReportForm.model_validate(facts)
    assert [error["loc"] for error in refused.value.errors()] == [(field,)]


def test_an_empty_clinical_part_is_none(stage: Stage) -> None:
    assert ReportForm(clinical="  ", functional="x", goal_reached=GoalReached.REACHED).clinical is None
