"""Whatever anybody tries in whatever order, no referral comes to a state without what that state asks for."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import text
from sqlmodel import Session, select

from cases.tables import ConsentScope
from core.clock import now, standing_at, today
from core.database import Database
from core.errors import Refusal
from identity.actor import Actor
from identity.roles import Role
from medical.cases.consents_withdrawn import stop_after_withdrawal
from medical.referrals.answer import accept_referral, decline_referral
from medical.referrals.ask import answer_question, ask_information
from medical.referrals.complete import complete_referral
from medical.referrals.draft import revise_draft
from medical.referrals.expire import expire_referrals
from medical.referrals.forms import Asked, InterruptForm, ReturnForm, WordsForm
from medical.referrals.hand_back import return_draft
from medical.referrals.interrupt import interrupt_referral, resume_referral
from medical.referrals.issue import issue_referral, refer
from medical.referrals.reasons import DeclineReason, InterruptReason, ReturnReason, WithdrawReason
from medical.referrals.redirect import redirect_referral
from medical.referrals.reports import report_on_referral
from medical.referrals.run import schedule_referral, start_referral, withdraw_referral
from medical.tables import (
    Assessment,
    ContentVersion,
    MessageKind,
    ProviderReport,
    Referral,
    ReferralEvent,
    ReferralMessage,
    ReferralResult,
    ReferralState,
)
from network.taxonomy import Disclosure, ReferralClass
from tests.medical.stage import CONF_NON_MEDICAL, MEDICAL, OPEN, Stage, report_form, result_form, set_stage
from tests.network.offers import add_offering, add_provider
from tests.world import World

MOST = 3  # referrals at a time: with more, nobody gets far with any
Act = Callable[[Session, Actor, UUID], Any]
PEOPLE = st.sampled_from(("physician", "delegate", "provider", "secretary", "employee", "system"))
REFERRERS = st.sampled_from(("physician", "delegate"))
KINDS = st.sampled_from((OPEN, CONF_NON_MEDICAL, MEDICAL))
PICKS = st.integers(0, MOST - 1)
WORDS = WordsForm(words="Mag hij tillen?")
ACTS: dict[str, Act] = {
    "revise": lambda s, a, r: revise_draft(
        s, a, r, Asked(goal="Anders", question="Hoe?", units=2, expected_days_saved=1)
    ),
    "return": lambda s, a, r: return_draft(s, a, r, ReturnForm(reason=ReturnReason.OTHER, words="Anders.")),
    "issue": issue_referral,
    "accept": accept_referral,
    "decline": lambda s, a, r: decline_referral(s, a, r, DeclineReason.OTHER),
    "schedule": lambda s, a, r: schedule_referral(s, a, r, today() + timedelta(days=2)),
    "start": start_referral,
    "ask": lambda s, a, r: ask_information(s, a, r, WORDS),
    "answer": lambda s, a, r: answer_question(s, a, r, WORDS),
    "interrupt": lambda s, a, r: interrupt_referral(
        s, a, r, InterruptForm(reason=InterruptReason.OTHER, until=today() + timedelta(days=9))
    ),
    "resume": resume_referral,
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
    "interrupted": ["issue", "accept", "schedule", "start"],
    "reported": ["issue", "accept", "schedule", "start", "report"],
    "completed": ["issue", "accept", "schedule", "start", "report", "complete"],
    "expired": ["issue", "expire"],
}
ON_THE_WAY = {"draft", "revise", "return", "redirect", "ask", "answer", "interrupt", "resume"}
NEXT = {
    "draft": ("issue", ""),
    "returned": ("revise", "delegate"),
    "issued": ("accept", "provider"),
    "accepted": ("schedule", "provider"),
    "scheduled": ("start", "provider"),
    "running": ("report", "provider"),
    "interrupted": ("resume", "provider"),
}
WHO = {
    "return": {Role.PHYSICIAN},
    "revise": {Role.PHYSICIAN, Role.DELEGATE},
    "issue": {Role.PHYSICIAN, Role.DELEGATE},
    "accept": {Role.PROVIDER},
    "decline": {Role.PROVIDER},
    "schedule": {Role.PROVIDER},
    "start": {Role.PROVIDER},
    "ask": {Role.PROVIDER},
    "answer": {Role.PHYSICIAN, Role.DELEGATE},
    "interrupt": {Role.PHYSICIAN, Role.DELEGATE, Role.PROVIDER},
    "resume": {Role.PHYSICIAN, Role.DELEGATE, Role.PROVIDER},
    "report": {Role.PROVIDER},
    "complete": {Role.PHYSICIAN, Role.DELEGATE},
    "redirect": {Role.PHYSICIAN},
    "expire": {Role.SYSTEM},
}


class Play(RuleBasedStateMachine):
    """People who do whatever comes to mind, to the referrals of one case."""

    database: ClassVar[Database]
    seen: ClassVar[set[ReferralState]] = set()
    done: ClassVar[set[str]] = set()

    @initialize(begun=st.sampled_from((True, False)))
    def set_the_stage(self, begun: bool) -> None:
        self.stage: Stage = set_stage(World(self.database))
        self.referrals: list[UUID] = []
        self.consents: list[UUID] = []
        self.mandates: list[UUID] = []
        self.made = 0
        self.elsewhere = {
            kind: add_offering(self.stage.world, add_provider(self.stage.world, "Elders"), intervention=kind)
            for kind in (OPEN, MEDICAL)
        }
        self.make("physician", OPEN)
        self.make("delegate", MEDICAL)
        if begun:
            self.talk(0, "running")

    @rule(medical=st.booleans())
    def judge(self, medical: bool) -> None:
        self.stage.judge(medical=medical)

    @rule(scope=st.sampled_from((ConsentScope.PROVIDER, ConsentScope.REPORT_BACK)))
    def consent(self, scope: ConsentScope) -> None:
        self.consents.append(self.stage.consent(scope))

    @rule(pick=PICKS)
    def withdraw_consent(self, pick: int) -> None:
        if self.consents:
            consent_id = self.consents[pick % len(self.consents)]
            self.stage.withdraw(consent_id)
            with self.stage.acting(self.stage.system) as session:
                stop_after_withdrawal(session, self.stage.system, consent_id)

    @rule()
    def mandate(self) -> None:
        self.mandates.append(self.stage.mandate(OPEN, CONF_NON_MEDICAL))

    @rule()
    def revoke(self) -> None:
        if self.mandates:
            self.stage.revoke(self.mandates.pop())
            self.mandates = [each for each in self.mandates if each not in self._revoked()]

    @rule(who=st.sampled_from(("physician", "delegate", "provider")), kind=KINDS)
    def make(self, who: str, kind: str) -> None:
        self.made += 1
        actor: Actor = getattr(self.stage, who)
        form = self.stage.form(kind, goal=f"Doel {self.made}")
        if len(self.referrals) < MOST:
            self._try(actor, lambda session: self.referrals.append(refer(session, actor, form).id))

    @rule(who=PEOPLE, act=st.sampled_from(sorted(ACTS)), pick=PICKS)
    def do(self, who: str, act: str, pick: int) -> None:
        if self.referrals:
            actor: Actor = getattr(self.stage, who)
            referral_id = self.referrals[pick % len(self.referrals)]
            self._try(actor, lambda session: ACTS[act](session, actor, referral_id))

    @rule(pick=PICKS, steps=st.integers(1, 6), referrer=REFERRERS)
    def go_on_as_one_should(self, pick: int, steps: int, referrer: str) -> None:
        for _step in range(steps):
            if self.referrals:
                state = self.stage.row(self.referrals[pick % len(self.referrals)]).state
                act, who = NEXT.get(state.value, ("complete", ""))
                self.do(who or referrer, act, pick)

    @rule(pick=PICKS, until=st.sampled_from(("draft", "issued", "running")))
    def talk(self, pick: int, until: str) -> None:
        """Let people go on to a state, and there ask, answer, interrupt or send back, as each should."""
        for _step in range(4):
            if self.referrals and self.stage.row(self.referrals[pick % len(self.referrals)]).state != until:
                self.go_on_as_one_should(pick, 1, "physician")
        for who, act in (
            ("provider", "ask"),
            ("physician", "answer"),
            ("provider", "interrupt"),
            ("physician", "return"),
        ):
            self.do(who, act, pick)

    @rule(who=PEOPLE, pick=PICKS, kind=st.sampled_from((OPEN, MEDICAL)))
    def redirect(self, who: str, pick: int, kind: str) -> None:
        if self.referrals:
            actor: Actor = getattr(self.stage, who)
            old = self.referrals[pick % len(self.referrals)]

            def work(session: Session) -> None:
                done = redirect_referral(session, actor, old, self.elsewhere[kind])
                if done.replaced_by is not None:
                    self.referrals.append(done.replaced_by)

            self._try(actor, work)

    @rule()
    def a_fortnight_later(self) -> None:
        with standing_at(now() + timedelta(days=14)), self.stage.acting(self.stage.system) as session:
            expire_referrals(session, self.stage.system)

    @invariant()
    def every_referral_has_what_its_state_asks_for(self) -> None:
        with self.stage.acting(self.stage.physician) as session:
            events = session.exec(select(ReferralEvent).order_by(text("version"))).all()
            for row in session.exec(select(Referral)):
                self.seen.add(row.state)
                mine = [event for event in events if event.referral_id == row.id]
                self.done.update(event.action for event in mine)
                self._check_history(row, mine)
                self._check_basis(session, row)
                self._check_words(session, row, mine)

    def _check_history(self, row: Referral, events: list[ReferralEvent]) -> None:
        acts = [event.action for event in events]
        on_the_road = [act for act in acts if act not in ON_THE_WAY]
        once = [act for at, act in enumerate(on_the_road) if act != "schedule" or on_the_road[at - 1] != "schedule"]
        assert (events[0].from_state, events[0].action) in ((None, "draft"), (None, "issue"))
        assert events[0].action == "draft" or events[0].role is Role.PHYSICIAN  # only he issues without a draft
        assert events[-1].to_state is row.state
        assert [event.version for event in events] == list(range(1, len(events) + 1))
        assert all(one.to_state is two.from_state for one, two in pairwise(events))
        if row.state in ROAD_TO:
            assert once == ROAD_TO[row.state]
        assert all(event.role in WHO.get(event.action, {event.role}) for event in events)
        assert acts.count("interrupt") - acts.count("resume") in (0, 1)
        assert (row.interrupted_until is not None) >= (row.state is ReferralState.INTERRUPTED)

    def _check_basis(self, session: Session, row: Referral) -> None:
        was_issued = row.issued_on is not None
        never_sent = (ReferralState.DRAFT, ReferralState.RETURNED, ReferralState.WITHDRAWN)
        assert was_issued == (row.state not in never_sent) or (was_issued and row.state is ReferralState.WITHDRAWN)
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
        results = session.exec(select(ReferralResult).where(ReferralResult.referral_id == row.id)).all()
        assert len(results) == (row.state is ReferralState.COMPLETED)

    def _check_words(self, session: Session, row: Referral, events: list[ReferralEvent]) -> None:
        """See that every act that asks for words has them, that no question is lost, and that versions are kept."""
        words = session.exec(select(ReferralMessage).where(ReferralMessage.referral_id == row.id)).all()
        said = {(message.version, message.kind.value) for message in words}
        kinds = {"return": MessageKind.RETURN, "ask": MessageKind.QUESTION, "answer": MessageKind.ANSWER}
        assert said == {(event.version, kinds[event.action].value) for event in events if event.action in kinds}
        talk = [event.action for event in events if event.action in ("ask", "answer")]
        assert all(act == ("ask", "answer")[at % 2] for at, act in enumerate(talk))
        over = row.state not in ("issued", "accepted", "scheduled", "running", "interrupted")
        assert (row.asked_on is not None) == (len(talk) % 2 == 1 and not over)
        versions = session.exec(select(ContentVersion.version).where(ContentVersion.referral_id == row.id)).all()
        assert set(versions) == {event.version for event in events if event.action in ("draft", "revise")} or (
            set(versions) == {1} and events[0].action == "issue"
        )
        returned = [event.version for event in events if event.action == "return"]
        issued = [event for event in events if event.action == "issue" and returned and event.version > returned[0]]
        assert all(event.role is Role.PHYSICIAN for event in issued)

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


def test_no_state_without_its_conditions(database: Database) -> None:
    """R1, R2, R3, R6, R23, R75."""
    Play.database = database
    run_state_machine_as_test(
        Play,
        settings=settings(
            max_examples=16, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    assert len(Play.seen) >= 6  # random steps that lead nowhere would prove nothing
    assert {"return", "ask", "answer", "interrupt"} <= Play.done
