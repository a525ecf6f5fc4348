"""An employer with a provider of its own, for tests: registered, connected, and with a specification sent."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from billing.direct.contracts import NewDirectContract, register_direct
from billing.direct_tables import DirectOutcome
from identity.actor import Actor
from medical.direct.connect import connect_direct
from medical.direct.judge import Judgement, judge_specification
from medical.direct.named import name_employee
from medical.direct.specifications import NewSpecification, answer_direct_question, send_specification
from tests.billing.office import Office

SECRET = "Kanariespecificatie: zes gesprekken met een psycholoog"
QUESTION, ANSWER = "Kanarievraag: op welke dagen?", "Kanarieantwoord: op de eerste zes maandagen"
NAME, NUMBER, TOTAL = "Praktijk van de werkgever", "F2026-017", 726_00
KVK = "12345678"
"""The number of the trade register of every organisation of a test world."""


@dataclass
class Direct:
    """The contract, and who takes part."""

    office: Office
    employer: Actor
    contract_id: UUID

    @property
    def provider(self) -> Actor:
        """Somebody at the provider."""
        return self.office.provider

    def connect(self) -> None:
        """Let the secretariat say who the provider is."""
        with self.office.care(self.office.secretary) as session:
            connect_direct(session, self.office.secretary, self.contract_id, self.office.provider_id)

    def new(self, **changes: Any) -> NewSpecification:
        """Return a specification, filled in."""
        facts = {"contract_id": self.contract_id, "invoice_reference": NUMBER, "total_cents": TOTAL}
        return NewSpecification(**(facts | {"specification": SECRET} | changes))

    def send(self, **changes: Any) -> UUID:
        """Let the provider send a specification, and the job run that follows."""
        new = self.new(**changes)
        with self.office.care(self.provider) as session:
            sent = send_specification(session, self.provider, new)
        with self.office.care(self.office.system) as session:
            name_employee(session, self.office.system, sent)
        return sent

    def judge(self, specification_id: UUID, outcome: DirectOutcome, **more: Any) -> None:
        """Let the secretariat judge."""
        with self.office.care(self.office.secretary) as session:
            judgement = Judgement(outcome=outcome, **more)
            judge_specification(session, self.office.secretary, specification_id, judgement)

    def answer(self, specification_id: UUID) -> None:
        """Let the provider answer a question."""
        with self.office.care(self.provider) as session:
            answer_direct_question(session, self.provider, specification_id, ANSWER)


def register(office: Office, employer: Actor, kvk: str = KVK) -> Direct:
    """Let an employer register a provider of its own."""
    with office.open(employer) as session:
        new = NewDirectContract(provider_name=NAME, kvk=kvk, email="praktijk@example.test")
        return Direct(office, employer, register_direct(session, employer, new).id)


def connected(office: Office, employer: Actor) -> Direct:
    """The same, connected."""
    direct = register(office, employer)
    direct.connect()
    return direct
