"""What money does in a world: shared, paid, asked for, given back and reminded of; the same whatever the health."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from uuid import UUID

from sqlmodel import Session, col, select

from billing.books.dunning import remind_buyers
from billing.books.dunning_mail import send_reminder
from billing.budget.mandates import NewBudget, set_budget
from billing.budget.requests import answer_budget_request, list_budget_requests
from billing.cofinancing.decide import decide_cofinancing
from billing.cofinancing.shares import Outcome
from billing.cofinancing.submit import submit_cofinancing
from billing.direct_tables import DirectOutcome
from billing.dunning_tables import Reminder
from billing.paying.gateway_local_acts import Outside
from billing.paying.gateways import local_gateway_of
from billing.paying.payments import look_after_payment, open_payment
from billing.tables import CofinancingRequest, Invoice
from core.clock import standing_at, today
from identity.actor import Actor
from tests.billing.given_back import credited, give_back, serve
from tests.billing.office import Office
from tests.medical.direct import ANSWER, connected

LATE = timedelta(days=100)
"""So long after the beginning all reminders of what was charged are due."""


@dataclass(frozen=True)
class Buyers:
    """Who pays, and who asks the insurer."""

    employer: Actor
    insurer: Actor
    manager: Actor


def share(office: Office, buyers: Buyers) -> None:
    """Let every request that was prepared be submitted and granted."""
    with Session(office.world.database.owner) as session:
        requests = session.exec(select(CofinancingRequest.id).order_by(col(CofinancingRequest.id))).all()
    for request_id in requests:
        with office.open(buyers.manager) as session:
            submit_cofinancing(session, buyers.manager, request_id, 300_00)
        with office.open(buyers.insurer) as session:
            decide_cofinancing(session, buyers.insurer, request_id, Outcome.APPROVED)


def limit(office: Office, employer: Actor, cents: int | None) -> None:
    """Let an employer say up to how much of a case nobody asks him."""
    with office.open(employer) as session:
        set_budget(session, employer, NewBudget(per_case_cents=cents, per_year_cents=None, valid_from=today()))


def agree(office: Office, employer: Actor) -> None:
    """Let him agree to what he was asked."""
    with office.open(employer) as session:
        (asked,) = list_budget_requests(session, employer).items
        answer_budget_request(session, employer, asked.id, agrees=True)


def specify(office: Office, employer: Actor, words: str) -> None:
    """Let a provider of the employer's own send two specifications, of which one gives a question."""
    direct = connected(office, employer)
    direct.judge(direct.send(specification=words), DirectOutcome.AGREED)
    asked = direct.send(specification=words, invoice_reference="F2026-018")
    direct.judge(asked, DirectOutcome.QUESTION, question=f"{words}?")
    direct.answer(asked)
    assert ANSWER


def issued(office: Office, buyer: Actor) -> list[UUID]:
    """Return the documents of a buyer, the first first."""
    with Session(office.world.database.owner) as session:
        found = select(Invoice.id).where(Invoice.buyer_id == buyer.organisation_id).order_by(col(Invoice.number))
        return list(session.exec(found).all())


def pay(office: Office, buyer: Actor, invoice_id: UUID) -> None:
    """Let a buyer pay on the page of the local gateway."""
    gateway = local_gateway_of(office.world.database.settings)
    with office.open(buyer) as session:
        payment = open_payment(session, buyer, invoice_id, gateway, office.world.database)
    Outside(gateway).pay(f"local-{payment.id.hex}")
    with office.open(buyer) as session:
        look_after_payment(session, buyer, payment.id, gateway, office.world.database)


def next_month(office: Office, buyers: Buyers, given_back: Sequence[UUID]) -> None:
    """Charge on the day that everything is due: services by use, what waits, and what providers gave back."""
    first = (today().replace(day=1) + timedelta(days=32)).replace(day=15)
    with standing_at(datetime.combine(first, time(9), UTC)):
        serve(office, buyers.employer, 900_00)
        for invoice_id in given_back:
            give_back(office, invoice_id, 50_00)
        office.run(date(first.year, first.month, 1))
        credited(office, issued(office, buyers.employer)[0], anew=True)
        office.run(date(first.year, first.month, 1))


@dataclass
class Letterbox:
    """A post that keeps what it is given."""

    messages: list[EmailMessage]

    def send(self, message: EmailMessage) -> None:
        """Keep it."""
        self.messages.append(message)


def reminded(office: Office, since: datetime) -> list[bytes]:
    """Return every reminder that goes out in the months after, byte by byte but for its number, drawn at random."""
    box, found = Letterbox([]), []
    with Session(office.world.database.owner) as looking:
        for day in range(0, LATE.days, 7):
            with standing_at(since + timedelta(days=day)), office.open(office.system) as session:
                remind_buyers(session, office.system)
                waiting = looking.exec(select(Reminder.id)).all()
                for reminder_id in sorted(waiting):
                    send_reminder(session, reminder_id, box, office.world.database.settings)
    for message in box.messages:
        del message["Message-ID"]
        found.append(message.as_bytes())
    return sorted(found)
