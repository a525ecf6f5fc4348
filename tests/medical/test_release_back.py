"""What providers give back: netted, credited to whoever paid, or hidden in a sum; never by itself (R50)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from billing.books.ledger import trial_balance
from billing.books.ledger_accounts import Account
from billing.charging.charge_runs import ChargeRunResult
from billing.charging.charge_terms import invoice_due_by
from billing.cofinancing.shares import Outcome
from billing.invoicing.documents import (
    CONFIDENTIAL_TEXT,
    CONTRIBUTION_TEXT,
    SERVICE_TEXT,
    DocumentKind,
    InvoiceDocument,
)
from billing.service_tables import ServiceBasis
from cases.tables import ConsentScope
from core.clock import standing_at, today
from core.errors import Conflict, NotFound
from identity.actor import Actor
from medical.hatch.plan import CarryReason
from medical.release import bear_release, charging_preview
from tests.billing.given_back import credited, give_back, serve
from tests.billing.office import OPEN, Office
from tests.medical.test_release_charges import K, asked, decided, lines, submitted

INSURER_PAYS = 500_00


def documents(office: Office, run: ChargeRunResult, buyer: Actor) -> list[InvoiceDocument]:
    return office.documents(run, buyer)


def supplied(office: Office, employer: Actor, *scopes: ConsentScope, intervention: str = "PSY") -> UUID:
    """Return the invoice of one more employee."""
    return office.supply(office.referred(office.sick(employer, *scopes), intervention))


def pooled(office: Office, employer: Actor, persons: int = K) -> list[UUID]:
    return [supplied(office, employer) for _person in range(persons)]


def revenue(office: Office) -> int:
    with office.care(office.secretary) as session:
        balance = trial_balance(session, office.secretary)
    assert sum(each.cents for each in balance) == 0
    sales = (Account.REVENUE_OF_INTERVENTIONS, Account.REVENUE_OF_SERVICES)
    return -sum(each.cents for each in balance if each.account in sales)


def at_deadline(day: int = 15) -> datetime:
    return datetime.combine(invoice_due_by(today()).replace(day=day), datetime.min.time(), UTC) + timedelta(hours=9)


def waiting(office: Office, when: datetime) -> list[tuple[CarryReason, bool, bool]]:
    with standing_at(when), office.care(office.secretary) as session:
        found = charging_preview(session, office.secretary, today())
    return [(each.reason, each.is_warned, each.is_overdue) for one in found.employers.items for each in one.carried]


class TestNotCharged:
    """Given back before the run: the two are one amount, and nothing of it is left when they are equal."""

    def test_what_is_left_is_charged(self, office: Office, employer: Actor) -> None:
        give_back(office, supplied(office, employer, intervention=OPEN), 30_00)
        assert [cents for _text, _reference, cents in lines(office, office.run(), employer)] == [70_00]
        assert office.run().carried_over == 0

    def test_what_is_wholly_given_back_is_never_charged(self, office: Office, employer: Actor) -> None:
        give_back(office, supplied(office, employer), 100_00)
        run = office.run()
        assert (run.invoices, run.carried_over) == ((), 0)

    def test_who_got_everything_back_hides_nobody(self, office: Office, employer: Actor) -> None:
        """R46: of k persons one has nothing in the sum."""
        give_back(office, pooled(office, employer)[0], 100_00)
        run = office.run()
        assert (run.invoices, run.carried_over) == ((), K - 1)


class TestInALineOfItsOwn:
    """Charged in a line of its own: a credit note to that buyer, to that invoice (R50)."""

    @pytest.mark.parametrize(("intervention", "scopes"), [(OPEN, ()), ("PSY", (ConsentScope.EMPLOYER,))])
    def test_a_credit_note_names_the_invoice_on_which_it_stands(
        self, office: Office, employer: Actor, intervention: str, scopes: tuple[ConsentScope, ...]
    ) -> None:
        """R50."""
        invoice_id = supplied(office, employer, *scopes, intervention=intervention)
        (first,) = documents(office, office.run(), employer)
        give_back(office, invoice_id, 40_00)
        give_back(office, invoice_id, 25_00)
        (note,) = documents(office, office.run(), employer)
        assert (note.kind, note.corrects) == (DocumentKind.CREDIT_NOTE, first.number)
        assert [(line.description, line.net_cents) for line in note.lines] == [(first.lines[0].description, 65_00)]
        assert revenue(office) == 35_00
        assert office.run().invoices == ()

    def test_the_insurer_gets_back_what_it_paid_of_it(self, office: Office, employer: Actor) -> None:
        """R51: employer and insurer together get back exactly what the provider gave."""
        referred = asked(office, employer)
        decided(office, submitted(office, employer, referred), Outcome.PARTIAL, 333_33)
        invoice_id = office.supply(referred, 10)
        office.run()
        (insurer,) = office.insurers.values()
        give_back(office, invoice_id, 300_01)
        run = office.run()
        (note,), (theirs,) = documents(office, run, employer), documents(office, run, insurer)
        assert [(line.description, line.net_cents) for line in note.lines] == [
            ("Arbeidsdeskundig onderzoek", 300_01),
            (CONTRIBUTION_TEXT, -theirs.net_cents),
        ]
        assert theirs.net_cents == 333_33 - 333_33 * 699_99 // 1_000_00
        request = office.request_of(referred)
        assert request is not None
        assert request.charged_cents == 333_33 - theirs.net_cents
        give_back(office, invoice_id, 699_99)
        run = office.run()
        (last,) = documents(office, run, insurer)
        assert last.net_cents + theirs.net_cents == 333_33
        assert revenue(office) == 0

    def test_what_was_given_back_with_the_whole_invoice_is_not_again(self, office: Office, employer: Actor) -> None:
        """R50."""
        invoice_id = supplied(office, employer, intervention=OPEN)
        credited(office, office.run().invoices[0])
        give_back(office, invoice_id, 40_00)
        run = office.run()
        assert (run.invoices, run.carried_over) == ((), 0)
        assert revenue(office) == 0

    def test_what_is_charged_anew_is_corrected_where_it_stands_then(self, office: Office, employer: Actor) -> None:
        """R50."""
        invoice_id = supplied(office, employer, intervention=OPEN)
        credited(office, office.run().invoices[0], anew=True)
        give_back(office, invoice_id, 40_00)
        (again,) = documents(office, office.run(), employer)
        (note,) = documents(office, office.run(), employer)
        assert (note.corrects, note.net_cents) == (again.number, 40_00)
        assert revenue(office) == 60_00

    def test_after_consent_is_withdrawn_it_is_given_back_in_a_sum(self, office: Office, employer: Actor) -> None:
        """R24, R25."""
        sick = office.sick(employer, ConsentScope.EMPLOYER)
        invoice_id = office.supply(office.referred(sick))
        office.run()
        office.withdraw(sick, ConsentScope.EMPLOYER)
        give_back(office, invoice_id, 40_00)
        assert office.run().carried_over == 1
        pooled(office, employer)
        assert lines(office, office.run(), employer) == [(CONFIDENTIAL_TEXT, None, 460_00)]


class TestInASum:
    """Charged in a sum: taken off another sum of k others, or off the line for services; never by itself (R46)."""

    def test_it_waits_for_a_sum_of_k_others(self, office: Office, employer: Actor) -> None:
        """R46, R47."""
        invoices = pooled(office, employer)
        office.run()
        give_back(office, invoices[0], 60_00)
        alone = office.run()
        assert (alone.invoices, alone.carried_over) == ((), 1)
        pooled(office, employer)
        run = office.run()
        assert lines(office, run, employer) == [(CONFIDENTIAL_TEXT, None, 440_00)]
        assert {each.kind for each in documents(office, run, employer)} == {DocumentKind.INVOICE}
        assert revenue(office) == 940_00

    def test_who_gets_it_back_is_not_one_of_the_k(self, office: Office, employer: Actor) -> None:
        """R46: taken off a sum in which he stands himself, k - 1 others would be left."""
        sick = office.sick(employer)
        invoice_id = office.supply(office.referred(sick))
        pooled(office, employer, K - 1)
        office.run()
        give_back(office, invoice_id, 60_00)
        office.supply(office.referred(sick))
        pooled(office, employer, K - 1)
        run = office.run()
        assert (lines(office, run, employer), run.carried_over) == ([(CONFIDENTIAL_TEXT, None, 500_00)], 1)

    def test_a_sum_stays_above_zero(self, office: Office, employer: Actor) -> None:
        for invoice_id in pooled(office, employer, 2 * K):
            give_back_later = invoice_id
        office.run()
        assert give_back_later
        with office.care(office.secretary) as session:
            ids = session.execute(text("SELECT provider_invoice_id FROM medical.release")).scalars().all()
        for each in ids:
            give_back(office, each, 99_00)
        pooled(office, employer)
        run = office.run()
        ((_text, _reference, cents),) = lines(office, run, employer)
        assert (cents, run.carried_over) == (5_00, 5)

    def test_it_is_taken_off_the_line_for_services(self, office: Office, employer: Actor) -> None:
        """R46."""
        invoices = pooled(office, employer)
        office.run()
        give_back(office, invoices[0], 60_00)
        serve(office, employer, 800_00)
        assert lines(office, office.run(), employer) == [(SERVICE_TEXT, None, 740_00)]

    def test_never_off_a_fixed_one(self, office: Office, employer: Actor) -> None:
        """R47: what the employer knows beforehand, he could take off."""
        invoices = pooled(office, employer)
        office.run()
        give_back(office, invoices[0], 60_00)
        serve(office, employer, 800_00, ServiceBasis.FIXED)
        run = office.run()
        assert (lines(office, run, employer), run.carried_over) == ([(SERVICE_TEXT, None, 800_00)], 1)


class TestAtTheDeadline:
    """From the 15th of the month after, the line for services takes what cannot be pooled (R46, R52)."""

    def test_before_it_nothing_is_added(self, office: Office, employer: Actor) -> None:
        """R52."""
        supplied(office, employer)
        serve(office, employer, 800_00)
        with standing_at(at_deadline(14)):
            run = office.run(today().replace(day=1) - timedelta(days=1))
            assert (lines(office, run, employer), run.carried_over) == ([(SERVICE_TEXT, None, 800_00)], 1)

    def test_at_it_the_line_takes_what_is_hidden(self, office: Office, employer: Actor) -> None:
        """R46, R52: the employer sees one constant text and one amount."""
        supplied(office, employer)
        serve(office, employer, 800_00)
        assert waiting(office, at_deadline(9)) == [(CarryReason.POOL, False, False)]
        assert waiting(office, at_deadline(10)) == [(CarryReason.POOL, True, False)]
        with standing_at(at_deadline()):
            run = office.run(today().replace(day=1) - timedelta(days=1))
            assert (lines(office, run, employer), run.carried_over) == ([(SERVICE_TEXT, None, 900_00)], 0)
            assert revenue(office) == 900_00

    def test_a_fixed_amount_takes_nothing_and_the_rest_stays_overdue(self, office: Office, employer: Actor) -> None:
        """R47, R52."""
        supplied(office, employer)
        serve(office, employer, 800_00, ServiceBasis.FIXED)
        with standing_at(at_deadline()):
            run = office.run(today().replace(day=1) - timedelta(days=1))
            assert (lines(office, run, employer), run.carried_over) == ([(SERVICE_TEXT, None, 800_00)], 1)
        assert waiting(office, at_deadline(16)) == [(CarryReason.POOL, True, True)]

    def test_the_secretariat_lets_the_arbodienst_bear_it(self, office: Office, employer: Actor) -> None:
        """R46, R52: an act of somebody, with a booking; the provider's credit note after it undoes as much."""
        invoice_id = supplied(office, employer)
        with office.care(office.secretary) as session:
            release_id = session.execute(text("SELECT id FROM medical.release")).scalar_one()
            with pytest.raises(Conflict, match="kan nog wachten"):
                bear_release(session, office.secretary, release_id)
        with standing_at(at_deadline()):
            with office.care(office.secretary) as session:
                assert bear_release(session, office.secretary, release_id) == 100_00
            with pytest.raises(NotFound), office.care(office.secretary) as session:
                bear_release(session, office.secretary, release_id)
            assert office.run().carried_over == 0
            give_back(office, invoice_id, 40_00)
            assert office.run().carried_over == 0
            with office.care(office.secretary) as session:
                own = {each.account: each.cents for each in trial_balance(session, office.secretary)}
            assert own[Account.OWN_COST_OF_INTERVENTIONS] == 60_00
            assert revenue(office) == 0

    def test_what_can_be_charged_is_not_borne(self, office: Office, employer: Actor) -> None:
        for scopes, intervention in (((), OPEN), ((ConsentScope.EMPLOYER,), "PSY")):
            supplied(office, employer, *scopes, intervention=intervention)
        with standing_at(at_deadline()), office.care(office.secretary) as session:
            for release_id in session.execute(text("SELECT id FROM medical.release")).scalars().all():
                with pytest.raises(Conflict, match="eigen regel"):
                    bear_release(session, office.secretary, release_id)

    def test_services_alone_make_an_invoice_once(self, office: Office, employer: Actor) -> None:
        serve(office, employer, 800_00)
        assert lines(office, office.run(), employer) == [(SERVICE_TEXT, None, 800_00)]
        assert office.run().invoices == ()
        with pytest.raises(Conflict, match="al doorbelast"):
            serve(office, employer, 1_00)


RAW = (
    "INSERT INTO medical.release (id, tenant_id, created_at, employer_id, employee_id, case_id, provider_invoice_id,"
    " referral_id, disclosure, corrects_id, net_cents, supplied_on) SELECT gen_random_uuid(), tenant_id, now(),"
    " {employer}, employee_id, case_id, provider_invoice_id, referral_id, disclosure, id, {cents}, supplied_on"
    " FROM medical.release"
)


@pytest.mark.parametrize("facts", [{"cents": -100_01}, {"cents": 1}, {"employer": "tenant_id"}])
def test_raw_sql_cannot_give_back_more_than_was_released(
    office: Office, employer: Actor, facts: dict[str, object]
) -> None:
    """R50."""
    supplied(office, employer)
    with pytest.raises(IntegrityError), office.care(office.secretary) as session:
        session.execute(text(RAW.format(**{"cents": -1, "employer": "employer_id"} | facts)))
