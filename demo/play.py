"""Plays the stories through the product's own use cases: the demo holds nothing that the product would refuse."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from billing.cofinancing.decide import decide_cofinancing
from billing.cofinancing.shares import Outcome
from billing.cofinancing.submit import submit_cofinancing
from billing.tables import CofinancingRequest
from billing.tables import DeclineReason as InsurerReason
from cases.cases_open import NewCase, open_case
from cases.cases_recovery import record_recovery
from cases.consents import NewConsent, give_consent
from cases.mandates import NewMandate, sign_mandate
from cases.requests import NewRequest, request_intervention
from cases.tables import ConsentForm, ConsentScope, Employee
from core.clock import AMSTERDAM, today
from core.database import Database, Door
from demo.budget import keep_budget
from demo.direct import specify
from demo.emergency import take_emergencies
from demo.keeping import keep_longer
from demo.money import keep_desk, settle_months
from demo.payments import pay_out
from demo.people import demo_id
from demo.reports import publish_years
from demo.sessions import register_sessions
from demo.shortlists import keep_shortlists
from demo.stage import Stage
from demo.steps import keep_up
from demo.stories import STORIES, Phase, Play, Story
from identity.actor import Actor, system
from medical.cases.assessments import judge_cause
from medical.invoices.input import LineInput, ProviderInvoiceInput
from medical.invoices.judge import approve_provider_invoice
from medical.invoices.submit import submit_provider_invoice
from medical.referrals.answer import accept_referral, decline_referral
from medical.referrals.ask import answer_question, ask_information
from medical.referrals.complete import complete_referral
from medical.referrals.draft import draft_referral
from medical.referrals.forms import ReferralForm, ReportForm, ResultForm, ReturnForm, WordsForm
from medical.referrals.hand_back import return_draft
from medical.referrals.issue import refer
from medical.referrals.reasons import DeclineReason, ReturnReason
from medical.referrals.reports import report_on_referral
from medical.referrals.run import schedule_referral, start_referral
from medical.tables import GoalReached, Referral, WorkResumed

SCOPES = dict(zip("abcd", ConsentScope, strict=True))
PACE = 4  # days between two acts on a referral, less where there is no time
NON_MEDICAL = ("ADO", "SHV", "BMW", "COA", "MED", "CNF", "WPO", "SP2", "LPB", "TRW")
WORKS_AGAIN = ResultForm(goal_reached=GoalReached.REACHED, work_resumed=WorkResumed.PARTLY, hours_per_week=20)
DAILY_COST = 34_000  # cents

Act = Callable[[Session, Actor], object]


def play(database: Database) -> None:
    """Play every story, and what goes on around them."""
    stage = Stage(database)
    for employer in ("zonneveld", "duinwijk"):
        _mandate(stage, employer)
    for story in STORIES:
        Performance(stage, story).run()
    publish_years(stage)
    keep_budget(stage)
    take_emergencies(stage)
    keep_longer(stage)
    register_sessions(stage)
    specify(stage)
    keep_shortlists(stage)
    settle_months(stage)
    keep_desk(stage)
    pay_out(stage)


def employee_id(story: Story) -> UUID:
    """Return the id of the employee of a story; the first of the bakery has an account of her own."""
    return demo_id(f"employee:{story.reference}")


def _mandate(stage: Stage, employer: str) -> None:
    with stage.acting(stage.actors["ba"], door=Door.OPEN) as act:
        new = NewMandate(
            account_email="cmtd@demo.test",
            employer_id=demo_id(f"organisation:{employer}"),
            interventions=NON_MEDICAL,
            valid_from=today() - timedelta(days=60),
            valid_until=today() + timedelta(days=300),
        )
        sign_mandate(act.session, act.actor, new)


@dataclass
class Performance:
    """One story on the stage."""

    stage: Stage
    story: Story
    case_id: UUID = field(init=False)

    def __post_init__(self) -> None:
        """Find out who acts for this employer."""
        first = self.story.employer != "noorder"
        self.physician = self.stage.actors["ba" if first else "ba2"]
        self.secretary = self.stage.actors["secretariaat" if first else "secretariaat2"]

    def run(self) -> None:
        """Play the story from the first sick day to today."""
        story, opened = self.story, self._opened_days_ago()
        self._employ()
        with self.stage.acting(self.physician, opened, Door.OPEN) as act:
            new = NewCase(
                employer_id=demo_id(f"organisation:{story.employer}"),
                employee_ref=story.reference,
                employee_name=story.name,
                first_sick_day=today() - timedelta(days=story.weeks * 7 - opened),
                postcode=story.postcode,
            )
            self.case_id = open_case(act.session, act.actor, new).case.id
        if story.cause:
            with self.stage.acting(self.physician, opened - 1) as act:
                judge_cause(act.session, act.actor, self.case_id, story.cause, story.medical)
        self._consent(opened - 1)
        for each in story.plays:
            Scene(self, each).run()
        self._rest()

    def _opened_days_ago(self) -> int:
        """Return when the arbodienst took the case on: in time for what is played, and for long cases no earlier."""
        story = self.story
        weeks = max([*(play.weeks_ago for play in story.plays), story.recovered_weeks_ago or 1]) + 1
        return min(story.weeks * 7 - 2, weeks * 7)

    def _employ(self) -> None:
        story, tenant = self.story, system(self.physician.tenant_id)
        with self.stage.acting(tenant, self.story.weeks * 7, Door.SYSTEM_CARE) as act:
            act.session.add(
                Employee(
                    id=employee_id(story),
                    tenant_id=tenant.tenant_id,
                    employer_id=demo_id(f"organisation:{story.employer}"),
                    reference=story.reference,
                    name=story.name,
                )
            )

    def _consent(self, days_ago: int) -> None:
        with self.stage.acting(self.physician, days_ago, Door.OPEN) as act:
            for letter in self.story.consents:
                scope = SCOPES[letter]
                new = NewConsent(
                    scope=scope,
                    form=ConsentForm.ORAL,
                    given_on=today(),
                    told_of_forwarding=scope == ConsentScope.EMPLOYER,
                )
                give_consent(act.session, act.actor, self.case_id, new)

    def _rest(self) -> None:
        story = self.story
        with self.stage.acting(self.physician, door=Door.OPEN) as act:
            keep_up(act, self.case_id)
        if story.request:
            self._request(story.request)
        if story.recovered_weeks_ago is not None:
            days = story.recovered_weeks_ago * 7
            with self.stage.acting(self.physician, days, Door.OPEN) as act:
                record_recovery(act.session, act.actor, self.case_id, today())

    def _request(self, intervention: str) -> None:
        manager = self.stage.actors["cm"]
        offering_id = self.stage.offering(manager.tenant_id, intervention, "ad")
        with self.stage.acting(manager, 2, Door.OPEN) as act:
            goal = "Weten welk werk past, voor de eerstejaarsevaluatie."
            request_intervention(
                act.session, act.actor, NewRequest(case_id=self.case_id, offering_id=offering_id, goal=goal)
            )


@dataclass
class Scene:
    """One referral of a story, act by act, until the phase that it is to reach."""

    performance: Performance
    play: Play
    referral_id: UUID = field(init=False)
    invoice_id: UUID = field(init=False)
    number: str = ""

    def run(self) -> None:
        """Play the acts that come before the phase."""
        self._refer()
        play = self.play
        if play.cofinancing in ("submitted", "approved", "declined"):
            self._cofinance()
        if play.declined:
            reason = DeclineReason(play.declined)
            self._act(1, self._provider(), lambda s, a: decline_referral(s, a, self.referral_id, reason))
            return
        for nth, (phase, who, act) in enumerate([*self._acts(), *self._talk()], start=1):
            if play.phase >= phase:
                self._act(nth, who, act)

    def _acts(self) -> list[tuple[Phase, Actor, Act]]:
        provider, physician = self._provider(), self.performance.physician
        report = ReportForm(
            clinical=self.play.clinical, functional=self.play.functional, goal_reached=GoalReached.REACHED
        )
        return [
            (Phase.ACCEPTED, provider, lambda s, a: accept_referral(s, a, self.referral_id)),
            (Phase.SCHEDULED, provider, self._schedule),
            (Phase.RUNNING, provider, lambda s, a: start_referral(s, a, self.referral_id)),
            (Phase.REPORTED, provider, lambda s, a: report_on_referral(s, a, self.referral_id, report)),
            (Phase.COMPLETED, physician, lambda s, a: complete_referral(s, a, self.referral_id, WORKS_AGAIN)),
            (Phase.INVOICED, provider, self._invoice),
            (Phase.APPROVED, self.performance.secretary, self._approve),
        ]

    def _talk(self) -> list[tuple[Phase, Actor, Act]]:
        """Return what is said in the end: a draft sent back, or a question and its answer."""
        play, physician, said = self.play, self.performance.physician, list[tuple[Phase, Actor, Act]]()
        if play.returned:
            back = ReturnForm(reason=ReturnReason.UNCLEAR, words=play.returned)
            said.append((play.phase, physician, lambda s, a: return_draft(s, a, self.referral_id, back)))
        if play.asked:
            asked = WordsForm(words=play.asked)
            said.append((play.phase, self._provider(), lambda s, a: ask_information(s, a, self.referral_id, asked)))
        if play.answered:
            answer = WordsForm(words=play.answered)
            said.append((play.phase, physician, lambda s, a: answer_question(s, a, self.referral_id, answer)))
        return said

    def _schedule(self, session: Session, actor: Actor) -> None:
        schedule_referral(session, actor, self.referral_id, today() + timedelta(days=3))

    def _days_ago(self, nth: int) -> float:
        days = self.play.weeks_ago * 7
        return max(0.0, days - nth * min(PACE, days / 10))

    def _act(self, nth: int, who: Actor, act: Act) -> None:
        with self.performance.stage.acting(who, self._days_ago(nth)) as acting:
            act(acting.session, acting.actor)

    def _refer(self) -> None:
        play, performance = self.play, self.performance
        offering_id = performance.stage.offering(performance.physician.tenant_id, play.intervention, play.provider)
        form = ReferralForm(
            case_id=performance.case_id,
            offering_id=offering_id,
            goal=play.goal,
            question=play.question,
            expected_result=play.expected_result,
            abilities=play.abilities,
            units=play.units,
            expected_days_saved=play.days_saved,
            request_cofinancing=bool(play.cofinancing),
        )
        drafting = play.phase == Phase.DRAFT
        who = performance.stage.actors["cmtd"] if drafting else performance.physician
        with performance.stage.acting(who, self._days_ago(0)) as act:
            made = (draft_referral if drafting else refer)(act.session, act.actor, form)
            self.referral_id, self.number = made.id, made.number

    def _provider(self) -> Actor:
        with self.performance.stage.acting(self.performance.physician) as act:
            provider_id = act.session.exec(select(Referral.provider_id).where(Referral.id == self.referral_id)).one()
        return self.performance.stage.provider(provider_id)

    def _cofinance(self) -> None:
        stage, case_id = self.performance.stage, self.performance.case_id
        newest = col(CofinancingRequest.created_at).desc()
        with stage.acting(stage.actors["cm"], self._days_ago(1), Door.OPEN) as act:
            found = act.session.exec(
                select(CofinancingRequest.id).where(CofinancingRequest.case_id == case_id).order_by(newest).limit(1)
            ).one()
            submit_cofinancing(act.session, act.actor, found, DAILY_COST)
        if self.play.cofinancing == "submitted":
            return
        granted = self.play.cofinancing == "approved"
        answer = Outcome.APPROVED if granted else Outcome.DECLINED
        reason = None if granted else InsurerReason.COST_BENEFIT
        with stage.acting(stage.actors["verzekeraar"], self._days_ago(3), Door.OPEN) as act:
            decide_cofinancing(act.session, act.actor, found, answer, reason=reason)

    def _invoice(self, session: Session, actor: Actor) -> None:
        with self.performance.stage.acting(self.performance.physician) as act:
            referral = act.session.get_one(Referral, self.referral_id)
            price, vat_rate = referral.unit_price_cents, referral.vat_rate
            ended = referral.state_since.astimezone(AMSTERDAM).date()
        line = LineInput(
            description=self.play.line,
            date=ended,
            quantity=Decimal(self.play.units),
            unit_price_cents=price + (1_500 if self.play.overcharged else 0),
            vat_rate=vat_rate,
        )
        invoice = ProviderInvoiceInput(
            referral_number=self.number, invoice_number=f"F-{self.number[-6:]}", invoice_date=today(), lines=(line,)
        )
        self.invoice_id = submit_provider_invoice(session, actor, invoice.submitted()).id

    def _approve(self, session: Session, actor: Actor) -> None:
        approve_provider_invoice(session, actor, self.invoice_id)
