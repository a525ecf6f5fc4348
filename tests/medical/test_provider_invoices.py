"""A provider's invoice: matched, checked line by line, never doubled, and judged by the secretariat (R38-R41)."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlmodel import Session, select

from core.clock import now, standing_at, today
from core.database import Door
from core.errors import Conflict, Forbidden, NotFound
from identity.actor import Actor
from identity.roles import Role
from identity.tables import AuditEvent
from medical.invoice_tables import ProviderInvoiceState
from medical.invoices.checks import CheckCode
from medical.invoices.judge import DisputeReason, approve_provider_invoice, dispute_provider_invoice
from medical.invoices.read import InvoiceView, get_provider_invoice, list_provider_invoices
from medical.referrals.reasons import WithdrawReason
from medical.referrals.run import withdraw_referral
from medical.tables import Release
from network.tables import ArbodienstSettings
from tests.billing.office import CONF, OPEN, PRICE, Office, Referred
from tests.network.offers import add_provider
from tests.world import World

OF_CREDIT = (CheckCode.KNOWN_INVOICE, CheckCode.INVOICE_RELEASED, CheckCode.CREDIT_LEFT)


@pytest.fixture
def referred(office: Office) -> Referred:
    """A confidential referral of ten units."""
    return office.referred(office.sick(office.employer()))


def seen(office: Office, invoice_id: Any, actor: Actor | None = None) -> InvoiceView:
    actor = actor or office.secretary
    with office.care(actor) as session:
        return get_provider_invoice(session, actor, invoice_id)


def failed(office: Office, invoice_id: Any) -> set[CheckCode]:
    return {check.code for check in seen(office, invoice_id).checks if not check.passed}


def judge(office: Office, act: Callable[..., None], *arguments: Any, actor: Actor | None = None) -> None:
    actor = actor or office.secretary
    with office.care(actor) as session:
        act(session, actor, *arguments)


def test_an_invoice_that_is_right_passes_every_check(office: Office, referred: Referred) -> None:
    """R39."""
    sent = office.send(office.invoice(referred, 3))
    view = seen(office, sent.id)
    assert sent.state is view.header.state is ProviderInvoiceState.RECEIVED
    assert [check.code for check in view.checks] == [code for code in CheckCode if code not in OF_CREDIT]
    assert failed(office, sent.id) == set()
    assert (view.header.net_cents, view.header.vat_cents, view.header.gross_cents) == (300_00, 63_00, 363_00)
    assert view.header.due_on > today()


@pytest.mark.parametrize("written", [str.lower, str.title, lambda number: f"  {number} "])
def test_a_referral_number_is_found_however_it_is_written(
    office: Office, referred: Referred, written: Callable[[str], str]
) -> None:
    sent = office.send(office.invoice(referred, referral_number=written(referred.number)))
    assert sent.state is ProviderInvoiceState.RECEIVED


YESTERDAY, TOMORROW = today() - timedelta(days=1), today() + timedelta(days=1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"line": {"unit_price_cents": PRICE + 1}}, CheckCode.AGREED_PRICE),
        ({"line": {"vat_rate": 0}}, CheckCode.VAT_AS_AGREED),
        ({"line": {"quantity": "10.0001"}}, CheckCode.UNITS_LEFT),
        ({"line": {"date": YESTERDAY}}, CheckCode.NOT_BEFORE_ISSUE),
        ({"line": {"date": TOMORROW}, "invoice_date": TOMORROW}, CheckCode.DATES_PLAUSIBLE),
        ({"invoice_date": YESTERDAY}, CheckCode.DATES_PLAUSIBLE),
    ],
)
def test_each_mismatch_fails_its_own_check_and_no_other(
    office: Office, referred: Referred, changes: dict[str, Any], code: CheckCode
) -> None:
    """R39: the invoice is kept, as an exception that somebody has to look at before a day."""
    sent = office.send(office.invoice(referred, **changes))
    assert sent.state is ProviderInvoiceState.EXCEPTION
    assert failed(office, sent.id) == {code}
    view = seen(office, sent.id)
    assert view.possible == ("dispute",)
    assert all(check.detail and "%" not in check.detail.replace("procent", "") for check in view.checks)


def test_a_lower_price_is_no_mismatch(office: Office, referred: Referred) -> None:
    """R39: at most the agreed price."""
    sent = office.send(office.invoice(referred, line={"unit_price_cents": PRICE - 1}))
    assert sent.state is ProviderInvoiceState.RECEIVED


def test_a_referral_that_nobody_accepted_is_not_billed(office: Office) -> None:
    """R39."""
    sick = office.sick(office.employer())
    issued = office.issued(sick, OPEN)
    with office.care(office.physician) as session:
        withdraw_referral(session, office.physician, issued.id, WithdrawReason.NOT_NEEDED)
    sent = office.send(office.invoice(Referred(issued.id, issued.number, sick, 10)))
    assert failed(office, sent.id) == {CheckCode.BILLABLE_STATE}


def test_what_was_done_until_a_referral_was_taken_back_is_billed_and_nothing_after(office: Office) -> None:
    """R39."""
    before = now() - timedelta(days=10)
    with standing_at(before):
        referred = office.referred(office.sick(office.employer()), OPEN)
    with standing_at(before + timedelta(days=5)), office.care(office.physician) as session:
        withdraw_referral(session, office.physician, referred.id, WithdrawReason.NOT_NEEDED)
    ended = today() - timedelta(days=5)
    assert office.send(office.invoice(referred, day=ended)).state is ProviderInvoiceState.RECEIVED
    late = office.send(office.invoice(referred, day=ended + timedelta(days=1)))
    assert failed(office, late.id) == {CheckCode.WITHIN_RUNNING}


def test_unknown_and_anothers_referral_are_one_answer(office: Office, referred: Referred) -> None:
    """R20: a provider cannot find out which numbers there are."""
    stranger = office.world.actor(Role.PROVIDER, add_provider(office.world, "Andere praktijk"))
    foreign = office.send(office.invoice(referred), stranger)
    unknown = office.send(office.invoice(referred, referral_number="V-00000000"), stranger)
    first, second = (seen(office, sent.id, stranger) for sent in (foreign, unknown))
    assert first.checks == second.checks
    assert CheckCode.KNOWN_REFERRAL in failed(office, foreign.id)
    assert first.referral is second.referral is None
    with pytest.raises(Conflict):
        judge(office, approve_provider_invoice, foreign.id)


def test_the_same_invoice_again_is_recognised_and_another_under_its_number_refused(
    office: Office, referred: Referred
) -> None:
    """R40."""
    invoice = office.invoice(referred, 2)
    first, again = office.send(invoice), office.send(invoice)
    assert (first.id, again.is_new) == (again.id, False)
    other = office.invoice(referred, 3, invoice_number=invoice.invoice_number)
    with pytest.raises(Conflict) as refusal:
        office.send(other)
    assert refusal.value.code == "duplicate_invoice"
    with office.care(office.secretary) as session:
        assert list_provider_invoices(session, office.secretary).total == 1


def test_units_run_out_and_come_back_with_a_dispute(office: Office, referred: Referred) -> None:
    """R39."""
    first = office.send(office.invoice(referred, 8))
    assert failed(office, office.send(office.invoice(referred, 3)).id) == {CheckCode.UNITS_LEFT}
    # What failed a check is never charged, so it keeps no units from an invoice that is right.
    assert office.send(office.invoice(referred, 2)).state is ProviderInvoiceState.RECEIVED
    judge(office, dispute_provider_invoice, first.id, DisputeReason.UNITS)
    assert office.send(office.invoice(referred, 8)).state is ProviderInvoiceState.RECEIVED


def test_two_at_once_cannot_use_the_same_units(office: Office, referred: Referred) -> None:
    invoices = [office.invoice(referred, 6), office.invoice(referred, 6)]
    start, states = Barrier(2), []

    def send(number: int) -> None:
        start.wait(timeout=20)
        states.append(office.send(invoices[number]).state)

    office.provider  # noqa: B018 -- made before the threads start
    threads = [Thread(target=send, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(states) == [ProviderInvoiceState.EXCEPTION, ProviderInvoiceState.RECEIVED]


def test_approving_releases_once(office: Office, referred: Referred) -> None:
    sent = office.send(office.invoice(referred, 4, day=today()))
    judge(office, approve_provider_invoice, sent.id)
    with office.care(office.secretary) as session:
        release = session.exec(select(Release).where(Release.provider_invoice_id == sent.id)).one()
        owed = session.execute(
            text("SELECT cents FROM billing.ledger_entry WHERE account = 'payable_provider'")
        ).scalar_one()
    assert (release.net_cents, release.supplied_on, release.charge_id) == (400_00, today(), None)
    assert owed == -484_00
    for act in (approve_provider_invoice, dispute_provider_invoice):
        with pytest.raises(Conflict) as refusal:
            judge(office, act, sent.id, *([DisputeReason.OTHER] if act is dispute_provider_invoice else []))
        assert refusal.value.possible == ("ask_credit",)


def test_an_exempt_tenant_charges_the_providers_vat_onward(office: Office, referred: Referred) -> None:
    """Rules 6.2: what cannot be deducted is part of the price."""
    with Session(office.world.database.owner) as session:
        settings = session.get_one(ArbodienstSettings, office.world.tenant_id)
        settings.onward_vat_rate = 0
        session.add(settings)
        session.commit()
    office.supply(referred, 1)
    with office.care(office.secretary) as session:
        assert session.exec(select(Release.net_cents)).one() == 121_00


def test_only_the_secretariat_judges_and_a_dispute_is_told_to_the_provider(office: Office, referred: Referred) -> None:
    sent = office.send(office.invoice(referred))
    for actor in (office.provider, office.physician):
        with pytest.raises(Forbidden):
            judge(office, approve_provider_invoice, sent.id, actor=actor)
    judge(office, dispute_provider_invoice, sent.id, DisputeReason.NOT_DELIVERED)
    told = seen(office, sent.id, office.provider).header
    assert (told.state, told.dispute_reason) == (ProviderInvoiceState.DISPUTED, "not_delivered")


def test_nobody_else_opens_it(office: Office, referred: Referred) -> None:
    """R41: the secretariat, the physician, that provider."""
    sent = office.send(office.invoice(referred))
    assert seen(office, sent.id, office.physician).referral is not None
    stranger = office.world.actor(Role.PROVIDER, add_provider(office.world, "Andere praktijk"))
    elsewhere = World(office.world.database).actor(Role.SECRETARY)
    for actor in (stranger, elsewhere):
        with pytest.raises(NotFound):
            seen(office, sent.id, actor)
    delegate = office.world.actor(Role.DELEGATE, employers=(referred.sick.employer_id,))
    with pytest.raises(Forbidden):
        seen(office, sent.id, delegate)
    with pytest.raises(NotFound):
        seen(office, uuid4())


def test_the_secretariat_sees_the_header_and_the_provider_no_judgement(office: Office, referred: Referred) -> None:
    """R21."""
    sent = office.send(office.invoice(referred))
    view = seen(office, sent.id)
    assert view.referral is not None
    assert (view.referral.number, view.referral.units, view.referral.intervention) == (referred.number, 10, CONF)
    assert "Kanarie-doel" not in repr(view)
    assert seen(office, sent.id, office.provider).possible == ()


def test_the_list_puts_the_shortest_term_first(office: Office, referred: Referred) -> None:
    judged, waiting = office.send(office.invoice(referred)), office.send(office.invoice(referred))
    judge(office, dispute_provider_invoice, judged.id, DisputeReason.OTHER)
    with office.care(office.secretary) as session:
        found = list_provider_invoices(session, office.secretary)
        mine = list_provider_invoices(session, office.secretary, (ProviderInvoiceState.RECEIVED,))
    assert [item.id for item in found.items] == [waiting.id, judged.id]
    assert ([item.id for item in mine.items], mine.total) == ([waiting.id], 1)


def test_reading_and_judging_stand_in_the_audit_trail(office: Office, referred: Referred) -> None:
    """R68."""
    sent = office.send(office.invoice(referred))
    seen(office, sent.id)
    judge(office, approve_provider_invoice, sent.id)
    with Session(office.world.database.owner) as session:
        events = session.exec(
            select(AuditEvent).where(AuditEvent.subject_id == sent.id).order_by(AuditEvent.seq)  # type: ignore[arg-type]
        ).all()
    assert [event.tag.split(":")[2] for event in events] == ["received", "read", "approved"]
    assert {event.data_subject_id for event in events} == {referred.sick.employee_id}


RAW = {
    "an exception approved": "UPDATE medical.provider_invoice SET state = 'approved', judged_by = app.account()",
    "in another's name": "UPDATE medical.provider_invoice SET state = 'disputed', judged_by = gen_random_uuid()",
    "an amount changed": "UPDATE medical.provider_invoice SET net_cents = 1",
    "a check passed afterwards": "UPDATE medical.invoice_check SET passed = true",
    "a line changed": "UPDATE medical.provider_invoice_line SET net_cents = 1",
}


@pytest.mark.parametrize("statement", RAW.values(), ids=RAW)
def test_raw_sql_of_the_secretariat_cannot_either(office: Office, referred: Referred, statement: str) -> None:
    """R39."""
    office.send(office.invoice(referred, line={"vat_rate": 0}))
    with pytest.raises((ProgrammingError, IntegrityError)), office.care(office.secretary) as session:
        session.execute(text(statement))


def test_raw_sql_of_the_provider_cannot_approve_or_send_for_another(office: Office, referred: Referred) -> None:
    sent = office.send(office.invoice(referred))
    with office.care(office.provider) as session:
        changed = session.execute(
            text("UPDATE medical.provider_invoice SET state = 'approved' WHERE id = :id"), {"id": sent.id}
        )
        assert changed.rowcount == 0  # type: ignore[attr-defined]
    with pytest.raises(ProgrammingError), office.care(office.provider) as session:
        session.execute(
            text(
                "INSERT INTO medical.provider_invoice (id, tenant_id, created_at, provider_id, referral_number,"
                " invoice_number, invoice_date, net_cents, vat_cents, gross_cents, state, due_on)"
                " SELECT gen_random_uuid(), tenant_id, now(), gen_random_uuid(), '', 'X', invoice_date, 1, 0, 1,"
                " 'received', due_on FROM medical.provider_invoice"
            )
        )


def test_the_open_door_does_not_even_see_the_table(office: Office, referred: Referred) -> None:
    """R38, R41."""
    employer = next(iter(office.employers.values()))
    for actor in (employer, office.secretary):
        with pytest.raises(ProgrammingError), office.world.acting(Door.OPEN, actor) as session:
            session.execute(text("SELECT 1 FROM medical.provider_invoice"))
