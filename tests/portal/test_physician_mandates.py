"""Mandates in the portal: for which employer, for whom of those who work for it, and taken back at once (R2, R7)."""

import re
from datetime import timedelta
from uuid import uuid4

from core.clock import today
from identity.roles import Role
from tests.medical.stage import Stage
from tests.portal.reading import choices, find, main_of, selected
from tests.portal.visitors import SignIn, Visitor
from tests.world import World

NEW = "/arts/mandaten/nieuw"


def offered(page: str, name: str) -> list[str]:
    """Return what can be chosen from a list."""
    return [str(value) for value in find(page, f'//select[@name="{name}"]/option/@value') if value]


def test_a_mandate_is_signed_seen_by_its_holder_and_revoked(
    stage: Stage, physician: Visitor, delegate: Visitor
) -> None:
    """R2, R7."""
    typed = {
        "account_email": stage.delegate.email,
        "employer_id": stage.employer_id,
        "interventions": ["ADO", "BMW"],
        "valid_from": today(),
        "valid_until": today() - timedelta(days=1),
    }
    faulty = physician.send(NEW, **typed)
    assert faulty.status_code == 422
    assert "eindigt niet voordat het begint" in faulty.text
    assert selected(faulty.text, "account_email") == [stage.delegate.email]
    assert sorted(choices(faulty.text, "interventions", "checked")) == ["ADO", "BMW"]
    assert "PSY" not in choices(faulty.text, "interventions")
    signed = physician.send(NEW, **typed | {"valid_until": today() + timedelta(days=30)})
    assert signed.status_code == 303
    assert "Arbeidsdeskundig onderzoek" in main_of(delegate.get("/arts/mandaten").text)
    assert "intrekken" not in main_of(delegate.get("/arts/mandaten").text)
    path = re.findall(r'href="(/arts/mandaten/[^"]+/intrekken)"', physician.get("/arts/mandaten").text)[0]
    assert delegate.send(path).status_code == 403
    assert physician.send(path).status_code == 303
    assert "U hebt nu geen mandaat" in delegate.get("/arts/mandaten").text
    assert physician.send(path).status_code == 409


def test_first_the_employer_is_chosen_and_then_one_of_its_delegates(stage: Stage, physician: Visitor) -> None:
    other = stage.elsewhere()
    first = physician.get(NEW).text
    assert sorted(offered(first, "employer_id")) == sorted([str(stage.employer_id), str(other.employer_id)])
    assert find(first, '//select[@name="account_email"]') == []
    form = physician.get(NEW, employer_id=other.employer_id).text
    assert offered(form, "account_email") == [other.delegate.email]
    assert find(form, '//input[@name="account_email"]') == []
    assert find(form, '//input[@name="employer_id"]/@value') == [str(other.employer_id)]


def test_whom_the_list_does_not_hold_cannot_be_mandated(stage: Stage, physician: Visitor) -> None:
    other = stage.elsewhere()
    typed = {"interventions": ["ADO"], "valid_from": today(), "valid_until": today()}
    answer = physician.send(NEW, employer_id=stage.employer_id, account_email=other.delegate.email, **typed)
    assert answer.status_code == 422
    assert "Met dit e-mailadres werkt er geen casemanager" in answer.text
    assert choices(answer.text, "interventions", "checked") == ["ADO"]


def test_an_employer_without_delegates_says_so(stage: Stage, physician: Visitor) -> None:
    stage.end_registration(stage.delegate)
    page = main_of(physician.get(NEW, employer_id=stage.employer_id).text)
    assert "Voor deze werkgever kan niemand een mandaat krijgen" in page
    assert "account_email" not in page


def test_an_employer_that_is_not_there_is_not_found(stage: Stage, physician: Visitor) -> None:
    assert physician.get(NEW, employer_id=uuid4()).status_code == 404
    assert "Voor welke werkgever?" in physician.get(NEW, employer_id="geen").text
    without = physician.send(NEW, account_email=stage.delegate.email)
    assert (without.status_code, "Voor welke werkgever?" in without.text) == (422, True)


def test_without_employers_there_is_nothing_to_sign(world: World, sign_in: SignIn) -> None:
    page = sign_in(world.actor(Role.PHYSICIAN)).get(NEW)
    assert (page.status_code, "Er is nog geen werkgever" in page.text) == (200, True)


def test_the_delegate_signs_no_mandate(stage: Stage, delegate: Visitor) -> None:
    assert "/arts/mandaten/nieuw" not in delegate.get("/arts/mandaten").text
    assert delegate.send("/arts/mandaten/nieuw", account_email=stage.delegate.email).status_code == 403
