"""Sets the stage for tests of the medical room: a case with everybody around it, and a referral in any state."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from cases.consents import NewConsent, give_consent, withdraw_consent
from cases.mandates import NewMandate, revoke_mandate, sign_mandate
from cases.tables import AbsenceCase, ConsentForm, ConsentScope, Employee, SickSpell
from core.clock import today
from core.database import Door
from core.references import random_number
from identity.actor import Actor, system
from identity.roles import OrganisationKind, Role
from identity.tables import AuditEvent, Membership
from medical.cases.assessments import judge_cause
from medical.referrals.answer import accept_referral
from medical.referrals.complete import complete_referral
from medical.referrals.forms import ReferralForm, ReportForm, ResultForm
from medical.referrals.issue import refer
from medical.referrals.moves import Outcome
from medical.referrals.reports import report_on_referral
from medical.referrals.run import schedule_referral, start_referral
from medical.tables import GoalReached, Referral, ReferralState, WorkResumed
from tests.network.offers import add_offering, add_provider
from tests.world import World

GOAL = "Weer acht uur per dag kunnen werken"
QUESTION = "Wat is er nodig om het eigen werk op te bouwen?"
OPEN, CONF_NON_MEDICAL, MEDICAL = "ADO", "BMW", "PSY"
"""An intervention of each kind: open, confidential without being medical, and medical."""


@dataclass
class Stage:
    """One employer with one sick employee, a physician, a delegate with a mandate, and a provider."""

    world: World
    employer_id: UUID
    case_id: UUID
    employee_id: UUID
    provider_id: UUID
    physician: Actor
    delegate: Actor
    provider: Actor
    offerings: dict[str, UUID] = field(default_factory=dict)

    def acting(self, actor: Actor) -> AbstractContextManager[Session]:
        """One transaction of `actor` on the care side."""
        return self.world.acting(Door.CARE, actor)

    @cached_property
    def system(self) -> Actor:
        """The actor of jobs."""
        return system(self.world.tenant_id)

    @cached_property
    def employee(self) -> Actor:
        """The employee himself."""
        return self.world.actor(Role.EMPLOYEE, self.employer_id, subject_id=self.employee_id)

    @cached_property
    def secretary(self) -> Actor:
        """The medical secretariat."""
        return self.world.actor(Role.SECRETARY)

    @cached_property
    def case_manager(self) -> Actor:
        """The case manager on the employer's side."""
        return self.world.actor(Role.CASE_MANAGER, employers=(self.employer_id,))

    @cached_property
    def auditor(self) -> Actor:
        """Who reads the audit trail."""
        return self.world.actor(Role.AUDITOR)

    def trail(self, subject_id: UUID) -> list[AuditEvent]:
        """Return what the audit trail holds about something, in order."""
        with self.world.acting(Door.OPEN, self.auditor) as session:
            found = select(AuditEvent).where(AuditEvent.subject_id == subject_id).order_by(col(AuditEvent.seq))
            return list(session.exec(found))

    def end_registration(self, actor: Actor) -> None:
        """Let the registration of a physician or a delegate have expired yesterday."""
        with Session(self.world.database.owner) as session:
            membership = session.get_one(Membership, actor.membership_id)
            membership.registered_until = today() - timedelta(days=1)
            session.add(membership)
            session.commit()

    def offering(self, intervention: str = MEDICAL) -> UUID:
        """Return the offering of the provider for an intervention, approved and under contract."""
        if intervention not in self.offerings:
            self.offerings[intervention] = add_offering(
                self.world, self.provider_id, intervention=intervention, title=f"Aanbod {intervention}"
            )
        return self.offerings[intervention]

    def judge(self, medical: bool, cause: str = "M01") -> None:
        """Let the physician judge the cause."""
        with self.acting(self.physician) as session:
            judge_cause(session, self.physician, self.case_id, cause, medical)

    def consent(self, scope: ConsentScope = ConsentScope.PROVIDER) -> UUID:
        """Record a consent of the employee."""
        new = NewConsent(scope=scope, form=ConsentForm.WRITTEN, given_on=today(), told_of_forwarding=True)
        with self.acting(self.physician) as session:
            return give_consent(session, self.physician, self.case_id, new).consent.id

    def withdraw(self, consent_id: UUID) -> None:
        """Let the employee withdraw a consent."""
        with self.acting(self.employee) as session:
            withdraw_consent(session, self.employee, consent_id)

    def mandate(self, *interventions: str, employer_id: UUID | None = None, begins: date | None = None) -> UUID:
        """Let the physician mandate the delegate for a month."""
        begins = begins or today()
        new = NewMandate(
            account_email=self.delegate.email,
            employer_id=employer_id or self.employer_id,
            interventions=interventions or (OPEN, CONF_NON_MEDICAL),
            valid_from=begins,
            valid_until=begins + timedelta(days=30),
        )
        with self.acting(self.physician) as session:
            return sign_mandate(session, self.physician, new).mandate.id

    def revoke(self, mandate_id: UUID) -> None:
        """Let the physician revoke a mandate."""
        with self.acting(self.physician) as session:
            revoke_mandate(session, self.physician, mandate_id)

    def form(self, intervention: str = MEDICAL, **changes: Any) -> ReferralForm:
        """Return a filled-in form for a referral."""
        facts: dict[str, Any] = {
            "case_id": self.case_id,
            "offering_id": self.offering(intervention),
            "goal": GOAL,
            "question": QUESTION,
            "units": 8,
            "expected_days_saved": 30,
        }
        return ReferralForm(**(facts | changes))

    def refer(self, actor: Actor, intervention: str = MEDICAL, **changes: Any) -> Outcome:
        """Let `actor` refer: issued by the physician, a draft by the delegate."""
        form = self.form(intervention, **changes)
        with self.acting(actor) as session:
            return refer(session, actor, form)

    def draft(self, intervention: str = MEDICAL, **changes: Any) -> Outcome:
        """Return a draft that the delegate made."""
        return self.refer(self.delegate, intervention, **changes)

    def issued(self, intervention: str = OPEN, **changes: Any) -> Outcome:
        """Return a referral that the physician issued; the employee consents that the provider is told."""
        self.consent()
        return self.refer(self.physician, intervention, **changes)

    def in_state(self, state: ReferralState, intervention: str = OPEN) -> UUID:
        """Return a referral that came to `state` by the usual road."""
        done = self.issued(intervention)
        self.along(done.id, state)
        return done.id

    def along(self, referral_id: UUID, state: ReferralState) -> None:
        """Let a referral that was issued come to `state` by the usual road."""
        for act in ROAD[: STOPS.index(state)]:
            act(self, referral_id)

    def row(self, referral_id: UUID) -> Referral:
        """Return the row of a referral as it is in the database."""
        with self.acting(self.physician) as session:
            return session.exec(select(Referral).where(Referral.id == referral_id)).one()

    def elsewhere(self) -> "Stage":
        """Return a stage in the same arbodienst, with another employer, employee, delegate and provider."""
        return set_stage(self.world, physician=self.physician)


def _accept(stage: Stage, referral_id: UUID) -> None:
    with stage.acting(stage.provider) as session:
        accept_referral(session, stage.provider, referral_id)


def _schedule(stage: Stage, referral_id: UUID) -> None:
    with stage.acting(stage.provider) as session:
        schedule_referral(session, stage.provider, referral_id, today() + timedelta(days=3))


def _start(stage: Stage, referral_id: UUID) -> None:
    with stage.acting(stage.provider) as session:
        start_referral(session, stage.provider, referral_id)


def _report(stage: Stage, referral_id: UUID) -> None:
    with stage.acting(stage.provider) as session:
        report_on_referral(session, stage.provider, referral_id, report_form())


def _complete(stage: Stage, referral_id: UUID) -> None:
    with stage.acting(stage.physician) as session:
        complete_referral(session, stage.physician, referral_id, result_form())


ROAD = (_accept, _schedule, _start, _report, _complete)
STOPS = (
    ReferralState.ISSUED,
    ReferralState.ACCEPTED,
    ReferralState.SCHEDULED,
    ReferralState.RUNNING,
    ReferralState.REPORTED,
    ReferralState.COMPLETED,
)


def report_form(clinical: str | None = None) -> ReportForm:
    """Return a filled-in report."""
    return ReportForm(clinical=clinical, functional="Kan vier uur per dag werken.", goal_reached=GoalReached.PARTLY)


def result_form(hours: int | None = 20) -> ResultForm:
    """Return a filled-in result: reached, and at work again in part."""
    return ResultForm(goal_reached=GoalReached.REACHED, work_resumed=WorkResumed.PARTLY, hours_per_week=hours)


def set_stage(world: World, physician: Actor | None = None, sick_for_days: int = 60) -> Stage:
    """Set the stage: nothing judged, no consent given, no mandate signed."""
    employer_id = world.organisation(OrganisationKind.EMPLOYER, "Bouwbedrijf Van Dam")
    provider_id = add_provider(world)
    employee = Employee(
        tenant_id=world.tenant_id, employer_id=employer_id, reference=random_number("P"), name="J. de Wit"
    )
    case = AbsenceCase(
        tenant_id=world.tenant_id,
        employer_id=employer_id,
        employee_id=employee.id,
        number=random_number("Z"),
        postcode="3511",
        opened_by=world.tenant_id,
    )
    spell = SickSpell(
        tenant_id=world.tenant_id,
        case_id=case.id,
        employer_id=employer_id,
        first_sick_day=today() - timedelta(days=sick_for_days),
    )
    world.add(employee, case, spell)
    return Stage(
        world=world,
        employer_id=employer_id,
        case_id=case.id,
        employee_id=employee.id,
        provider_id=provider_id,
        physician=physician or world.actor(Role.PHYSICIAN),
        delegate=world.actor(Role.DELEGATE, employers=(employer_id,)),
        provider=world.actor(Role.PROVIDER, provider_id),
    )
