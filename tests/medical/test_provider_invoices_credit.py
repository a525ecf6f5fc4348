"""A provider gives back: a credit note is held against the invoice that it names, and is released below zero (R50)."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from core.errors import Conflict
from medical.invoice_tables import InvoiceTalkKind, ProviderDocument, ProviderInvoiceState
from medical.invoices.checks import CheckCode
from medical.invoices.input import ProviderInvoiceInput
from medical.invoices.judge import DisputeReason, approve_provider_invoice, ask_credit
from medical.invoices.read import InvoiceView, get_provider_invoice
from medical.invoices.submit import submit_provider_invoice
from medical.invoices.ubl import read_provider_invoice
from medical.tables import Release
from network.tables import ArbodienstSettings
from tests.billing.office import PRICE, Office, Referred
from tests.medical.test_provider_invoices_ubl import ubl


@pytest.fixture
def referred(office: Office) -> Referred:
    """A referral of ten units."""
    return office.referred(office.sick(office.employer()))


@pytest.fixture
def invoice(office: Office, referred: Referred) -> ProviderInvoiceInput:
    """An invoice of four units that was released."""
    found = office.invoice(referred, 4)
    office.approve(office.send(found).id)
    return found


def note(office: Office, of: ProviderInvoiceInput, units: int | str = 1, **changes: Any) -> ProviderInvoiceInput:
    """Return a credit note of `units` of an invoice, right in everything unless `changes` say otherwise."""
    line = of.lines[0].model_dump() | {"quantity": units} | changes.pop("line", {})
    facts = {
        "kind": "credit_note",
        "corrects": of.invoice_number,
        "referral_number": of.referral_number,
        "invoice_number": f"C-{next(office.numbers)}",
        "invoice_date": of.invoice_date,
        "lines": [line],
    }
    return ProviderInvoiceInput(**(facts | changes))


def seen(office: Office, invoice_id: UUID) -> InvoiceView:
    with office.care(office.secretary) as session:
        return get_provider_invoice(session, office.secretary, invoice_id)


def failed(office: Office, invoice_id: UUID) -> set[CheckCode]:
    return {check.code for check in seen(office, invoice_id).checks if not check.passed}


def releases(office: Office) -> list[Release]:
    with office.care(office.secretary) as session:
        return list(session.exec(select(Release).order_by(Release.created_at)))  # type: ignore[arg-type]


def owed(office: Office) -> int:
    with office.care(office.secretary) as session:
        found = text("SELECT sum(cents) FROM billing.ledger_entry WHERE account = 'payable_provider'")
        return -int(session.execute(found).scalar_one())


def test_a_credit_note_is_checked_and_released_below_zero(office: Office, invoice: ProviderInvoiceInput) -> None:
    """R50: it refers to what it corrects, and what is charged onward and owed becomes less by as much."""
    sent = office.send(note(office, invoice, 1))
    view = seen(office, sent.id)
    assert (view.header.kind, view.header.state) == (ProviderDocument.CREDIT_NOTE, ProviderInvoiceState.RECEIVED)
    assert view.header.corrects_number == invoice.invoice_number
    assert [check.code for check in view.checks] == [
        CheckCode.KNOWN_INVOICE,
        CheckCode.INVOICE_RELEASED,
        CheckCode.SAME_PROVIDER,
        CheckCode.ADDRESSED_TO_US,
        CheckCode.DATES_PLAUSIBLE,
        CheckCode.CREDIT_LEFT,
        CheckCode.SUMS_RIGHT,
        CheckCode.IN_EUROS,
        CheckCode.NOT_SEEN_BEFORE,
    ]
    assert owed(office) == 484_00
    office.approve(sent.id)
    first, second = releases(office)
    assert (first.net_cents, second.net_cents, second.corrects_id) == (400_00, -100_00, first.id)
    assert (second.referral_id, second.supplied_on) == (first.referral_id, first.supplied_on)
    assert owed(office) == 363_00


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"line": {"quantity": "4.0001"}}, {CheckCode.CREDIT_LEFT}),
        ({"line": {"vat_rate": 9}}, {CheckCode.CREDIT_LEFT}),
        ({"line": {"unit_price_cents": 4 * PRICE + 1}}, {CheckCode.CREDIT_LEFT}),
        ({"invoice_date": "2020-01-01"}, {CheckCode.DATES_PLAUSIBLE}),
        (
            {"corrects": "BESTAAT-NIET"},
            {CheckCode.KNOWN_INVOICE, CheckCode.INVOICE_RELEASED, CheckCode.CREDIT_LEFT},
        ),
    ],
)
def test_what_is_not_right_becomes_an_exception(
    office: Office, invoice: ProviderInvoiceInput, changes: dict[str, Any], codes: set[CheckCode]
) -> None:
    """R50."""
    sent = office.send(note(office, invoice, **changes))
    assert failed(office, sent.id) == codes
    assert sent.state is ProviderInvoiceState.EXCEPTION
    with pytest.raises(Conflict):
        office.approve(sent.id)


def test_two_notes_together_give_back_no_more_than_was_asked(office: Office, invoice: ProviderInvoiceInput) -> None:
    assert office.send(note(office, invoice, 3)).state is ProviderInvoiceState.RECEIVED
    assert failed(office, office.send(note(office, invoice, 2)).id) == {CheckCode.CREDIT_LEFT}
    assert office.send(note(office, invoice, 1)).state is ProviderInvoiceState.RECEIVED


def test_what_was_given_back_can_be_billed_again_and_only_for_its_worth(
    office: Office, referred: Referred, invoice: ProviderInvoiceInput
) -> None:
    """R39: a referral never costs more than was agreed."""
    assert failed(office, office.send(office.invoice(referred, 7)).id) == {CheckCode.UNITS_LEFT}
    office.approve(office.send(note(office, invoice, 1)).id)
    cheap = note(office, invoice, 1, line={"unit_price_cents": 1_00, "quantity": 1})
    office.approve(office.send(cheap).id)
    assert failed(office, office.send(office.invoice(referred, "7.02")).id) == {CheckCode.UNITS_LEFT}
    assert office.send(office.invoice(referred, 7)).state is ProviderInvoiceState.RECEIVED


def test_an_invoice_that_was_not_released_is_not_given_back(office: Office, referred: Referred) -> None:
    waiting = office.invoice(referred, 2)
    office.send(waiting)
    assert failed(office, office.send(note(office, waiting)).id) == {CheckCode.INVOICE_RELEASED}


def test_anothers_invoice_is_not_there(office: Office, invoice: ProviderInvoiceInput) -> None:
    """R20."""
    other = Office(office.world, vat_rate=office.vat_rate)
    sent = office.send(note(office, invoice), other.provider)
    assert CheckCode.KNOWN_INVOICE in failed(office, sent.id)


def test_the_same_note_again_is_recognised_and_the_same_lines_are_seen(
    office: Office, invoice: ProviderInvoiceInput
) -> None:
    """R40."""
    first = note(office, invoice, 1)
    assert [office.send(first).is_new, office.send(first).is_new] == [True, False]
    twin = first.model_copy(update={"invoice_number": "C-ANDERS"})
    assert failed(office, office.send(twin).id) == {CheckCode.NOT_SEEN_BEFORE}


def test_a_number_may_be_that_of_an_invoice_too(office: Office, invoice: ProviderInvoiceInput) -> None:
    same = note(office, invoice, invoice_number=invoice.invoice_number)
    assert office.send(same).state is ProviderInvoiceState.RECEIVED


def test_what_was_charged_exempt_is_given_back_with_its_vat_whatever_the_setting_is_now(
    office: Office, referred: Referred
) -> None:
    """Rules 6.2."""

    def onward(rate: int) -> None:
        with Session(office.world.database.owner) as session:
            settings = session.get_one(ArbodienstSettings, office.world.tenant_id)
            settings.onward_vat_rate = rate
            session.add(settings)
            session.commit()

    onward(0)
    exempt = office.invoice(referred, 2)
    office.approve(office.send(exempt).id)
    onward(21)
    office.approve(office.send(note(office, exempt, 2)).id)
    assert [release.net_cents for release in releases(office)] == [242_00, -242_00]
    assert owed(office) == 0


def test_the_secretariat_asks_for_one_and_the_provider_sends_it(
    office: Office, referred: Referred, invoice: ProviderInvoiceInput
) -> None:
    with office.care(office.secretary) as session:
        (released,) = releases(office)
        ask_credit(session, office.secretary, released.provider_invoice_id, DisputeReason.NOT_DELIVERED)
    with office.care(office.provider) as session:
        told = get_provider_invoice(session, office.provider, released.provider_invoice_id)
    assert [(word.kind, word.code) for word in told.talk] == [(InvoiceTalkKind.CREDIT_ASKED, "not_delivered")]
    assert told.answers == ("delivered", "as_agreed")
    sent = office.send(note(office, invoice, 4))
    told = seen(office, released.provider_invoice_id)
    assert (told.talk[-1].kind, told.talk[-1].other_id) == (InvoiceTalkKind.CREDITED, sent.id)
    assert told.header.state is ProviderInvoiceState.APPROVED


def test_it_comes_as_ubl_too(office: Office, referred: Referred) -> None:
    """UBL CreditNote with a BillingReference."""
    billed = ubl(reference=referred.number, number="U-9")

    def send(content: bytes) -> UUID:
        with office.care(office.provider) as session:
            return submit_provider_invoice(session, office.provider, read_provider_invoice(content)).id

    office.approve(send(billed))
    reference = (
        "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>U-9</cbc:ID></cac:InvoiceDocumentReference>"
        "</cac:BillingReference><cac:AccountingSupplierParty>"
    )
    credit = billed.decode().replace("Invoice-2", "CreditNote-2").replace("<Invoice ", "<CreditNote ")
    for old, new in (
        ("</Invoice>", "</CreditNote>"),
        ("InvoiceTypeCode>380", "CreditNoteTypeCode>381"),
        ("/cbc:InvoiceTypeCode", "/cbc:CreditNoteTypeCode"),
        ("InvoiceLine", "CreditNoteLine"),
        ("InvoicedQuantity", "CreditedQuantity"),
        ("<cac:AccountingSupplierParty>", reference),
    ):
        credit = credit.replace(old, new)
    sent = send(credit.replace("<cbc:ID>U-9</cbc:ID><cbc:IssueDate>", "<cbc:ID>UC-1</cbc:ID><cbc:IssueDate>").encode())
    assert failed(office, sent) == set()
    office.approve(sent)
    assert [release.net_cents for release in releases(office)] == [300_00, -300_00]


def test_a_credit_note_names_its_invoice() -> None:
    with pytest.raises(ValueError, match="noemt het nummer"):
        ProviderInvoiceInput.model_validate({"kind": "credit_note"})


def test_raw_sql_gives_back_no_more_than_was_released(office: Office, invoice: ProviderInvoiceInput) -> None:
    """R50: kept by the database too."""
    sent = office.send(note(office, invoice, 1))
    with office.care(office.secretary) as session:
        approve_provider_invoice(session, office.secretary, sent.id)
    with pytest.raises(DBAPIError, match="no more is given back"), Session(office.world.database.owner) as session:
        session.execute(
            text(
                "INSERT INTO medical.release SELECT (jsonb_populate_record(r, jsonb_build_object("
                "'id', gen_random_uuid(), 'net_cents', -30001, 'provider_invoice_id', r.provider_invoice_id))).*"
                " FROM medical.release r WHERE r.corrects_id IS NOT NULL"
            )
        )
