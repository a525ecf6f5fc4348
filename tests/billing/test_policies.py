"""Policies: kept in versions, asked in an order that says why, and never granted beyond their budget."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from billing.cofinancing.decide import decide_cofinancing
from billing.cofinancing.policies import Hindrance
from billing.cofinancing.policies_keep import NewPolicy, Terms, change_policy, end_policy, register_policy
from billing.cofinancing.policies_read import PolicyView, get_policy, list_policies, policy_versions
from billing.cofinancing.shares import Outcome, PercentageRule, daily_cost_of
from billing.cofinancing.submit import ask_next_insurer, insurers_to_ask, submit_cofinancing
from billing.tables import CofinancingState, DeclineReason, PolicyKind
from cases.tables import ConsentScope
from core.clock import today
from core.errors import Conflict, Forbidden, Invalid, NotFound
from identity.actor import Actor
from identity.roles import OrganisationKind, Role
from medical.release import close_ended
from tests.billing.office import CONF, OPEN, Office, Referred

BOTH = (ConsentScope.EMPLOYER, ConsentScope.INSURER)
YEAR = timedelta(days=365)


def terms(**changes: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "number": "VZ-1",
        "valid_from": today() - YEAR,
        "valid_until": today() + YEAR,
        "percentage": 50,
    }
    return facts | changes


class Desk:
    """A network manager, an employer and two insurers of his."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.manager = office.world.actor(Role.NETWORK_MANAGER)
        self.employer = office.employer()
        self.insurer_id = office.world.organisation(OrganisationKind.INSURER, "Verzekeraar Een")
        self.other_id = office.world.organisation(OrganisationKind.INSURER, "Verzekeraar Twee")
        self.insurer = office.world.actor(Role.INSURER, self.insurer_id)
        self.other = office.world.actor(Role.INSURER, self.other_id)
        self.case_manager = office.case_manager(self.employer)

    def register(
        self, insurer_id: UUID | None = None, kind: PolicyKind = PolicyKind.ABSENCE, **changes: Any
    ) -> PolicyView:
        new = NewPolicy(
            insurer_id=insurer_id or self.insurer_id,
            employer_id=self.employer.organisation_id,
            kind=kind,
            **terms(**changes),
        )
        with self.office.open(self.manager) as session:
            return register_policy(session, self.manager, new)

    def change(self, policy_id: UUID, **changes: Any) -> PolicyView:
        with self.office.open(self.manager) as session:
            return change_policy(session, self.manager, policy_id, Terms(**terms(**changes)))

    def asked(self, intervention: str = OPEN) -> Referred:
        sick = self.office.sick(self.employer, *BOTH)
        return self.office.referred(sick, intervention, cofinancing=True)

    def request_of(self, referred: Referred) -> UUID:
        request = self.office.request_of(referred)
        assert request is not None
        return request.id

    def submitted(self, intervention: str = OPEN, policy_id: UUID | None = None) -> UUID:
        request_id = self.request_of(self.asked(intervention))
        with self.office.open(self.case_manager) as session:
            submit_cofinancing(session, self.case_manager, request_id, 340_00, policy_id)
        return request_id

    def decide(self, request_id: UUID, outcome: Outcome, *rest: Any, by: Actor | None = None) -> None:
        who = by or self.insurer
        with self.office.open(who) as session:
            decide_cofinancing(session, who, request_id, outcome, *rest)

    def next(self, request_id: UUID, policy_id: UUID) -> UUID:
        with self.office.open(self.case_manager) as session:
            return ask_next_insurer(session, self.case_manager, request_id, policy_id).request.id

    def left(self, policy_id: UUID) -> int | None:
        with self.office.open(self.insurer) as session:
            budget = get_policy(session, self.insurer, policy_id).budget
        assert budget is not None
        return budget.left_cents


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


def test_a_policy_is_registered_once_and_read_by_its_parties(desk: Desk) -> None:
    """R61: rules are data that a person filled in."""
    rule = PercentageRule(percentage=75, intervention=OPEN, before_week=35)
    policy = desk.register(rules=(rule,), cap_cents=2_500_00)
    assert desk.register(rules=(rule,), cap_cents=2_500_00).id == policy.id
    assert (policy.rules, policy.is_running) == ((rule,), True)
    for reader in (desk.manager, desk.insurer, desk.case_manager):
        with desk.office.open(reader) as session:
            found = list_policies(session, reader).items
        assert [each.id for each in found] == [policy.id]
        assert (found[0].budget is not None) is (reader is desk.insurer)
    for stranger in (desk.other, desk.office.case_manager(desk.office.employer("Andere firma"))):
        with desk.office.open(stranger) as session:
            assert list_policies(session, stranger).items == ()
            with pytest.raises(NotFound):
                get_policy(session, stranger, policy.id)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"insurer_id": uuid4()}, ["insurer_id"]),
        ({"valid_until": today() - YEAR - timedelta(days=1)}, ["valid_until"]),
        ({"interventions": (OPEN, CONF)}, ["interventions.1"]),
        ({"rules": (PercentageRule(percentage=75, intervention="XXX"),)}, ["rules.0.intervention"]),
    ],
)
def test_a_policy_that_cannot_be_is_refused(desk: Desk, changes: dict[str, Any], fields: list[str]) -> None:
    """R58, R61: no policy names a confidential intervention."""
    with pytest.raises(Invalid) as refusal:
        desk.register(**changes)
    assert [error.field for error in refusal.value.errors] == fields


def test_only_the_network_manager_keeps_policies(desk: Desk) -> None:
    policy = desk.register()
    for actor in (desk.case_manager, desk.office.secretary):
        with pytest.raises(Forbidden), desk.office.open(actor) as session:
            end_policy(session, actor, policy.id, today())
    with pytest.raises(NotFound), desk.office.open(desk.insurer) as session:
        end_policy(session, desk.insurer, policy.id, today())
    for actor in (desk.insurer, desk.case_manager):
        with pytest.raises(DBAPIError), desk.office.open(actor) as session:
            session.execute(
                text(
                    "INSERT INTO billing.insurance_policy (id, tenant_id, created_at, insurer_id, employer_id, kind,"
                    " number, valid_from, valid_until, percentage, interventions, confidential, rules, registered_by)"
                    " SELECT gen_random_uuid(), tenant_id, created_at, insurer_id, employer_id, kind, 'X', valid_from,"
                    " valid_until, 100, interventions, confidential, rules, app.account() FROM billing.insurance_policy"
                )
            )


def test_other_terms_are_another_version_and_what_was_decided_stays(desk: Desk) -> None:
    """R61: the request keeps the version under which it was decided."""
    first = desk.register()
    request_id = desk.submitted()
    desk.decide(request_id, Outcome.APPROVED)
    second = desk.change(first.id, valid_from=today() + timedelta(days=1), percentage=20)
    with desk.office.open(desk.manager) as session:
        versions = policy_versions(session, desk.manager, second.id)
        assert [(each.percentage, each.last_day) for each in versions] == [(20, today() + YEAR), (50, today())]
        with pytest.raises(Conflict):
            change_policy(session, desk.manager, first.id, Terms(**terms(valid_from=today() + timedelta(days=9))))
        with pytest.raises(DBAPIError, match=r"permission denied|stays as it was"):
            session.execute(text("UPDATE billing.insurance_policy SET percentage = 90"))
    with desk.office.open(desk.insurer) as session:
        (decided,) = session.execute(text("SELECT policy_id FROM billing.cofinancing_request")).scalars()
    assert decided == first.id


def test_an_ended_policy_covers_nothing_more(desk: Desk) -> None:
    """R57."""
    policy = desk.register()
    with desk.office.open(desk.manager) as session:
        end_policy(session, desk.manager, policy.id, today())
        with pytest.raises(Conflict):
            end_policy(session, desk.manager, policy.id, today())
    assert desk.office.request_of(desk.asked()) is not None
    with pytest.raises(DBAPIError), desk.office.open(desk.manager) as session:
        session.execute(text("UPDATE billing.insurance_policy SET ended_on = NULL, ended_by = app.account()"))


def test_who_is_asked_first_and_why(desk: Desk) -> None:
    """R57, R61: the most first, a health insurance last and for what the others leave, what pays nothing not at all."""
    health = desk.register(desk.other_id, PolicyKind.HEALTH, number="Z-1", percentage=100)
    absence = desk.register(number="A-1", percentage=50)
    wga = desk.register(number="W-1", kind=PolicyKind.WGA, percentage=60, cap_cents=400_00)
    named = desk.register(number="N-1", kind=PolicyKind.ZW, percentage=90, interventions=("SP2",))
    request_id = desk.request_of(desk.asked())
    with desk.office.open(desk.case_manager) as session:
        found = insurers_to_ask(session, desk.case_manager, request_id)
    assert [(each.policy_id, each.requested_cents, each.hindrance, each.is_capped) for each in found] == [
        (absence.id, 500_00, None, False),
        (wga.id, 400_00, None, True),
        (health.id, 1_000_00, None, False),
        (named.id, 0, Hindrance.NOT_COVERED, False),
    ]


def test_the_case_manager_chooses(desk: Desk) -> None:
    """R57: the request goes out under the policy that was chosen, for what that one pays."""
    desk.register()
    chosen = desk.register(desk.other_id, kind=PolicyKind.WGA, percentage=30)
    request_id = desk.submitted(policy_id=chosen.id)
    with desk.office.open(desk.other) as session:
        row = session.execute(
            text("SELECT insurer_id, requested_cents, decide_by FROM billing.cofinancing_request")
        ).one()
    assert (row.insurer_id, row.requested_cents) == (desk.other_id, 300_00)
    assert row.decide_by > today()
    with pytest.raises(NotFound):
        desk.decide(request_id, Outcome.APPROVED)


def test_a_policy_that_does_not_cover_is_not_chosen(desk: Desk) -> None:
    """R57."""
    desk.register()
    narrow = desk.register(desk.other_id, interventions=("SP2",))
    for policy_id in (narrow.id, uuid4()):
        with pytest.raises(Invalid):
            desk.submitted(policy_id=policy_id)


def test_after_a_partial_grant_the_next_pays_of_the_rest(desk: Desk) -> None:
    """R51, R57: 400.00 of 1,000.00 first; the second would pay 70% and is asked for the 600.00 that are left."""
    desk.register()
    second = desk.register(desk.other_id, kind=PolicyKind.WGA, percentage=40)
    health = desk.register(desk.other_id, kind=PolicyKind.HEALTH, number="Z-1", percentage=50)
    referred = desk.asked()
    first = desk.request_of(referred)
    with desk.office.open(desk.case_manager) as session:
        submit_cofinancing(session, desk.case_manager, first, 340_00)
    with pytest.raises(Conflict):
        desk.next(first, second.id)
    desk.decide(first, Outcome.PARTIAL, 450_00)
    next_one = desk.next(first, second.id)
    with pytest.raises(Conflict):
        desk.next(first, health.id)
    desk.decide(next_one, Outcome.APPROVED, by=desk.other)
    last = desk.next(next_one, health.id)
    with desk.office.open(desk.other) as session:
        rows = session.execute(text("SELECT id, requested_cents FROM billing.cofinancing_request")).all()
    assert {row.id: row.requested_cents for row in rows} == {next_one: 400_00, last: 75_00}
    desk.decide(last, Outcome.DECLINED, None, DeclineReason.NOT_COVERED, by=desk.other)
    with pytest.raises(Invalid):
        desk.next(last, second.id)
    desk.office.supply(referred, 10)
    desk.office.run()
    (charge,) = desk.office.charges(desk.employer)
    assert (charge.net_cents, charge.insurer_cents) == (1_000_00, 850_00)


def test_after_a_refusal_another_is_asked(desk: Desk) -> None:
    """R57: it reaches the next insurer as neutral as the first, and the employee reads of both."""
    desk.register()
    second = desk.register(desk.other_id, kind=PolicyKind.WGA, percentage=40)
    first = desk.submitted(CONF)
    desk.decide(first, Outcome.DECLINED, None, DeclineReason.TOO_LATE)
    next_one = desk.next(first, second.id)
    with desk.office.open(desk.other) as session:
        row = session.execute(text("SELECT intervention, matter_id, state FROM billing.cofinancing_request")).one()
    assert (row.intervention, row.state) == (None, CofinancingState.SUBMITTED)
    assert row.matter_id != next_one


def test_without_consent_nobody_else_is_asked(desk: Desk) -> None:
    """R25."""
    desk.register()
    second = desk.register(desk.other_id, kind=PolicyKind.WGA, percentage=40)
    referred = desk.asked()
    first = desk.request_of(referred)
    with desk.office.open(desk.case_manager) as session:
        submit_cofinancing(session, desk.case_manager, first, 340_00)
    desk.decide(first, Outcome.DECLINED, None, DeclineReason.TOO_LATE)
    desk.office.withdraw(referred.sick, ConsentScope.INSURER)
    with pytest.raises(Conflict) as refusal:
        desk.next(first, second.id)
    assert refusal.value.code == "consent_missing"


@pytest.mark.parametrize(
    "change",
    [
        "price_cents = 2000000, requested_cents = 1000000",
        "requested_cents = 60000",
        "percentage = 90, requested_cents = 90000",
        "expected_days = 100",
        "insurer_id = :other",
    ],
)
def test_raw_sql_of_the_case_manager_asks_no_more_than_the_policy_pays(desk: Desk, change: str) -> None:
    """R57, R59."""
    desk.register()
    desk.asked()
    with pytest.raises(DBAPIError), desk.office.open(desk.case_manager) as session:
        session.execute(
            text(
                "UPDATE billing.cofinancing_request SET state = 'submitted', submitted_by = app.account(),"
                f" submitted_at = now(), daily_cost_cents = 1, {change}"
            ),
            {"other": desk.other_id} if ":other" in change else {},
        )


def test_a_budget_is_counted_down_and_kept(desk: Desk) -> None:
    """R59: the budget of the year; a version with other terms counts in the same budget."""
    policy = desk.register(budget_cents=800_00)
    first, second = desk.submitted(), desk.submitted()
    desk.decide(first, Outcome.APPROVED)
    assert desk.left(policy.id) == 300_00
    with pytest.raises(Invalid, match="budget"):
        desk.decide(second, Outcome.APPROVED)
    with pytest.raises(DBAPIError, match="budget of the policy is spent"), desk.office.open(desk.insurer) as session:
        session.execute(
            text(
                "UPDATE billing.cofinancing_request SET state = 'approved', decided_cents = 50000,"
                " decided_by = app.account(), decided_at = now() WHERE id = :id"
            ),
            {"id": second},
        )
    changed = desk.change(policy.id, valid_from=today() + timedelta(days=1), budget_cents=900_00)
    assert desk.left(changed.id) == 400_00
    desk.decide(second, Outcome.PARTIAL, 400_00)
    assert desk.left(changed.id) == 0


def test_two_decisions_at_once_do_not_overdraw(desk: Desk) -> None:
    """R59: each sees what the other granted, also past the use case."""
    policy = desk.register(budget_cents=800_00)
    requests = [desk.submitted() for _request in range(4)]
    start, done = Barrier(len(requests)), []

    def decide(nth: int) -> None:
        start.wait(timeout=20)
        try:
            if nth % 2:
                desk.decide(requests[nth], Outcome.APPROVED)
            else:
                with desk.office.open(desk.insurer) as session:
                    session.execute(
                        text(
                            "UPDATE billing.cofinancing_request SET state = 'approved', decided_cents = 50000,"
                            " decided_by = app.account(), decided_at = now() WHERE id = :id"
                        ),
                        {"id": requests[nth]},
                    )
        except (Invalid, DBAPIError):
            return
        done.append(nth)

    threads = [Thread(target=decide, args=(nth,)) for nth in range(len(requests))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(done) == 1
    assert desk.left(policy.id) == 300_00


def test_what_was_granted_and_never_charged_is_free_again_the_month_after(desk: Desk) -> None:
    """R58, R59: when nothing more can be charged, and then by the month and not by the day."""
    policy = desk.register(budget_cents=800_00)
    referred = desk.asked()
    request_id = desk.request_of(referred)
    with desk.office.open(desk.case_manager) as session:
        submit_cofinancing(session, desk.case_manager, request_id, 340_00)
    desk.decide(request_id, Outcome.APPROVED)
    desk.office.supply(referred, 4)
    desk.office.run()
    with desk.office.care(desk.office.system) as session:
        assert close_ended(session, desk.office.system) == 0
    with Session(desk.office.world.database.owner) as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))  # no story leads back in time
        session.execute(
            text("UPDATE medical.referral SET state = 'completed', access_until = :day WHERE id = :id"),
            {"day": today().replace(day=1) - timedelta(days=1), "id": referred.id},
        )
        session.commit()
    with desk.office.care(desk.office.system) as session:
        assert close_ended(session, desk.office.system) == 1
        assert close_ended(session, desk.office.system) == 0
    assert desk.left(policy.id) == 600_00


def test_a_day_costs_the_wage_of_a_year_times_1_3_over_220() -> None:
    """R60."""
    assert [daily_cost_of(cents) for cents in (44_000_00, 57_538_46, 1_000_01)] == [260_00, 340_00, 5_91]
