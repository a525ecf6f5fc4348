"""Providers that the employers of the demo contract themselves, and what those specified of their invoices (R55)."""

from dataclasses import dataclass
from uuid import UUID

from billing.direct.contracts import NewDirectContract, register_direct
from billing.direct_tables import DirectOutcome
from core.database import Door
from demo.people import demo_id
from demo.stage import Stage
from identity.actor import Actor, system
from identity.tables import Organisation
from medical.direct.connect import connect_direct
from medical.direct.judge import Judgement, judge_specification
from medical.direct.named import name_employee
from medical.direct.specifications import NewSpecification, send_specification
from medical.direct_tables import DisagreementReason
from network.tables import Offering, OrganisationProfile

REGISTERED, ANSWERED_AFTER = 40, 4  # days


@dataclass(frozen=True)
class Sent:
    """A specification: when, of which invoice, about whom, and what became of it; without that it still waits."""

    days_ago: int
    number: str
    total_cents: int
    words: str
    employee: str | None = None
    judged: Judgement | None = None


COACHED = (
    Sent(
        33,
        "F2026-0381",
        484_00,
        "Vier gesprekken van een uur in september, op verzoek van de werkgever.",
        "Z-101",
        Judgement(outcome=DirectOutcome.AGREED),
    ),
    Sent(2, "F2026-0425", 363_00, "Drie gesprekken van een uur, met een kort verslag.", "Z-101"),
)
TREATED = (
    Sent(
        19,
        "F2026-0402",
        726_00,
        "Zes sessies, en een verslag dat nog volgt.",
        None,
        Judgement(outcome=DirectOutcome.NOT_AGREED, reason=DisagreementReason.INCOMPLETE),
    ),
    Sent(
        9,
        "F2026-0417",
        242_00,
        "Twee gesprekken in oktober.",
        "D-203",
        Judgement(outcome=DirectOutcome.QUESTION, question="Op welke dagen waren deze gesprekken?"),
    ),
)
"""What the provider of either employer sent."""


def specify(stage: Stage) -> None:
    """Let both employers register providers; the secretariat knows all but the last, and gets their specifications."""
    psychologist, expert = demo_id("organisation:psy"), demo_id("organisation:ad")
    for employer, provider_id, sent in (("werkgever", _coach(stage), COACHED), ("werkgever2", psychologist, TREATED)):
        contract_id = _register(stage, employer, provider_id, REGISTERED)
        with stage.acting(stage.actors["secretariaat"], REGISTERED - 1) as act:
            connect_direct(act.session, act.actor, contract_id, provider_id)
        for each in sent:
            _play(stage, contract_id, stage.provider(provider_id), each)
    _register(stage, "werkgever2", expert, 1)


def _coach(stage: Stage) -> UUID:
    """Return a provider of the network of whom nobody has an account."""
    offering_id = stage.offering(demo_id("organisation:arbo"), "LPB", "")
    with stage.acting(stage.actors["ba"]) as act:
        return act.session.get_one(Offering, offering_id).provider_id


def _register(stage: Stage, employer: str, provider_id: UUID, days_ago: int) -> UUID:
    with stage.acting(stage.actors["ba"]) as act:
        profile = act.session.get_one(OrganisationProfile, provider_id)
        name = act.session.get_one(Organisation, provider_id).name
        new = NewDirectContract(provider_name=name, kvk=profile.kvk or "", email=profile.email or "")
    with stage.acting(stage.actors[employer], days_ago, Door.OPEN) as act:
        return register_direct(act.session, act.actor, new).id


def _play(stage: Stage, contract_id: UUID, provider: Actor, sent: Sent) -> None:
    with stage.acting(provider, sent.days_ago) as act:
        new = NewSpecification(
            contract_id=contract_id,
            invoice_reference=sent.number,
            total_cents=sent.total_cents,
            employee_reference=sent.employee,
            specification=sent.words,
        )
        specification_id = send_specification(act.session, act.actor, new)
    with stage.acting(system(demo_id("organisation:arbo")), sent.days_ago, Door.SYSTEM_CARE) as act:
        name_employee(act.session, act.actor, specification_id)
    if sent.judged is not None:
        with stage.acting(stage.actors["secretariaat"], sent.days_ago - ANSWERED_AFTER) as act:
            judge_specification(act.session, act.actor, specification_id, sent.judged)
