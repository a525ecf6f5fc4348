"""Whatever anybody tries in whatever order, no referral comes to a state without what that state asks for."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session, select

from cases.tables import ConsentScope
from core.clock import now, standing_at, today
from core.database import Database
from core.errors import Refusal
from identity.actor import Actor
from identity.roles import Role
from medical.consents_withdrawn import stop_after_withdrawal
from medical.referral_reasons import DeclineReason, WithdrawReason
from medical.referrals_answer import accept_referral, decline_referral
from medical.referrals_complete import complete_referral
from medical.referrals_expire import expire_referrals
from medical.referrals_issue import issue_referral, refer
from medical.referrals_redirect import redirect_referral
from medical.referrals_run import schedule_referral, start_referral, withdraw_referral
from medical.reports import report_on_referral
from medical.tables import Assessment, ProviderReport, Referral, ReferralEvent, ReferralState
from network.taxonomy import Disclosure, ReferralClass
from tests.medical.stage import CONF_NON_MEDICAL, MEDICAL, OPEN, Stage, report_form, result_form, set_stage
from tests.network.offers import add_offering, add_provider
from tests.world import World

MOST = 3  # referrals at a time: with more, nobody gets far with any
Act = Callable[[Session, Actor, UUID], Any]
PEOPLE = st.sampled_from(("physician", "delegate", "provider", "secretary", "employee", "system"))
KINDS = st.sampled_from((OPEN, CONF_NON_MEDICAL, MEDICAL))
ACTS: dict[str, Act] = {
    "issue": issue_referral,
    "accept": accept_referral,
    "decline": lambda s, a, r: decline_referral(s, a, r, DeclineReason.OTHER),
    "schedule": lambda s, a, r: schedule_referral(s, a, r, today() + timedelta(days=2)),
    "start": start_referral,
    "report": lambda s, a, r: report_on_referral(s, a, r, report_form("Klinisch")),
    "complete": lambda s, a, r: complete_referral(s, a, r, result_form()),
    "withdraw": lambda s, a, r: withdraw_referral(s, a, r, WithdrawReason.OTHER),
}

# What must have happened before, in this order; written down once more, apart from the table of moves.
ROAD_TO = {
    "issued": ["issue"],
    "accepted": ["issue", "accept"],
    "declined": ["issue", "decline"],
    "scheduled": ["issue", "accept", "schedule"],
    "running": ["issue", "accept", "schedule", "start"],
    "reported": ["issue", "accept", "schedule", "start", "report"],
    "completed": ["issue", "accept", "schedule", "start", "report", "complete"],
    "expired": ["issue", "expire"],
}
NEXT = {
    "draft": "issue",
    "issued": "accept",
    "accepted": "schedule",
    "scheduled": "start",
    "running": "report",
}
WHO = {
    "issue": {Role.PHYSICIAN, Role.DELEGATE},
    "accept": {Role.PROVIDER},
    "decline": {Role.PROVIDER},
    "schedule": {Role.PROVIDER},
    "start": {Role.PROVIDER},
    "report": {Role.PROVIDER},
    "complete": {Role.PHYSICIAN, Role.DELEGATE},
    "redirect": {Role.PHYSICIAN},
    "expire": {Role.SYSTEM},
}


class Play:
    """People who do whatever comes to mind, to the referrals of one case."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.seen: set[ReferralState] = set()
        self.referrals: list[UUID] = []
        self.consents: list[UUID] = []
        self.mandates: list[UUID] = []
        self.made = 0
        self.elsewhere = {
            kind: add_offering(self.stage.world, add_provider(self.stage.world, "Elders"), intervention=kind)
            for kind in (OPEN, MEDICAL)
        }

    def judge(self, medical: bool) -> None:
        self.stage.judge(medical=medical)

    def consent(self, scope: ConsentScope) -> None:
        self.consents.append(self.stage.consent(scope))

    def withdraw_consent(self, pick: int) -> None:
        if self.consents:
            consent_id = self.consents[pick % len(self.consents)]
            self.stage.withdraw(consent_id)
            with self.stage.acting(self.stage.system) as session:
                stop_after_withdrawal(session, self.stage.system, consent_id)

    def mandate(self) -> None:
        self.mandates.append(self.stage.mandate(OPEN, CONF_NON_MEDICAL))

    def revoke(self) -> None:
        if self.mandates:
            self.stage.revoke(self.mandates.pop())
            self.mandates = [each for each in self.mandates if each not in self._revoked()]

    def make(self, who: str, kind: str) -> None:
        self.made += 1
        actor: Actor = getattr(self.stage, who)
        form = self.stage.form(kind, goal=f"Doel {self.made}")
        if len(self.referrals) < MOST:
            self._try(actor, lambda session: self.referrals.append(refer(session, actor, form).id))

    def do(self, who: str, act: str, pick: int) -> None:
        if self.referrals:
            actor: Actor = getattr(self.stage, who)
            referral_id = self.referrals[pick % len(self.referrals)]
            self._try(actor, lambda session: ACTS[act](session, actor, referral_id))

    def go_on_as_one_should(self, pick: int, steps: int, referrer: str) -> None:
        for _step in range(steps):
            if self.referrals:
                state = self.stage.row(self.referrals[pick % len(self.referrals)]).state
                act = NEXT.get(state.value, "complete")
                self.do(referrer if act in ("issue", "complete") else "provider", act, pick)

    def redirect(self, who: str, pick: int, kind: str) -> None:
        if self.referrals:
            actor: Actor = getattr(self.stage, who)
            old = self.referrals[pick % len(self.referrals)]

            def work(session: Session) -> None:
                done = redirect_referral(session, actor, old, self.elsewhere[kind])
                if done.replaced_by is not None:
                    self.referrals.append(done.replaced_by)

            self._try(actor, work)

    def a_fortnight_later(self) -> None:
        with standing_at(now() + timedelta(days=14)), self.stage.acting(self.stage.system) as session:
            expire_referrals(session, self.stage.system)

    def check(self) -> None:
        """See that every referral has the history and the basis that its state asks for."""
        with self.stage.acting(self.stage.physician) as session:
            events = session.exec(select(ReferralEvent).order_by(text("version"))).all()
            for row in session.exec(select(Referral)):
                self.seen.add(row.state)
                mine = [event for event in events if event.referral_id == row.id]
                self._check_history(row, mine)
                self._check_basis(session, row)

    def _check_history(self, row: Referral, events: list[ReferralEvent]) -> None:
        acts = [event.action for event in events if event.action != "draft"]
        once = [act for position, act in enumerate(acts) if act != "schedule" or acts[position - 1] != "schedule"]
        assert (events[0].from_state, events[0].action) in ((None, "draft"), (None, "issue"))
        assert events[0].action == "draft" or events[0].role is Role.PHYSICIAN  # only he issues without a draft
        assert events[-1].to_state is row.state
        assert [event.version for event in events] == list(range(1, len(events) + 1))
        assert all(one.to_state is two.from_state for one, two in pairwise(events))
        if row.state in ROAD_TO:
            assert [act for act in once if act != "redirect"] == ROAD_TO[row.state]
        assert all(event.role in WHO.get(event.action, {event.role}) for event in events)

    def _check_basis(self, session: Session, row: Referral) -> None:
        was_issued = row.issued_on is not None
        assert was_issued == (row.state not in (ReferralState.DRAFT, ReferralState.WITHDRAWN)) or (
            was_issued and row.state is ReferralState.WITHDRAWN
        )
        if not was_issued:
            return
        assert row.physician_account_id == self.stage.physician.account_id
        if row.disclosure is Disclosure.CONF:
            assert row.consent_id in self.consents
        if row.issued_by != self.stage.physician.account_id:
            assert row.issued_by == self.stage.delegate.account_id
            assert row.referral_class is ReferralClass.NON_MEDICAL
            assert row.mandate_id is not None
            judged = session.exec(
                select(Assessment.medical)
                .where(Assessment.case_id == row.case_id, Assessment.created_at <= issued_at(session, row))
                .order_by(text("created_at DESC"))
            ).first()
            assert judged is False
        reports = session.exec(select(ProviderReport).where(ProviderReport.referral_id == row.id)).all()
        assert len(reports) == (row.state in (ReferralState.REPORTED, ReferralState.COMPLETED))

    def _revoked(self) -> set[UUID]:
        with self.stage.acting(self.stage.physician) as session:
            found = session.execute(text("SELECT id FROM cases.mandate WHERE revoked_at IS NOT NULL")).scalars()
            return set(found)

    def _try(self, actor: Actor, work: Callable[[Session], Any]) -> None:
        """Let somebody try: it is done whole, or refused with a reason; the database is never the first to refuse."""
        with suppress(Refusal), self.stage.acting(actor) as session:
            work(session)


def issued_at(session: Session, row: Referral) -> Any:
    return session.exec(
        select(ReferralEvent.created_at).where(ReferralEvent.referral_id == row.id, ReferralEvent.action == "issue")
    ).one()


def step(name: str, **arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    return st.tuples(st.just(name), st.fixed_dictionaries(arguments))


REFERRERS = st.sampled_from(("physician", "delegate"))
PICKS = st.integers(0, MOST - 1)
SCOPES = st.sampled_from((ConsentScope.PROVIDER, ConsentScope.REPORT_BACK))
STEPS = st.one_of(
    step("judge", medical=st.booleans()),
    step("consent", scope=SCOPES),
    step("withdraw_consent", pick=PICKS),
    step("mandate"),
    step("revoke"),
    step("make", who=st.sampled_from(("physician", "delegate", "provider")), kind=KINDS),
    step("do", who=PEOPLE, act=st.sampled_from(sorted(ACTS)), pick=PICKS),
    step("go_on_as_one_should", pick=PICKS, steps=st.integers(1, 6), referrer=REFERRERS),
    step("go_on_as_one_should", pick=PICKS, steps=st.integers(1, 2), referrer=REFERRERS),
    step("redirect", who=PEOPLE, pick=PICKS, kind=st.sampled_from((OPEN, MEDICAL))),
    step("a_fortnight_later"),
)


def test_no_state_without_its_conditions(database: Database) -> None:
    """R1, R2, R3, R23."""
    seen: set[ReferralState] = set()

    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(STEPS, min_size=40, max_size=60))
    def play(steps: list[tuple[str, dict[str, Any]]]) -> None:
        what = Play(set_stage(World(database)))
        for name, arguments in steps:
            getattr(what, name)(**arguments)
            what.check()
        seen.update(what.seen)

    play()
    assert len(seen) >= 6  # random steps that lead nowhere would prove nothing
