"""The words of a consent are kept by version: complete, in both languages, and never changed afterwards."""

import hashlib
import json

import pytest

from cases.cases_read import CaseView
from cases.consent_texts import consent_text, consent_texts, current_version
from cases.consents import NewConsent, give_consent, list_consents
from cases.tables import ConsentForm, ConsentScope
from core.clock import today
from core.language import speaking
from tests.cases.staff import Staff

KEPT = {"2026-1": "d2b59653f9719aeaebd1abffc776ebcde01cd04d5c976276d4c3b15583bb4630"}
"""The hash of every version that was in use: whoever changes words makes a new one."""


@pytest.fixture
def case(staff: Staff) -> CaseView:
    return staff.case()


def test_no_version_is_changed_and_none_is_lost() -> None:
    """R23."""
    found = {
        version: hashlib.sha256(json.dumps(texts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
        for version, texts in consent_texts().items()
    }
    assert found == KEPT
    assert current_version() == list(KEPT)[-1]


def test_every_version_has_every_scope_in_both_languages() -> None:
    for texts in consent_texts().values():
        assert set(texts) == {"nl", "en"}
        for spoken in texts.values():
            assert set(spoken) == {scope.value for scope in ConsentScope}
            assert all("\n" not in words and len(words) > 80 for words in spoken.values())


def test_the_employee_is_told_that_the_employer_may_pass_it_on() -> None:
    """R26."""
    assert "doorgeven aan een verzekeraar" in consent_text(ConsentScope.EMPLOYER, spoken="nl")
    assert "pass this on to an insurer" in consent_text(ConsentScope.EMPLOYER, spoken="en")


@pytest.mark.parametrize(("spoken", "says"), [("nl", "Uw klacht"), ("en", "Your complaint")])
def test_a_consent_keeps_the_words_that_were_read(staff: Staff, case: CaseView, spoken: str, says: str) -> None:
    """R23."""
    new = NewConsent(scope=ConsentScope.PROVIDER, form=ConsentForm.WRITTEN, given_on=today())
    employee = staff.employee(case)
    with speaking(spoken):
        staff.doing(employee, give_consent, case.id, new)
    (seen,) = staff.doing(staff.physician, list_consents, case.id).items
    assert seen.text_version == current_version()
    assert says in seen.text
    assert (seen.recorded_role, seen.recorded_by) == (employee.role, employee.account_id)


def test_who_recorded_it_is_named_to_those_who_may_know(staff: Staff, case: CaseView) -> None:
    """R23, R27."""
    new = NewConsent(scope=ConsentScope.PROVIDER, form=ConsentForm.ORAL, given_on=today())
    staff.doing(staff.physician, give_consent, case.id, new)
    for reader in (staff.employee(case), staff.delegate):
        (seen,) = staff.doing(reader, list_consents, case.id).items
        assert (seen.recorded_by_name, seen.recorded_role.value, seen.form) == ("Test physician", "physician", "oral")
