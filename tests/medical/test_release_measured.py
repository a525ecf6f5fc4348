"""What leaves for the network: waits with who still waits, outcomes and answers; never of a few (R10, R32, R34)."""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from sqlalchemy import text
from sqlmodel import select

import medical.hatch.waits
from core.clock import today
from core.database import Door
from identity.actor import Actor
from identity.roles import Role
from medical.hatch.survival import StartDays, Waits, start_days
from medical.referrals.answer import accept_referral, decline_referral
from medical.referrals.ask import ask_information
from medical.referrals.expire import expire_referrals
from medical.referrals.forms import WordsForm
from medical.referrals.reasons import DeclineReason
from medical.release import release_answers, release_outcomes, release_waits
from medical.tables import GoalReached
from network.figures import AnswerFigure, ProviderFigures, own_figures
from network.measured import interval
from network.tables import MeasuredAnswers, MeasuredIntervention, MeasuredOutcome, MeasuredWait
from tests.billing.office import Office
from tests.network.offers import add_provider
from tests.world import World


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let waits be estimated in this process, which has the library already."""
    monkeypatch.setattr(medical.hatch.waits, "start_days_beside", lambda groups: iter(start_days(list(groups))))


def start_after(office: Office, waits: Sequence[int | None], issued: date) -> None:
    """Let referrals of one offering have started after so many days, or not yet, as if time had passed."""
    employer = office.employer()
    for _wait in waits:
        office.referred(office.sick(employer))
    with office.world.database.owner.begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        rows = connection.execute(
            text("SELECT id FROM medical.referral WHERE provider_id = :provider"), {"provider": office.provider_id}
        ).scalars()
        for referral_id, wait in zip(rows.all(), waits, strict=True):
            started = None if wait is None else issued + timedelta(days=wait)
            connection.execute(
                text("UPDATE medical.referral SET issued_on = :issued, started_on = :started WHERE id = :id"),
                {"issued": issued, "started": started, "id": referral_id},
            )
        connection.execute(text("SET session_replication_role = DEFAULT"))


def measured(office: Office) -> list[tuple[int, int, int]]:
    with office.care(office.system) as session:
        release_waits(session, office.system)
    with office.care(office.physician) as session:
        return [(each.median_days, each.p80_days, each.n) for each in session.exec(select(MeasuredWait))]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("waits", "days_ago", "found"),
    [
        ([5, 9, 10, 12, 20, 40], 90, [(10, 20, 6)]),
        ([5, 9, 10, 12, 20], 90, []),
        ([5, 9, 10, 12, 20, 40], 200, []),
    ],
)
def test_waits_leave_only_over_six_referrals_of_half_a_year(
    office: Office, waits: list[int], days_ago: int, found: list[tuple[int, int, int]]
) -> None:
    """R32."""
    start_after(office, waits, today() - timedelta(days=days_ago))
    assert measured(office) == found
    assert measured(office) == found


def test_whoever_still_waits_makes_the_wait_longer(office: Office) -> None:
    """R32: of these six two have waited for thirty days and have not started yet."""
    start_after(office, [5, 9, 12, 20, None, None], today() - timedelta(days=30))
    assert measured(office) == [(12, 30, 6)]


@pytest.mark.parametrize(
    ("started", "waiting", "days"),
    [
        ([5, 9, 12, 20], [], StartDays(9, 20)),
        ([5, 9], [12, 20], StartDays(9, 20)),
        ([5], [9, 12, 20], StartDays(20, 20)),  # too few have started: at least the longest
        ([5, 9, 12, 20], [1], StartDays(9, 20)),
        ([3] * 6, [], StartDays(3, 3)),
        ([5, 9, 9, 20], [9, 9], StartDays(9, 20)),  # who waits for nine days has not started on the ninth
        ([], [4, 9], StartDays(9, 9)),
    ],
)
def test_the_days_within_which_a_share_starts(started: list[int], waiting: list[int], days: StartDays) -> None:
    """R32."""
    assert start_days([Waits(started, waiting)]) == [days]


def slowly(started: Sequence[int], waiting: Sequence[int], percent: int) -> int:
    """Return the same, day by day and in fractions: of those who were still there, who did not start that day."""
    left = Fraction(1)
    for day in range(max([*started, *waiting]) + 1):
        there = sum(each >= day for each in [*started, *waiting])
        left *= 1 - Fraction(started.count(day), there) if there else 1
        if left <= 1 - Fraction(percent, 100):
            return day
    return max([*started, *waiting])


@settings(max_examples=200)
@given(st.lists(st.integers(0, 60), max_size=25), st.lists(st.integers(0, 60), max_size=25))
def test_the_library_counts_as_one_would_day_by_day(started: list[int], waiting: list[int]) -> None:
    """R32."""
    if started or waiting:
        expected = StartDays(slowly(started, waiting, 50), slowly(started, waiting, 80))
        assert start_days([Waits(started, waiting)]) == [expected]


def report_all(office: Office, results: list[GoalReached]) -> None:
    """Let referrals of one offering be completed with these results, as if time had passed."""
    employer = office.employer()
    for result in results:
        referred = office.referred(office.sick(employer))
        with office.world.database.owner.begin() as connection:
            connection.execute(text("SET session_replication_role = replica"))
            connection.execute(
                text("UPDATE medical.referral SET state = 'completed' WHERE id = :id"), {"id": referred.id}
            )
            connection.execute(
                text(
                    "INSERT INTO medical.provider_report (id, tenant_id, created_at, employer_id, employee_id, case_id,"
                    " referral_id, provider_id, clinical, functional, goal_reached, reported_by)"
                    " SELECT gen_random_uuid(), tenant_id, now(), employer_id, employee_id, case_id, id, provider_id,"
                    " '', '', :result, provider_id FROM medical.referral WHERE id = :id"
                ),
                {"id": referred.id, "result": result.value},
            )
            connection.execute(text("SET session_replication_role = DEFAULT"))


def outcomes(office: Office) -> list[tuple[int, int]]:
    with office.care(office.system) as session:
        release_outcomes(session, office.system)
    with office.care(office.physician) as session:
        return [(each.reached_percent, each.n) for each in session.exec(select(MeasuredOutcome))]


def test_outcomes_leave_only_over_ten_people_and_in_steps_of_six(office: Office) -> None:
    """R34: what one more person reached cannot be read from how the percentage moves."""
    report_all(office, [GoalReached.REACHED] * 5 + [GoalReached.PARTLY] * 4)
    assert outcomes(office) == []
    report_all(office, [GoalReached.NOT_REACHED])
    assert outcomes(office) == [(70, 10)]
    report_all(office, [GoalReached.REACHED] * 5)
    assert outcomes(office) == [(70, 10)]
    report_all(office, [GoalReached.REACHED])
    assert outcomes(office) == [(81, 16)]


@given(st.integers(0, 100), st.integers(1, 400))
def test_the_interval_is_that_of_wilson(percent: int, n: int) -> None:
    """R34."""
    reached = round(percent * n / 100)
    known = binomtest(reached, n).proportion_ci(0.95, method="wilson")
    found = interval(percent, n)
    assert 0 <= found.low <= percent <= found.high <= 100
    assert found.low == pytest.approx(100 * known.low, abs=1 + 100 / n)
    assert found.high == pytest.approx(100 * known.high, abs=1 + 100 / n)


@pytest.mark.usefixtures("here")
def test_a_type_is_measured_over_those_of_several_providers(office: Office) -> None:
    """R32: from a figure of the network no provider can take his own and be left with fewer than six."""
    start_after(office, [5, 9, 10, 12, 20, 40, 41], today() - timedelta(days=90))
    measured(office)
    assert of_types(office) == []
    others = Office(office.world)
    others.provider_id = add_provider(office.world, "Praktijk Wilg")
    start_after(others, [7, 8, 9, 10, 11, 12], today() - timedelta(days=90))
    measured(office)
    assert of_types(office) == [("PSY", 10, 20, 13)]


def of_types(office: Office) -> list[tuple[str, int | None, int | None, int | None]]:
    with office.care(office.physician) as session:
        found = session.exec(select(MeasuredIntervention)).all()
    return [(each.intervention, each.median_days, each.p80_days, each.wait_n) for each in found]


def answer(office: Office, accepted: int, declined: int, silent: int, waiting: int = 0) -> None:
    """Let the provider answer some referrals and leave others: some until they expire, some not for long yet."""
    employer = office.employer()
    made = [office.issued(office.sick(employer)).id for _each in range(accepted + declined + silent + waiting)]
    with office.care(office.provider) as session:
        for referral_id in made[:accepted]:
            accept_referral(session, office.provider, referral_id)
        for referral_id in made[accepted : accepted + declined]:
            decline_referral(session, office.provider, referral_id, DeclineReason.NO_CAPACITY)
    if silent:
        with office.world.database.owner.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(
                text("UPDATE medical.referral SET due_on = :past WHERE id = ANY(:ids)"),
                {"past": today() - timedelta(days=1), "ids": made[accepted + declined :][:silent]},
            )


def answers(office: Office) -> list[tuple[int, int, int]]:
    with office.care(office.system) as session:
        release_answers(session, office.system)
    with office.care(office.physician) as session:
        found = session.exec(select(MeasuredAnswers).where(MeasuredAnswers.organisation_id == office.provider_id))
        return [(each.answered_percent, each.declined_percent, each.n) for each in found]


def test_silence_is_no_answer_and_counts(office: Office) -> None:
    """R10: five taken, two declined, three left until their term was over; who may still answer does not count."""
    answer(office, 5, 2, 2, waiting=4)
    assert answers(office) == []
    answer(office, 0, 0, 1)
    assert answers(office) == [(70, 20, 10)]
    with office.care(office.system) as session:
        expire_referrals(session, office.system)
    assert answers(office) == [(70, 20, 10)]


def test_who_waits_for_an_answer_is_not_silent(office: Office) -> None:
    """R10: he asked for information and nobody has given it, so the term that passed was not his."""
    answer(office, 10, 0, 0)
    asked = office.issued(office.sick(office.employer())).id
    with office.care(office.provider) as session:
        ask_information(session, office.provider, asked, WordsForm(words="Mag hij tillen?"))
    with office.world.database.owner.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        past = {"past": today() - timedelta(days=1), "id": asked}
        connection.execute(text("UPDATE medical.referral SET due_on = :past WHERE id = :id"), past)
    assert answers(office) == [(100, 0, 10)]


def test_a_provider_sees_his_own_beside_the_network_and_not_another(office: Office) -> None:
    """R10, R75."""
    answer(office, 8, 2, 0)
    answers(office)
    other = office.world.actor(Role.PROVIDER, add_provider(office.world, "Praktijk Wilg"))
    assert figures(office, office.provider).answers == AnswerFigure(100, 20, 10)
    assert figures(office, office.provider).network_answers is None  # it would be his own once more
    assert figures(office, other).answers is None
    with office.world.acting(Door.OPEN, other) as session:
        assert session.exec(select(MeasuredAnswers)).all() == []


def figures(office: Office, provider: Actor) -> ProviderFigures:
    with office.world.acting(Door.OPEN, provider) as session:
        return own_figures(session, provider)


def test_what_an_offering_reached_stands_with_its_bounds(office: Office) -> None:
    """R34, R75."""
    report_all(office, [GoalReached.REACHED] * 7 + [GoalReached.PARTLY] * 2 + [GoalReached.NOT_REACHED])
    outcomes(office)
    (one,) = figures(office, office.provider).offerings
    assert one.outcome is not None
    assert (one.outcome.reached_percent, one.outcome.n) == (80, 10)
    assert (one.outcome.bounds.low, one.outcome.bounds.high) == (49, 95)
    assert (one.network_outcome, one.wait) == (None, None)
