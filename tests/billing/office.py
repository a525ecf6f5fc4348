"""A billing office for one test: employers with sick employees, a provider, insurers, and a month of invoices."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, select

from billing.charging.charge_runs import ChargeRunResult
from billing.invoicing.documents import InvoiceDocument
from billing.invoicing.invoices_read import get_invoice
from billing.tables import Charge, CofinancingRequest, InsurancePolicy, PolicyKind
from cases.consents import NewConsent, give_consent, withdraw_consent
from cases.tables import AbsenceCase, Consent, ConsentForm, ConsentScope, Employee, SickSpell
from core.clock import today
from core.database import Door
from core.references import random_number
from identity.actor import Actor, system
from identity.roles import OrganisationKind, Role
from medical.invoices.input import LineInput, ProviderInvoiceInput
from medical.invoices.judge import approve_provider_invoice
from medical.invoices.submit import Submission, submit_provider_invoice
from medical.referrals.answer import accept_referral
from medical.referrals.forms import ReferralForm
from medical.referrals.issue import refer
from medical.referrals.moves import Outcome
from medical.release import lapse_after_withdrawal, run_charging
from medical.tables import CofinancingLink
from network.taxonomy import interventions
from tests.network.offers import add_offering, add_provider
from tests.world import World

OPEN, CONF = "ADO", "PSY"
PRICE = 100_00
"""What one unit costs, without VAT."""

PROVIDER_NAME = "Praktijk Zilverberk"
PROVIDER_NUMBER = "KANARIE-PROVIDERFACTUUR"
DESCRIPTION = "kanarie-omschrijving van een zitting"


@dataclass(frozen=True)
class Sick:
    """An employee with an absence case."""

    employer_id: UUID
    employee_id: UUID
    case_id: UUID
    reference: str
    actor: Actor


@dataclass(frozen=True)
class Referred:
    """A referral that the provider accepted."""

    id: UUID
    number: str
    sick: Sick
    units: int


@dataclass
class Office:
    """One arbodienst with a physician, a secretariat, a provider and whoever pays."""

    world: World
    vat_rate: int = 21
    employers: dict[UUID, Actor] = field(default_factory=dict)
    insurers: dict[UUID, Actor] = field(default_factory=dict)
    numbers: Any = field(default_factory=lambda: count(1))
    offerings: dict[str, UUID] = field(default_factory=dict)

    @cached_property
    def physician(self) -> Actor:
        """The occupational physician."""
        return self.world.actor(Role.PHYSICIAN)

    @cached_property
    def secretary(self) -> Actor:
        """The medical secretariat."""
        return self.world.actor(Role.SECRETARY)

    @cached_property
    def provider_id(self) -> UUID:
        """The provider's organisation."""
        return add_provider(self.world, PROVIDER_NAME)

    @cached_property
    def provider(self) -> Actor:
        """Somebody at the provider."""
        return self.world.actor(Role.PROVIDER, self.provider_id)

    @property
    def system(self) -> Actor:
        """The actor of jobs."""
        return system(self.world.tenant_id)

    def care(self, actor: Actor) -> AbstractContextManager[Session]:
        """One transaction of `actor` on the care side."""
        return self.world.acting(Door.CARE, actor)

    def open(self, actor: Actor) -> AbstractContextManager[Session]:
        """One transaction of `actor` on the open side."""
        return self.world.acting(Door.OPEN, actor)

    def employer(self, name: str = "Bouwbedrijf Van Dam") -> Actor:
        """Register an employer and return somebody who keeps its books."""
        organisation = self.world.organisation(OrganisationKind.EMPLOYER, name)
        self.employers[organisation] = self.world.actor(Role.EMPLOYER, organisation)
        return self.employers[organisation]

    def insurer(self, employer: Actor, percentage: int = 50, **terms: Any) -> Actor:
        """Register an insurer with a policy of the employer and return somebody who decides there."""
        organisation = self.world.organisation(OrganisationKind.INSURER, "Verzekeraar De Eik")
        self.policy(employer, organisation, percentage, **terms)
        self.insurers[organisation] = self.world.actor(Role.INSURER, organisation)
        return self.insurers[organisation]

    def policy(self, employer: Actor, insurer_id: UUID, percentage: int = 50, **terms: Any) -> UUID:
        """Write a policy that is valid now, unless `terms` say otherwise, and return its id."""
        facts: dict[str, Any] = {
            "kind": PolicyKind.ABSENCE,
            "number": random_number("P"),
            "valid_from": today() - timedelta(days=300),
            "valid_until": today() + timedelta(days=300),
        }
        policy = InsurancePolicy(
            tenant_id=self.world.tenant_id,
            insurer_id=insurer_id,
            employer_id=employer.organisation_id,
            percentage=percentage,
            **(facts | terms),
        )
        self.world.add(policy)
        return policy.id

    def case_manager(self, *employers: Actor) -> Actor:
        """Return a case manager on the side of these employers."""
        return self.world.actor(Role.CASE_MANAGER, employers=tuple(each.organisation_id for each in employers))

    def sick(self, employer: Actor, *scopes: ConsentScope) -> Sick:
        """Let an employee of `employer` be ill for ten weeks, with these consents beside that to the provider."""
        employer_id, tenant_id = employer.organisation_id, self.world.tenant_id
        employee = Employee(
            tenant_id=tenant_id, employer_id=employer_id, reference=random_number("M"), name="J. Kanarie"
        )
        case = AbsenceCase(
            tenant_id=tenant_id,
            employer_id=employer_id,
            employee_id=employee.id,
            number=random_number("Z"),
            opened_by=tenant_id,
        )
        spell = SickSpell(
            tenant_id=tenant_id,
            case_id=case.id,
            employer_id=employer_id,
            first_sick_day=today() - timedelta(days=150),
        )
        self.world.add(employee, case, spell)
        who = self.world.actor(Role.EMPLOYEE, employer_id, subject_id=employee.id)
        sick = Sick(employer_id, employee.id, case.id, employee.reference, who)
        for scope in (ConsentScope.PROVIDER, *scopes):
            self.consent(sick, scope)
        return sick

    def consent(self, sick: Sick, scope: ConsentScope) -> None:
        """Record a consent of the employee."""
        new = NewConsent(scope=scope, form=ConsentForm.WRITTEN, given_on=today(), told_of_forwarding=True)
        with self.care(self.physician) as session:
            give_consent(session, self.physician, sick.case_id, new)

    def withdraw(self, sick: Sick, scope: ConsentScope, *, job: bool = True) -> None:
        """Let the employee withdraw a consent; the job that follows is done too, unless told otherwise."""
        with self.care(sick.actor) as session:
            consent_id = session.exec(
                select(Consent.id).where(Consent.case_id == sick.case_id, Consent.scope == scope)
            ).one()
            withdraw_consent(session, sick.actor, consent_id)
        if job:
            with self.care(self.system) as session:
                lapse_after_withdrawal(session, self.system, consent_id)

    def offering(self, intervention: str) -> UUID:
        """Return the provider's offering of an intervention, at PRICE for a unit."""
        if intervention not in self.offerings:
            self.offerings[intervention] = add_offering(
                self.world,
                self.provider_id,
                intervention=intervention,
                price_cents=PRICE,
                vat_rate=self.vat_rate,
                sickness_years=list(interventions()[intervention].sickness_years),
            )
        return self.offerings[intervention]

    def issued(self, sick: Sick, intervention: str = CONF, units: int = 10, *, cofinancing: bool = False) -> Outcome:
        """Refer an employee to the provider, who has not answered yet."""
        form = ReferralForm(
            case_id=sick.case_id,
            offering_id=self.offering(intervention),
            goal="Kanarie-doel",
            question="Kanarie-vraag",
            units=units,
            expected_days_saved=20,
            request_cofinancing=cofinancing,
        )
        with self.care(self.physician) as session:
            return refer(session, self.physician, form)

    def referred(self, sick: Sick, intervention: str = CONF, units: int = 10, *, cofinancing: bool = False) -> Referred:
        """Refer an employee to the provider, who accepts."""
        done = self.issued(sick, intervention, units, cofinancing=cofinancing)
        with self.care(self.provider) as session:
            accept_referral(session, self.provider, done.id)
        return Referred(done.id, done.number, sick, units)

    def invoice(self, referred: Referred, units: int | str = 1, **changes: Any) -> ProviderInvoiceInput:
        """Return an invoice for `units` of a referral, right in everything unless `changes` say otherwise."""
        day = changes.pop("day", today())
        line = {
            "description": f"{DESCRIPTION} {next(self.numbers)}",
            "date": day,
            "quantity": Decimal(units),
            "unit_price_cents": PRICE,
            "vat_rate": self.vat_rate,
        }
        facts: dict[str, Any] = {
            "referral_number": referred.number,
            "invoice_number": f"{PROVIDER_NUMBER}-{next(self.numbers)}",
            "invoice_date": changes.pop("invoice_date", day),
            "lines": [LineInput(**(line | changes.pop("line", {})))],
        }
        return ProviderInvoiceInput(**(facts | changes))

    def send(self, invoice: ProviderInvoiceInput, sender: Actor | None = None) -> Submission:
        """Let the provider send an invoice."""
        sender = sender or self.provider
        with self.care(sender) as session:
            return submit_provider_invoice(session, sender, invoice.submitted())

    def approve(self, invoice_id: UUID) -> None:
        """Let the secretariat approve an invoice."""
        with self.care(self.secretary) as session:
            approve_provider_invoice(session, self.secretary, invoice_id)

    def supply(self, referred: Referred, units: int | str = 1, **changes: Any) -> UUID:
        """Let the provider send an invoice and the secretariat approve it; returns its id."""
        sent = self.send(self.invoice(referred, units, **changes))
        self.approve(sent.id)
        return sent.id

    def supplied(
        self, employer: Actor, *scopes: ConsentScope, intervention: str = CONF, units: int = 1, **changes: Any
    ) -> Sick:
        """Let one more employee of `employer` get an intervention that is invoiced and approved."""
        sick = self.sick(employer, *scopes)
        self.supply(self.referred(sick, intervention), units, **changes)
        return sick

    def run(self, month: date | None = None) -> ChargeRunResult:
        """Let the secretariat run the charging, of this month unless said."""
        with self.care(self.secretary) as session:
            return run_charging(session, self.secretary, month or today())

    def documents(self, run: ChargeRunResult, buyer: Actor) -> list[InvoiceDocument]:
        """Return the documents of a run that a buyer can read."""
        with self.open(buyer) as session:
            mine = [row[0] for row in session.execute(text("SELECT id FROM billing.invoice"))]
            return [get_invoice(session, buyer, each).document for each in run.invoices if each in mine]

    def charges(self, employer: Actor) -> list[Charge]:
        """Return the charges of an employer, as the secretariat sees them."""
        with self.care(self.secretary) as session:
            return list(session.exec(select(Charge).where(Charge.employer_id == employer.organisation_id)))

    def request_of(self, referred: Referred) -> CofinancingRequest | None:
        """Return the co-financing request of a referral."""
        with self.care(self.secretary) as session:
            return session.exec(
                select(CofinancingRequest)
                .join(CofinancingLink, CofinancingLink.request_id == CofinancingRequest.id)  # type: ignore[arg-type]
                .where(CofinancingLink.referral_id == referred.id)
            ).first()
