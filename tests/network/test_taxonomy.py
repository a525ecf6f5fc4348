"""The taxonomy is whole: 28 causes, 28 interventions, and every reference between them holds (rules chapter 7)."""

import dataclasses

import pytest

from core.errors import Invalid
from core.language import speaking
from network.taxonomy import (
    Disclosure,
    ReferralClass,
    causes,
    find_cause,
    find_intervention,
    fitting,
    interventions,
    stricter,
)

# Rules 2.1: the types whose bare name tells of health or of private life.
CONFIDENTIAL = {"PSY", "FYS", "REV", "MUL", "VCP", "VCF", "TRM", "VSL", "OVG", "LEE", "BMW", "SHV", "COA", "VTP"}
MEDICAL_CAUSES = {"M01", "M02", "M03", "M04", "L01", "L02", "L03", "L04", "L05", "L06", "X01"}


def test_there_are_28_causes_and_28_interventions() -> None:
    assert len(causes()) == 28
    assert len(interventions()) == 28


def test_every_cause_names_known_interventions_for_both_years() -> None:
    """R28."""
    for cause in causes().values():
        assert cause.interventions_year_1, cause.code
        assert cause.interventions_year_2, cause.code
        assert set(cause.interventions_in(None)) <= set(interventions())


def test_every_intervention_fits_some_cause() -> None:
    used = {code for cause in causes().values() for code in cause.interventions_in(None)}
    assert set(interventions()) == used


def test_disclosure_follows_what_the_name_gives_away() -> None:
    assert {code for code, one in interventions().items() if one.disclosure is Disclosure.CONF} == CONFIDENTIAL


def test_a_medical_intervention_is_always_confidential() -> None:
    medical = [one for one in interventions().values() if one.referral_class is ReferralClass.MEDICAL]
    assert len(medical) == 10
    assert all(one.disclosure is Disclosure.CONF for one in medical)


def test_the_usual_referral_class_of_causes() -> None:
    assert {code for code, one in causes().items() if one.referral_class is ReferralClass.MEDICAL} == MEDICAL_CAUSES


def test_years_and_weeks_are_possible() -> None:
    for one in interventions().values():
        assert set(one.sickness_years) <= {1, 2}
        assert one.sickness_years
        assert 0 <= one.week_from < one.week_until <= 104


def test_the_advised_window_includes_its_ends() -> None:
    assessment = find_intervention("ADO")
    assert [assessment.advised_in(week) for week in (25, 26, 52, 53)] == [False, True, True, False]


def test_what_fits_depends_on_the_year_and_keeps_its_order() -> None:
    """R28."""
    assert [one.code for one in fitting("V01", 1)] == ["MED", "CNF", "BMW"]
    assert [one.code for one in fitting("V01", 2)] == ["MED", "OUT"]
    assert [one.code for one in fitting("V01", None)] == ["MED", "CNF", "BMW", "OUT"]


@pytest.mark.parametrize("ask", [find_cause, find_intervention])
def test_an_unknown_code_is_refused_with_the_known_ones(ask: object) -> None:
    assert callable(ask)
    with pytest.raises(Invalid) as refusal:
        ask("Q99", "somewhere")
    (fault,) = refusal.value.errors
    assert fault.field == "somewhere"
    assert "Q99" in fault.message
    assert ("P01" in fault.message) or ("ADO" in fault.message)


def test_labels_follow_the_language_of_the_person() -> None:
    assert find_intervention("ADO").name == "Arbeidsdeskundig onderzoek"
    with speaking("en"):
        assert find_intervention("ADO").name == "Labour expert assessment"
        assert find_cause("V01").name == "Labour conflict"


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ((Disclosure.OPEN, Disclosure.OPEN), Disclosure.OPEN),
        ((Disclosure.OPEN, Disclosure.CONF), Disclosure.CONF),
        ((Disclosure.CONF, Disclosure.OPEN), Disclosure.CONF),
        ((Disclosure.OPEN, Disclosure.OPEN, Disclosure.CONF), Disclosure.CONF),
    ],
)
def test_the_stricter_disclosure_wins(given: tuple[Disclosure, ...], wanted: Disclosure) -> None:
    assert stricter(*given) is wanted


def test_the_taxonomy_cannot_be_changed_at_run_time() -> None:
    with pytest.raises(TypeError):
        causes()["P01"] = find_cause("P02")  # type: ignore[index]
    with pytest.raises(dataclasses.FrozenInstanceError):
        find_cause("P01").label = "anders"  # type: ignore[misc]
