"""The monthly charging: what goes out, what waits, and that what goes out is clean (R43-R47, R51, R52)."""

import json
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader
from sqlalchemy import text
from sqlmodel import Session, select

from billing.charging.charge_runs import ChargeRunResult
from billing.cofinancing.decide import decide_cofinancing
from billing.cofinancing.shares import Outcome
from billing.cofinancing.submit import submit_cofinancing
from billing.invoicing.documents import CONFIDENTIAL_TEXT, CONTRIBUTION_TEXT
from billing.invoicing.invoices_read import invoice_pdf, invoice_ubl
from billing.tables import ChargeKind, CofinancingState, InsurerShare
from cases.tables import ConsentScope
from core.clock import standing_at, today
from core.database import Door
from core.errors import Conflict, Forbidden, Invalid
from identity.actor import Actor
from medical.hatch.plan import CarryReason
from medical.release import charging_preview, preview_release, run_charging
from network.tables import OrganisationProfile
from network.taxonomy import Disclosure, causes, interventions
from tests.billing.office import CONF, DESCRIPTION, OPEN, PROVIDER_NAME, PROVIDER_NUMBER, Office, Referred
from tests.world import World

K = 5


def lines(office: Office, run: ChargeRunResult, buyer: Actor) -> list[tuple[str, str | None, int]]:
    documents = office.documents(run, buyer)
    return [(line.description, line.reference, line.net_cents) for each in documents for line in each.lines]


def asked(office: Office, employer: Actor, intervention: str = OPEN, units: int = 10) -> Referred:
    """Return a referral with a prepared request to an insurer that pays half."""
    office.insurer(employer)
    sick = office.sick(employer, ConsentScope.EMPLOYER, ConsentScope.INSURER)
    return office.referred(sick, intervention, units, cofinancing=True)


def submitted(office: Office, employer: Actor, referred: Referred) -> UUID:
    request = office.request_of(referred)
    assert request is not None
    manager = office.case_manager(employer)
    with office.open(manager) as session:
        submit_cofinancing(session, manager, request.id, 340_00)
    return request.id


def decided(office: Office, request_id: UUID, outcome: Outcome, amount: int | None = None) -> None:
    insurer = next(iter(office.insurers.values()))
    with office.open(insurer) as session:
        decide_cofinancing(session, insurer, request_id, outcome, amount)


def test_open_own_line_and_pool_stand_on_one_invoice(office: Office, employer: Actor) -> None:
    """R45, R46."""
    sick = office.supplied(employer, intervention=OPEN)
    office.supplied(employer, ConsentScope.EMPLOYER, units=2)
    for _person in range(K):
        office.supplied(employer)
    run = office.run()
    assert lines(office, run, employer) == [
        ("Arbeidsdeskundig onderzoek", sick.reference, 100_00),
        (CONFIDENTIAL_TEXT, None, 200_00),
        (CONFIDENTIAL_TEXT, None, 500_00),
    ]
    assert (len(run.invoices), run.carried_over) == (1, 0)


def test_a_pool_below_k_waits_and_goes_when_it_is_full(office: Office, employer: Actor) -> None:
    """R46."""
    for _person in range(K - 1):
        office.supplied(employer)
    first = office.run()
    assert (first.invoices, first.carried_over) == ((), K - 1)
    office.supplied(employer)
    second = office.run()
    assert lines(office, second, employer) == [(CONFIDENTIAL_TEXT, None, 500_00)]
    assert second.carried_over == 0


def test_pools_are_kept_apart_by_employer(office: Office, employer: Actor) -> None:
    other = office.employer("Bakkerij Zilt")
    for _person in range(K - 1):
        office.supplied(employer)
    office.supplied(other)
    assert office.run().carried_over == K


def test_a_second_run_finds_nothing(office: Office, employer: Actor) -> None:
    office.supplied(employer, intervention=OPEN)
    assert len(office.run().invoices) == 1
    again = office.run()
    assert (again.invoices, again.carried_over) == ((), 0)


def test_two_runs_at_once_charge_everything_once(office: Office, employer: Actor) -> None:
    office.supplied(employer, intervention=OPEN)
    office.secretary  # noqa: B018 -- made before the threads start
    start, runs = Barrier(2), []

    def run() -> None:
        start.wait(timeout=20)
        runs.append(office.run())

    threads = [Thread(target=run) for _run in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(len(each.invoices) for each in runs) == [0, 1]
    assert len(office.charges(employer)) == 1


def test_consent_withdrawn_between_approval_and_charging_counts(office: Office, employer: Actor) -> None:
    """R24, R46: what the employee consented to when the invoice was approved is not what counts."""
    sick = office.supplied(employer, ConsentScope.EMPLOYER)
    office.withdraw(sick, ConsentScope.EMPLOYER)
    assert office.run().carried_over == 1
    office.consent(sick, ConsentScope.EMPLOYER)
    assert lines(office, office.run(), employer) == [(CONFIDENTIAL_TEXT, None, 100_00)]


def test_what_awaits_a_decision_is_carried_over_and_then_shared(office: Office, employer: Actor) -> None:
    """R51: what the employer and the insurer pay is the price; R59: after charging it is final."""
    referred = asked(office, employer)
    request_id = submitted(office, employer, referred)
    office.supply(referred, 4)
    assert office.run().carried_over == 1
    decided(office, request_id, Outcome.PARTIAL, 300_00)
    run = office.run()
    insurer = next(iter(office.insurers.values()))
    assert lines(office, run, employer) == [
        ("Arbeidsdeskundig onderzoek", referred.sick.reference, 400_00),
        (CONTRIBUTION_TEXT, referred.sick.reference, -120_00),
    ]
    request = office.request_of(referred)
    assert request is not None
    assert lines(office, run, insurer) == [("Arbeidsdeskundig onderzoek", request.number, 120_00)]
    assert request.charged_month == today().replace(day=1)
    office.supply(referred, 6)
    office.run()
    with office.care(office.secretary) as session:
        shares = session.exec(select(InsurerShare.net_cents)).all()
    assert sorted(shares) == [120_00, 180_00]
    assert sum(charge.net_cents - charge.insurer_cents for charge in office.charges(employer)) + sum(shares) == 1_000_00


def test_a_prepared_request_waits_too_and_one_without_consent_does_not(office: Office, employer: Actor) -> None:
    """R25."""
    referred = asked(office, employer)
    office.supply(referred)
    assert office.run().carried_over == 1
    office.withdraw(referred.sick, ConsentScope.INSURER, job=False)
    assert office.run().carried_over == 0
    request = office.request_of(referred)
    assert request is not None
    assert request.state is CofinancingState.LAPSED


def test_past_the_deadline_it_is_charged_in_full_and_the_request_lapses(office: Office, employer: Actor) -> None:
    """R52."""
    referred = asked(office, employer)
    request_id = submitted(office, employer, referred)
    office.supply(referred, 10)
    late = datetime.combine(today().replace(day=15) + timedelta(days=31), datetime.min.time(), UTC).replace(day=15)
    with standing_at(late + timedelta(hours=9)):
        run = office.run(date(late.year, late.month, 1))
        assert [cents for _text, _reference, cents in lines(office, run, employer)] == [1_000_00]
    insurer = next(iter(office.insurers.values()))
    with pytest.raises(Exception, match="Niet gevonden"), office.open(insurer) as session:
        decide_cofinancing(session, insurer, request_id, Outcome.APPROVED)


def test_a_pool_with_a_known_price_needs_k_others(office: Office, employer: Actor) -> None:
    """R47."""
    referred = asked(office, employer, CONF)
    decided(office, submitted(office, employer, referred), Outcome.APPROVED)
    office.supply(referred, 10)
    office.withdraw(referred.sick, ConsentScope.EMPLOYER)
    for _person in range(K - 1):
        office.supplied(employer)
    assert office.run().carried_over == K
    office.supplied(employer)
    run = office.run()
    assert lines(office, run, employer) == [(CONFIDENTIAL_TEXT, None, 1_000_00)]
    insurer = next(iter(office.insurers.values()))
    assert [cents for _text, _reference, cents in lines(office, run, insurer)] == [500_00]


def test_what_is_supplied_later_than_the_month_waits(office: Office, employer: Actor) -> None:
    office.supplied(employer, intervention=OPEN)
    before = today().replace(day=1) - timedelta(days=1)
    run = office.run(before)
    assert (run.invoices, run.carried_over) == ((), 0)
    assert len(office.run().invoices) == 1


def test_a_month_to_come_is_refused(office: Office, employer: Actor) -> None:
    with pytest.raises(Invalid) as refusal:
        office.run(today() + timedelta(days=32))
    assert [error.field for error in refusal.value.errors] == ["month"]


def test_only_the_secretariat_runs_it(office: Office, employer: Actor) -> None:
    for actor in (office.physician, office.provider):
        with pytest.raises(Forbidden), office.care(actor) as session:
            run_charging(session, actor, today())


def test_a_buyer_that_cannot_be_invoiced_stops_the_run_whole(office: Office, employer: Actor) -> None:
    """R53: nothing half-written, and no number is lost (R49)."""
    other = office.employer("Firma zonder adres")
    for buyer in (employer, other):
        office.supplied(buyer, intervention=OPEN)
    with Session(office.world.database.owner) as session:
        profile = session.get_one(OrganisationProfile, other.organisation_id)
        profile.street = ""
        session.add(profile)
        session.commit()
    with pytest.raises(Conflict, match="Firma zonder adres"):
        office.run()
    assert office.charges(employer) == []
    with Session(office.world.database.owner) as session:
        profile = session.get_one(OrganisationProfile, other.organisation_id)
        profile.street = "Teststraat 2"
        session.add(profile)
        session.commit()
    numbers = [document.number for buyer in (employer, other) for document in office.documents(office.run(), buyer)]
    assert numbers[:1] == [f"{today().year}-000001"]


def test_the_preview_shows_the_very_lines_and_changes_nothing(office: Office, employer: Actor) -> None:
    office.supplied(employer, intervention=OPEN)
    for _person in range(K):
        office.supplied(employer)
    alone = office.employer("Kleine firma")
    office.supplied(alone)
    with office.care(office.secretary) as session:
        preview = charging_preview(session, office.secretary, today())
    big, small = preview.employers.items
    assert [charge.persons for charge in big.charges] == [1, K]
    shown = [(line.description, line.reference, line.net_cents) for charge in big.charges for line in charge.lines]
    assert [(each.reason, each.is_overdue) for each in small.carried] == [(CarryReason.POOL, False)]
    assert (preview.waiting.net_cents, preview.waiting.urgent) == (sum(cents for *_words, cents in shown) + 100_00, 0)
    assert lines(office, office.run(), employer) == shown


@pytest.mark.parametrize(
    ("scopes", "intervention", "kind", "description"),
    [
        ((), OPEN, ChargeKind.OPEN, "Arbeidsdeskundig onderzoek"),
        ((ConsentScope.EMPLOYER,), CONF, ChargeKind.OWN_LINE, CONFIDENTIAL_TEXT),
        ((), CONF, ChargeKind.POOLED, CONFIDENTIAL_TEXT),
    ],
)
def test_before_approving_the_secretariat_sees_what_would_leave(
    office: Office,
    employer: Actor,
    scopes: tuple[ConsentScope, ...],
    intervention: str,
    kind: ChargeKind,
    description: str,
) -> None:
    sent = office.send(office.invoice(office.referred(office.sick(employer, *scopes), intervention), 2))
    with office.care(office.secretary) as session:
        preview = preview_release(session, office.secretary, sent.id)
    assert preview is not None
    assert preview.charge is not None
    assert (preview.charge.kind, preview.awaits_decision) == (kind, False)
    assert [(line.description, line.net_cents) for line in preview.charge.lines] == [(description, 200_00)]


def test_of_an_exception_nothing_leaves(office: Office, employer: Actor) -> None:
    """R39."""
    sent = office.send(office.invoice(office.referred(office.sick(employer)), line={"vat_rate": 0}))
    with office.care(office.secretary) as session:
        assert preview_release(session, office.secretary, sent.id) is None


def secrets(office: Office) -> list[str]:
    """Everything that may be on no document of an employer or an insurer (R43)."""
    confidential = [each for each in interventions().values() if each.disclosure is Disclosure.CONF]
    return [
        *(each.label for each in confidential),
        *(each.label_en for each in confidential),
        *(each.label for each in causes().values()),
        PROVIDER_NAME,
        PROVIDER_NUMBER,
        DESCRIPTION,
        "Kanarie",
        "12345678925",
        "Teststraat 99",
        (today() - timedelta(days=3)).isoformat(),
    ]


def forms(office: Office, run: ChargeRunResult, buyer: Actor) -> dict[str, str]:
    """Return every form of a buyer's invoice as text: JSON, UBL, PDF with its metadata and attachments, file names."""
    found: dict[str, str] = {}
    with office.open(buyer) as session:
        row = session.execute(text("SELECT id, document FROM billing.invoice")).one()
        found["json"] = json.dumps(row.document, ensure_ascii=False)
        pdf, ubl = invoice_pdf(session, buyer, row.id), invoice_ubl(session, buyer, row.id)
    found["ubl"] = ubl.content.decode()
    reader = PdfReader(BytesIO(pdf.content))
    found["pdf"] = "\n".join(page.extract_text() for page in reader.pages)
    found["metadata"] = (
        f"{dict(reader.metadata or {})} {reader.xmp_metadata and reader.xmp_metadata.stream.get_data()!r}"
    )
    found["attachments"] = repr({name: [part.decode() for part in parts] for name, parts in reader.attachments.items()})
    found["names"] = f"{pdf.name} {ubl.name}"
    return found


def test_no_form_of_an_invoice_tells_more_than_the_whitelist(office: Office, employer: Actor) -> None:
    """R43, L1-L6, L9, L10: eight sessions of 100.00 become one sum without day, provider, count or unit price."""
    office.insurer(employer)
    with Session(office.world.database.owner) as session:
        profile = session.get_one(OrganisationProfile, office.provider_id)
        profile.street, profile.agb, profile.iban = "Teststraat 99", "94061234", "NL44RABO0123456789"
        session.add(profile)
        session.commit()
    office.supplied(employer, ConsentScope.EMPLOYER, units=8)
    for _person in range(K):
        office.supplied(employer, units=3)
    run = office.run()
    found = forms(office, run, employer)
    for name, form in found.items():
        assert len(form) > 20, name
        leaked = [secret for secret in secrets(office) if secret.lower() in form.lower()]
        assert leaked == [], name
        assert "94061234" not in form
        assert "NL44RABO" not in form
        assert "100,00" not in form, name
        assert "100.00" not in form, name
        assert "10000" not in form, name
    assert found["names"] == f"factuur-{today().year}-000001.pdf factuur-{today().year}-000001.xml"


def test_confidential_lines_of_all_types_are_one_text(office: Office, employer: Actor) -> None:
    """R44, R48: one description and one treatment of VAT, whatever the type."""
    for intervention in ("PSY", "FYS", "BMW", "SHV"):
        office.supplied(employer, ConsentScope.EMPLOYER, intervention=intervention)
    document = office.documents(office.run(), employer)[0]
    assert {(line.description, line.reference, line.vat_rate) for line in document.lines} == {
        (CONFIDENTIAL_TEXT, None, document.lines[0].vat_rate)
    }


def test_two_worlds_that_differ_in_health_only_give_the_same_invoice(office: Office) -> None:
    """R43, non-interference: the type and the provider's words change nothing outside."""
    seen: list[Any] = []
    for intervention in ("PSY", "SHV"):
        world = Office(World(office.world.database))
        employer = world.employer()
        for _person in range(K):
            world.supplied(employer, intervention=intervention)
        world.supplied(employer, ConsentScope.EMPLOYER, intervention=intervention)
        seen.append(world.documents(world.run(), employer)[0].model_dump())
    assert seen[0] == seen[1]


def test_the_employee_finds_in_the_trail_what_went_out(office: Office, employer: Actor) -> None:
    """R27."""
    sick = office.supplied(employer, ConsentScope.EMPLOYER)
    office.run()
    with office.world.acting(Door.OPEN, sick.actor) as session:
        tags = session.execute(
            text("SELECT tag, reason FROM identity.audit_event WHERE tag LIKE 'medical:release:%'")
        ).all()
    assert [tuple(row) for row in tags] == [("medical:release:charged", "own_line")]


def test_what_was_charged_stays_charged(office: Office, employer: Actor) -> None:
    office.supplied(employer, intervention=OPEN)
    office.run()
    for statement in (
        "UPDATE medical.release SET charge_id = NULL",
        "UPDATE billing.charge SET invoice_id = NULL",
        "UPDATE billing.charge SET net_cents = 1",
    ):
        with (
            pytest.raises(Exception, match=r"permission denied|keeps what was charged"),
            office.care(office.secretary) as session,
        ):
            session.execute(text(statement))
