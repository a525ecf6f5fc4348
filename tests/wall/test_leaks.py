"""The leaks of rules 2.3, each looked for in every form in which money reaches an employer or an insurer (R43).

Each test says which leak it is about; the last one plants words where they would hide best and sees them found.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import combinations
from uuid import UUID

import pytest
from lxml import etree
from sqlalchemy import text

from billing.invoicing import document_pdf
from billing.invoicing.document_ubl import write_ubl
from billing.invoicing.documents import CONFIDENTIAL_TEXT, CONTRIBUTION_TEXT, EXEMPTION_TEXT, SERVICE_TEXT
from billing.invoicing.invoices_read import get_invoice, invoice_pdf, invoice_ubl
from billing.invoicing.numbers import take_numbers
from billing.paying.gateway import PaymentOrder
from core.clock import today
from identity.actor import Actor
from network.taxonomy import Disclosure, causes, interventions
from tests.billing.office import DESCRIPTION, PROVIDER_NAME, PROVIDER_NUMBER
from tests.wall.paying_world import (
    AGB,
    IBAN,
    POLICY_NUMBER,
    SESSIONS,
    STREET,
    PayingWorld,
)
from tests.wall.walk import Call, found_in

pytestmark = pytest.mark.timeout(600)

OWN_ACCOUNT = "NL91ABNA0417164300"
FILE_NAME = re.compile(r'filename="?(factuur|creditnota)-\d{4}-\d{6}\.(pdf|xml)"?$')
AMOUNT = re.compile(r"(?<![\d.,])(\d{1,3}(?:\.\d{3})+|\d+)[,.](\d{2})(?!\d)")
MONTHS = "januari februari maart april mei juni juli augustus september oktober november december"


@pytest.fixture
def world(paying: PayingWorld) -> PayingWorld:
    """One world for all leaks."""
    return paying


def type_names() -> set[str]:
    """Return names of confidential types and causes, and each longer word of such a name that tells by itself."""
    named = " ".join(f"{each.label} {each.label_en}" for each in interventions().values() if is_open(each.disclosure))
    confidential = [each for each in interventions().values() if not is_open(each.disclosure)]
    labels = {label for each in confidential for label in (each.label, each.label_en)}
    dutch = [each.label for each in confidential]
    words = {word for label in dutch for word in TELLING.findall(label.casefold())} - OF_EVERYTHING
    return {each for each in labels | words if each.casefold() not in named.casefold()} | {
        cause.label for cause in causes().values()
    }


TELLING = re.compile(r"[^\W\d_]{8,}")
OF_EVERYTHING = {"interventie", "leiderschap"}
"""Words of names that stand everywhere, and say nothing by themselves."""


def is_open(disclosure: Disclosure) -> bool:
    return disclosure is Disclosure.OPEN


def provider_words() -> set[str]:
    return {PROVIDER_NAME, AGB, IBAN, STREET, PROVIDER_NUMBER, "Zilverberk"}


def written_days(day: date) -> set[str]:
    in_words = f"{day.day} {MONTHS.split()[day.month - 1]} {day.year}"
    return {day.isoformat(), f"{day:%d-%m-%Y}", f"{day:%Y%m%d}", in_words}


def written_cents(cents: int) -> set[str]:
    euros, rest = divmod(cents, 100)
    return {f"{euros},{rest:02}", f"{euros}.{rest:02}", f'"cents":{cents}', f'"cents": {cents}'}


def texts(ubl: bytes, *names: str) -> set[str]:
    """Return what stands in the elements of these names."""
    return {each.text or "" for each in etree.fromstring(ubl).iter() if etree.QName(each).localname in names}


def documents(world: PayingWorld, actor: Actor) -> list[tuple[bytes, bytes]]:
    """Return PDF and UBL of everything that a buyer got."""
    with world.office.open(actor) as session:
        ids = session.execute(text("SELECT id FROM billing.invoice ORDER BY number")).scalars().all()
        return [(invoice_pdf(session, actor, each).content, invoice_ubl(session, actor, each).content) for each in ids]


def lines(world: PayingWorld, actor: Actor) -> list[tuple[str, str | None, int, Decimal]]:
    with world.office.open(actor) as session:
        ids = session.execute(text("SELECT id FROM billing.invoice ORDER BY number")).scalars().all()
        found = [line for each in ids for line in get_invoice(session, actor, each).document.lines]
    return [(line.description, line.reference, line.net_cents, line.vat_rate) for line in found]


def money_answers(world: PayingWorld) -> Iterator[tuple[str, str]]:
    """Yield what an employer reads of money, as text."""
    for call, answer in world.answers(world.employer):
        if answer.status_code == 200 and re.search(r"factu|invoice|kost|cost|overzicht|statement|csv", call.url):
            yield call.url, answer.text


def test_l1_no_type_is_named(world: PayingWorld) -> None:
    """R43, R44, leak L1."""
    assert world.found(type_names()) == {}
    confidential = {name for name, _reference, _cents, _rate in lines(world, world.employer)}
    assert confidential == {CONFIDENTIAL_TEXT, CONTRIBUTION_TEXT, SERVICE_TEXT, "Arbeidsdeskundig onderzoek"}


def test_l2_no_provider_is_named_and_payment_goes_to_the_arbodienst(world: PayingWorld) -> None:
    """R43, leak L2."""
    assert world.found(provider_words()) == {}
    for actor in (world.employer, world.insurer):
        for _pdf, ubl in documents(world, actor):
            assert {each for each in texts(ubl, "ID") if each.startswith("NL") and each[2:4].isdigit()} <= {OWN_ACCOUNT}


def test_l3_no_day_of_a_session_is_told(world: PayingWorld) -> None:
    """R43, leak L3."""
    days = written_days(world.session_day)
    for url, answer in money_answers(world):
        assert {day for day in days if day in answer} == set(), url
    for actor in (world.employer, world.insurer):
        for _pdf, ubl in documents(world, actor):
            assert {day for day in days if day.encode() in ubl} == set()


def test_l4_no_number_of_sessions_and_no_price_of_one(world: PayingWorld) -> None:
    """R43, leak L4."""
    for actor in (world.employer, world.insurer):
        for _pdf, ubl in documents(world, actor):
            assert texts(ubl, "InvoicedQuantity", "CreditedQuantity") <= {"1", "-1"}
    assert SESSIONS * 100_00 in {cents for _name, _reference, cents, _rate in lines(world, world.employer)}
    assert 100_00 not in {cents for _name, _reference, cents, _rate in lines(world, world.employer)}
    # A key of a second factor is shown in fours, and may well hold "7 X"; behind a number of times stands a price.
    times = {f"{SESSIONS} x {price}" for price in ("€", "eur", "100")}
    assert world.found(times | {f"{SESSIONS} ×", f"{SESSIONS} zittingen", f"{SESSIONS} sessies"}) == {}


def test_l5_no_amount_of_somebody_who_did_not_consent(world: PayingWorld) -> None:
    """R46, leak L5: the price is a fingerprint of what it is for."""
    amounts = {form for cents in world.hidden.values() for form in written_cents(cents)}
    with_vat = {form for cents in world.hidden.values() for form in written_cents(cents + round(cents * 21 / 100))}
    assert world.found(amounts | with_vat) == {}


def test_l6_vat_is_the_same_for_everything_and_its_words_say_nothing(world: PayingWorld) -> None:
    """R48, leak L6."""
    for actor in (world.employer, world.insurer):
        assert {rate for _name, _reference, _cents, rate in lines(world, actor)} == {Decimal(21)}
        for _pdf, ubl in documents(world, actor):
            assert texts(ubl, "TaxExemptionReasonCode") == set()
            assert texts(ubl, "TaxExemptionReason") <= {EXEMPTION_TEXT}
    assert world.found({"gezondheidskundig", "artikel 11", "BIG-", "zorgvrijstelling"}) == {}


def test_l7_no_difference_of_two_shown_amounts_is_a_hidden_one(world: PayingWorld) -> None:
    """R47, leak L7: sums of months, of documents, credit notes, overview and statement against each other."""
    shown = {
        int(whole.replace(".", "")) * 100 + int(cents)
        for _url, answer in money_answers(world)
        for whole, cents in AMOUNT.findall(answer)
    }
    assert len(shown) > 5
    differences = {abs(one - other) for one, other in combinations(sorted(shown), 2)} | shown
    vat = {cents + round(cents * 21 / 100) for cents in world.hidden.values()}
    assert differences & ({*world.hidden.values()} | vat) == set()


def test_l8_nothing_moves_when_somebody_is_referred(world: PayingWorld) -> None:
    """R25, leak L8: no state, no count and no order of the employer's changes with a confidential referral."""

    def all_of_it() -> dict[Call, str]:
        found = {}
        for call, answer in world.fetch(world.employer):
            found[call] = re.sub(r'name="(csrf_token|submission)" value="[^"]+"|token=[\w-]+', "", answer.text)
        return found

    sick = world.office.sick(world.employer)
    before = all_of_it()
    world.office.supply(world.office.referred(sick, "PSY"), 1)
    after = all_of_it()
    moved = [call.url for call in before if before[call] != after[call] and "account" not in call.url]
    assert moved == []


def test_l9_no_kind_of_insurance_is_named_to_the_employer(world: PayingWorld) -> None:
    """R43, leak L9: a contribution of health insurance would say that it was care."""
    words = ("zorgverzeker", "collectieve zorg", POLICY_NUMBER.casefold(), "verzekeraar de eik")
    for url, answer in money_answers(world):
        assert [word for word in words if word in answer.casefold()] == [], url


def test_l10_no_free_text_in_file_names_mail_metadata_or_payment(world: PayingWorld) -> None:
    """R43, leak L10."""
    words = {DESCRIPTION, "Kanarie-doel", "Kanarie-vraag", "J. Kanarie"}
    assert world.found(words) == {}
    mail = world.mail().casefold()
    assert "subject:" in mail
    told = words | type_names() | provider_words()
    assert {word for word in told if word.casefold() in mail} == set()
    for actor in (world.employer, world.insurer):
        for call, answer in world.answers(actor):
            named = answer.headers.get("content-disposition", "")
            if "/invoices/" in call.url and named and answer.status_code == 200:
                assert FILE_NAME.search(named), named
        for pdf, _ubl in documents(world, actor):
            assert b"Kanarie" not in pdf
    assert set(PaymentOrder.__dataclass_fields__) <= {"payment_id", "invoice_number", "cents", "buyer_id", "way"}


def test_l11_another_s_and_nobody_s_get_one_answer_and_ids_are_random(world: PayingWorld) -> None:
    """R70, leak L11."""
    stranger = world.office.employer("Andere firma")
    visitor = world.visitor(stranger)
    for each in world.ids():
        assert each.version == 4
        for path in ("/api/v1/invoices/{}", "/api/v1/invoices/{}.pdf", "/api/v1/invoices/{}.xml"):
            mine = visitor.ask(Call("GET", path.format(each)))
            nobody_s = visitor.ask(Call("GET", path.format(UUID(int=each.int ^ 1))))
            assert (mine.status_code, mine.content) == (404, nobody_s.content)


def test_l11_another_employer_reads_no_row_in_sql(world: PayingWorld) -> None:
    """R70, leak L11: whatever the pages ask for, row-level security lets nothing through to somebody else."""
    stranger = world.office.employer("Nog een firma")
    with world.database.owner.connect() as connection:
        tables = connection.execute(text(OF_AN_EMPLOYER)).all()
    assert len(tables) > 10
    with world.office.open(stranger) as session:
        for table, column in tables:
            mine = {"own": stranger.organisation_id}
            others = text(f"SELECT count(*) FROM {table} WHERE {column} <> :own")
            assert session.execute(others, mine).scalar_one() == 0, table


OF_AN_EMPLOYER = """
    SELECT format('%I.%I', table_schema, table_name), column_name FROM information_schema.columns
    WHERE column_name IN ('buyer_id', 'employer_id') AND table_schema IN ('billing', 'cases')
        AND has_table_privilege('providerboog_open', format('%I.%I', table_schema, table_name), 'SELECT')
"""


def test_l12_one_series_of_numbers_for_whoever_buys(world: PayingWorld) -> None:
    """R49, leak L12: not by type, provider or kind of document, and within a run in the order of names."""
    query = "SELECT number, buyer_id, charge_run_id FROM billing.invoice ORDER BY number"
    with world.database.owner.connect() as connection:
        found = connection.execute(text(query)).all()
        names = {row.id: row.name for row in connection.execute(text("SELECT id, name FROM identity.organisation"))}
    year = today().year
    assert [row.number for row in found] == [f"{year}-{nth:06}" for nth in range(1, len(found) + 1)]
    for run in {row.charge_run_id for row in found if row.charge_run_id}:
        order = [names[row.buyer_id] for row in found if row.charge_run_id == run]
        assert order == sorted(order)
    with world.office.care(world.office.secretary) as session:
        assert take_numbers(session, world.office.secretary, year, 1) == (f"{year}-{len(found) + 1:06}",)
        session.rollback()


def test_l13_a_provider_has_no_way_to_the_employer(world: PayingWorld) -> None:
    """R38, leak L13: neither address nor mail of the employer's, so that no bill or letter can go there."""
    words = {world.employer.email, "administratie@example.test"}
    for call, answer in world.answers(world.office.provider):
        own = "providers/" in call.url or "account" in call.url
        assert own or not [word for word in words if word in answer.text], call.url


def test_l14_no_letter_and_no_step_tells_the_type(world: PayingWorld) -> None:
    """R18, R43, leak L14: the letter is the medical side's, and the plan of steps has its own words only."""
    query = "SELECT id FROM medical.referral"
    with world.database.owner.connect() as connection:
        referrals = connection.execute(text(query)).scalars().all()
    visitor = world.visitor(world.employer)
    for each in referrals:
        assert visitor.ask(Call("GET", f"/api/v1/referrals/{each}/letter")).status_code == 404
        assert visitor.ask(Call("GET", f"/api/v1/referrals/{each}")).status_code == 404
    steps = [answer.text for call, answer in world.answers(world.employer) if "stap" in call.url or "cases" in call.url]
    assert steps
    assert [name for name in type_names() for step in steps if name.casefold() in step.casefold()] == []


PLANTED = {
    "L1": "Psycholoog",
    "L2": AGB,
    "L5": "463,17",
    "L9": POLICY_NUMBER,
    "L10": DESCRIPTION,
}


@pytest.mark.parametrize("leak", sorted(PLANTED))
def test_a_planted_leak_is_found(world: PayingWorld, leak: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the compressed text of a PDF, and in the UBL within it: where it would be seen last."""
    word = PLANTED[leak]
    with world.office.open(world.employer) as session:
        invoice_id = session.execute(text("SELECT id FROM billing.invoice LIMIT 1")).scalar_one()
    visitor = world.visitor(world.employer)
    pdf = Call("GET", f"/api/v1/invoices/{invoice_id}.pdf")
    assert found_in(visitor.ask(pdf), frozenset({word}), pdf.url) == set()
    monkeypatch.setattr(document_pdf, "_payment", lambda _document: word)
    assert found_in(visitor.ask(pdf), frozenset({word}), pdf.url) == {word}
    monkeypatch.undo()
    monkeypatch.setattr(document_pdf, "write_ubl", lambda document: write_ubl(document) + word.encode())
    assert found_in(visitor.ask(pdf), frozenset({word}), pdf.url) == {word}
