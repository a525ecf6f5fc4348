"""Reminding buyers: each step once, in time, of what is still open, and held back for a coded reason."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from email.message import EmailMessage
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from billing.books.dunning import STEPS, Terms, next_step, remind_buyers
from billing.books.dunning_mail import send_reminder
from billing.books.dunning_read import end_hold, hold_reminders, list_overdue
from billing.dunning_tables import HoldReason, Reminder, ReminderOutcome, ReminderStep
from core.clock import AMSTERDAM, standing_at, today
from core.errors import Conflict, Forbidden, NotFound
from core.mail import MailRefusedError
from identity.actor import Actor
from identity.roles import Role
from network.tables import ArbodienstSettings
from tests.billing.office import PROVIDER_NAME, Office
from tests.billing.test_statements import charged, pay
from tests.world import World

FIRST, SECOND, LAST = STEPS
TERMS = Terms(True, {FIRST: 7, SECOND: 21, LAST: 35})
PAYMENT_DAYS = 30


@dataclass
class Box:
    """A post that keeps what it is given, or refuses it."""

    refuses: Exception | None = None
    messages: list[EmailMessage] = field(default_factory=list)

    def send(self, message: EmailMessage) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.messages.append(message)


def after(days: int) -> datetime:
    """Return noon, so many days after the due date of what is charged today."""
    return datetime.combine(today() + timedelta(days=PAYMENT_DAYS + days), time(12), AMSTERDAM)


def round_on(office: Office, days: int) -> int:
    with standing_at(after(days)), office.open(office.system) as session:
        return remind_buyers(session, office.system)


def reminders(office: Office) -> list[Reminder]:
    with Session(office.world.database.owner) as session:
        mine = select(Reminder).where(Reminder.tenant_id == office.world.tenant_id)
        return list(session.exec(mine.order_by(col(Reminder.day))))


def send(office: Office, box: Box, reminder: Reminder) -> bool:
    with office.open(office.system) as session:
        return send_reminder(session, reminder.id, box, office.world.database.settings)


def test_each_step_goes_out_once_and_in_its_time(office: Office, employer: Actor) -> None:
    charged(office, employer, 1)
    assert [round_on(office, days) for days in (0, 6, 7, 7, 8, 20, 21, 34, 35, 60)] == [0, 0, 1, 0, 0, 0, 1, 0, 1, 0]
    assert [each.step for each in reminders(office)] == [FIRST, SECOND, LAST]
    assert {each.open_cents for each in reminders(office)} == {121_00}


def test_what_is_paid_is_not_reminded_of(office: Office, employer: Actor) -> None:
    invoice_id = charged(office, employer, 1)
    assert round_on(office, 7) == 1
    pay(office, employer, invoice_id)
    assert round_on(office, 21) == 0
    box = Box()
    assert not send(office, box, reminders(office)[0])
    assert (box.messages, reminders(office)[0].outcome) == ([], ReminderOutcome.DROPPED)


def test_a_mail_says_number_amount_day_and_link_and_no_more(office: Office, employer: Actor) -> None:
    """R43."""
    invoice_id = charged(office, employer, 1)
    round_on(office, 7)
    (reminder,) = reminders(office)
    box = Box()
    assert send(office, box, reminder)
    assert not send(office, box, reminder)
    (message,) = box.messages
    said = message.get_content().replace("\xa0", " ")
    assert message["To"] == "administratie@example.test"
    assert str(message["Subject"]).startswith("Herinnering: factuur ")
    assert "€ 121,00" in said
    assert f"/werkgever/facturen/{invoice_id}" in said
    for secret in (PROVIDER_NAME, "Kanarie", "nterventie", employer.name):
        assert secret not in str(message)
    with pytest.raises(IntegrityError, match="stays as it was given"), office.open(office.system) as session:
        session.execute(text("UPDATE billing.reminder SET done_at = NULL, outcome = NULL"))


def test_a_worker_that_dies_before_the_end_sends_under_the_same_mark(office: Office, employer: Actor) -> None:
    charged(office, employer, 1)
    round_on(office, 7)
    (reminder,) = reminders(office)
    box = Box()
    with suppress(RuntimeError), office.open(office.system) as session:
        send_reminder(session, reminder.id, box, office.world.database.settings)
        raise RuntimeError  # as when the process is killed
    assert reminders(office)[0].outcome is None
    assert send(office, box, reminder)
    assert len({str(message["Message-ID"]) for message in box.messages}) == 1


def test_a_server_that_is_down_is_tried_again_and_one_that_refuses_is_not(office: Office, employer: Actor) -> None:
    charged(office, employer, 1)
    round_on(office, 7)
    (reminder,) = reminders(office)
    with pytest.raises(OSError, match="down"):
        send(office, Box(OSError("down")), reminder)
    assert not send(office, Box(MailRefusedError()), reminder)
    assert reminders(office)[0].outcome is ReminderOutcome.REFUSED
    assert not send(office, Box(), reminder)


@pytest.mark.parametrize("whole_buyer", [False, True])
def test_what_is_held_back_stops_and_goes_on_afterwards(office: Office, employer: Actor, whole_buyer: bool) -> None:
    held, free = charged(office, employer, 1), charged(office, office.employer("Andere firma"), 1)
    assert round_on(office, 7) == 2
    with standing_at(after(8)), office.care(office.secretary) as session:
        hold_id = hold_reminders(session, office.secretary, held, HoldReason.PAYMENT_PLAN, whole_buyer=whole_buyer)
        with pytest.raises(Conflict):
            hold_reminders(session, office.secretary, held, HoldReason.OTHER)
    assert round_on(office, 21) == 1
    assert {each.invoice_id for each in reminders(office) if each.step is SECOND} == {free}
    with standing_at(after(22)), office.care(office.secretary) as session:
        end_hold(session, office.secretary, hold_id)
        with pytest.raises(NotFound):
            end_hold(session, office.secretary, hold_id)
    assert round_on(office, 22) == 1


def test_who_does_not_remind_reminds_nobody(office: Office, employer: Actor) -> None:
    charged(office, employer, 1)
    with Session(office.world.database.owner) as session:
        settings = session.get_one(ArbodienstSettings, office.world.tenant_id)
        settings.reminds = False
        session.add(settings)
        session.commit()
    assert round_on(office, 60) == 0


def test_the_list_says_what_was_sent_and_what_comes(office: Office, employer: Actor) -> None:
    invoice_id = charged(office, employer, 1)
    round_on(office, 7)
    with standing_at(after(8)), office.care(office.secretary) as session:
        (found,) = list_overdue(session, office.secretary).items
        assert list_overdue(session, office.secretary, held_only=True).total == 0
    assert (found.id, found.open_cents, list(found.sent)) == (invoice_id, 121_00, [FIRST])
    assert found.following == (SECOND, after(21).date())
    with office.care(office.secretary) as session:
        assert list_overdue(session, office.secretary).total == 0


def test_another_arbodiensts_buyers_are_not_reminded(office: Office, employer: Actor) -> None:
    charged(office, employer, 1)
    stranger = Office(World(office.world.database))
    assert round_on(stranger, 60) == 0
    with standing_at(after(8)), stranger.care(stranger.secretary) as session:
        assert list_overdue(session, stranger.secretary).total == 0


def test_a_step_of_an_invoice_is_there_once_whoever_writes_it(office: Office, employer: Actor) -> None:
    charged(office, employer, 1)
    round_on(office, 7)
    again = text(
        "INSERT INTO billing.reminder (id, tenant_id, created_at, invoice_id, buyer_id, step, day, open_cents)"
        " SELECT gen_random_uuid(), tenant_id, now(), invoice_id, buyer_id, step, day, 1 FROM billing.reminder"
    )
    with pytest.raises(IntegrityError, match="uq_reminder_step"), office.open(office.system) as session:
        session.execute(again)


def test_only_the_system_reminds_and_only_the_secretariat_holds_back(office: Office, employer: Actor) -> None:
    with pytest.raises(Forbidden), office.care(office.secretary) as session:
        remind_buyers(session, office.secretary)
    physician = office.world.actor(Role.PHYSICIAN)
    with pytest.raises(Forbidden), office.care(physician) as session:
        hold_reminders(session, physician, uuid4(), HoldReason.OTHER)
    with office.open(employer) as session:
        assert session.execute(text("SELECT count(*) FROM billing.reminder")).scalar_one() == 0


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(DAYS, st.lists(st.integers(0, 200), min_size=1, max_size=12))
def test_steps_come_in_order_and_never_closer_than_the_terms(due: date, rounds: list[int]) -> None:
    sent: dict[ReminderStep, date] = {}
    for offset in sorted(rounds):
        comes = next_step(TERMS, due, sent)
        if comes is not None and comes[1] <= due + timedelta(days=offset):
            sent[comes[0]] = due + timedelta(days=offset)
    assert list(sent) == list(STEPS)[: len(sent)]
    for earlier, later in pairwise(STEPS):
        if later in sent:
            assert (sent[later] - sent[earlier]).days >= TERMS.days[later] - TERMS.days[earlier]
    assert all((day - due).days >= TERMS.days[step] for step, day in sent.items())


def test_the_first_settings_are_the_usual_ones(office: Office) -> None:
    settings = ArbodienstSettings(tenant_id=office.world.tenant_id)
    assert (settings.first_reminder_days, settings.second_reminder_days, settings.last_reminder_days) == (7, 21, 35)
