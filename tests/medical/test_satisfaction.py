"""How satisfied an employee is: his own word, once, read by nobody else, and counted over ten people at least."""

from collections.abc import Sequence
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from core.errors import Conflict, Forbidden, NotFound
from identity.actor import Actor
from medical.referrals.complete import complete_referral
from medical.referrals.moves import parties
from medical.referrals.read import read_referral
from medical.referrals.satisfaction import Rating, Score, rate_help
from medical.referrals.views import EmployeeReferral
from medical.release import release_experience
from medical.satisfaction_tables import Satisfaction
from medical.tables import Referral, ReferralState
from network.figures import ShareFigure, experience_of, own_figures
from network.measured import interval
from tests.billing.office import Office
from tests.medical.stage import Stage, result_form
from tests.network.offers import add_provider
from tests.world import World


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


def rated(office: Office, scores: Sequence[int], *, late: int = 0) -> None:
    """Let each of so many employees have completed a referral and said this; the first `late` began too late."""
    employer = office.employer()
    for number, score in enumerate(scores):
        referred = office.referred(office.sick(employer))
        with office.world.database.owner.begin() as connection:
            connection.execute(text("SET session_replication_role = replica"))
            connection.execute(
                text(
                    "UPDATE medical.referral SET state = 'completed', start_by = issued_on + 14,"
                    " started_on = issued_on + CAST(:days AS integer) WHERE id = :id"
                ),
                {"id": referred.id, "days": 15 if number < late else 14},
            )
            connection.execute(
                text(
                    "INSERT INTO medical.satisfaction (id, tenant_id, created_at, employer_id, employee_id, case_id,"
                    " referral_id, provider_id, score) SELECT gen_random_uuid(), tenant_id, now(), employer_id,"
                    " employee_id, case_id, id, provider_id, :score FROM medical.referral WHERE id = :id"
                ),
                {"id": referred.id, "score": score},
            )
            connection.execute(text("SET session_replication_role = DEFAULT"))


def completed(stage: Stage, referral_id: UUID) -> None:
    with stage.acting(stage.physician) as session:
        complete_referral(session, stage.physician, referral_id, result_form())


def say(stage: Stage, actor: Actor, referral: Referral, score: int) -> None:
    """Write a score past the use case."""
    with stage.acting(actor) as session:
        session.add(Satisfaction(**parties(referral), score=score))


def shares(office: Office, actor: Actor) -> tuple[ShareFigure | None, ShareFigure | None]:
    with office.care(office.system) as session:
        release_experience(session, office.system)
    with office.care(actor) as session:
        found = experience_of(session, actor, office.provider_id)
        return found.in_time, found.satisfied


def test_he_says_it_once_when_it_is_over(stage: Stage) -> None:
    """R75."""
    referral_id = stage.in_state(ReferralState.REPORTED)
    with stage.acting(stage.employee) as session, pytest.raises(Conflict):
        rate_help(session, stage.employee, referral_id, Score(score=4))
    completed(stage, referral_id)
    with stage.acting(stage.employee) as session:
        seen = read_referral(session, stage.employee, referral_id)
        assert isinstance(seen, EmployeeReferral)
        assert seen.rating == Rating(None, is_open=True)
        assert rate_help(session, stage.employee, referral_id, Score(score=4)) == Rating(4, is_open=False)
    with stage.acting(stage.employee) as session, pytest.raises(Conflict):
        rate_help(session, stage.employee, referral_id, Score(score=1))
    assert [event.tag for event in stage.trail(referral_id)][-1] == "medical:referral:rated"


def test_nobody_else_says_or_reads_it(stage: Stage) -> None:
    """R75: a score is in no view of another, and row-level security has no row for him."""
    referral_id = stage.in_state(ReferralState.COMPLETED)
    with stage.acting(stage.employee) as session:
        rate_help(session, stage.employee, referral_id, Score(score=2))
    for actor in (stage.physician, stage.provider, stage.secretary):
        with stage.acting(actor) as session:
            assert session.exec(select(Satisfaction)).all() == []
            assert not hasattr(read_referral(session, actor, referral_id), "rating")
            with pytest.raises(Forbidden):
                rate_help(session, actor, referral_id, Score(score=5))
    other = stage.elsewhere()
    with other.acting(other.employee) as session, pytest.raises(NotFound):
        rate_help(session, other.employee, referral_id, Score(score=5))


@pytest.mark.parametrize("who", ["physician", "provider"])
def test_raw_sql_says_nothing_in_his_name(stage: Stage, who: str) -> None:
    """R75."""
    referral = stage.row(stage.in_state(ReferralState.COMPLETED))
    with pytest.raises(DBAPIError, match="row-level security"):
        say(stage, getattr(stage, who), referral, 5)


def test_nor_does_he_himself_before_the_end_or_twice(stage: Stage) -> None:
    """R75."""
    referral_id = stage.in_state(ReferralState.REPORTED)
    with pytest.raises(DBAPIError, match="once a referral is completed"):
        say(stage, stage.employee, stage.row(referral_id), 5)
    completed(stage, referral_id)
    say(stage, stage.employee, stage.row(referral_id), 5)
    with pytest.raises(DBAPIError, match="uq_satisfaction"):
        say(stage, stage.employee, stage.row(referral_id), 1)


def test_figures_leave_over_ten_people_and_in_steps_of_six(office: Office) -> None:
    """R75: what one more employee thought cannot be read from how the percentage moves."""
    rated(office, [5] * 9)
    assert shares(office, office.physician) == (None, None)
    rated(office, [3])
    first = (ShareFigure(100, interval(100, 10), 10), ShareFigure(90, interval(90, 10), 10))
    assert shares(office, office.physician) == first
    rated(office, [1] * 5, late=5)
    assert shares(office, office.physician) == first
    rated(office, [4])
    assert shares(office, office.physician) == (
        ShareFigure(69, interval(69, 16), 16),
        ShareFigure(63, interval(63, 16), 16),
    )


def test_what_was_accepted_and_never_began_is_late(office: Office) -> None:
    """R75."""
    rated(office, [5] * 10)
    with office.world.database.owner.begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        connection.execute(
            text(
                "UPDATE medical.referral SET state = 'scheduled', started_on = NULL, issued_on = issued_on - 60,"
                " start_by = issued_on - 30 WHERE id IN (SELECT id FROM medical.referral"
                " WHERE provider_id = :provider ORDER BY id LIMIT 2)"
            ),
            {"provider": office.provider_id},
        )
        connection.execute(text("SET session_replication_role = DEFAULT"))
    in_time, _satisfied = shares(office, office.physician)
    assert in_time is not None
    assert (in_time.percent, in_time.n) == (80, 10)


def test_a_provider_sees_his_own_and_the_network_only_when_others_are_enough(office: Office) -> None:
    """R75: from a figure of the network no provider can take his own and be left with fewer than ten."""
    rated(office, [5] * 10)
    others = Office(office.world)
    others.provider_id = add_provider(office.world, "Praktijk Wilg")
    rated(others, [4] * 9)
    shares(office, office.physician)
    with office.care(office.provider) as session:
        found = own_figures(session, office.provider)
    assert found.experience.satisfied == ShareFigure(100, interval(100, 10), 10)
    assert found.network_experience.satisfied is None
    rated(others, [4])
    shares(office, office.physician)
    with office.care(others.provider) as session:
        assert own_figures(session, others.provider).network_experience.satisfied == ShareFigure(
            100, interval(100, 20), 20
        )
