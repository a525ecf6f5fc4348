"""Whatever order the month's events come in, the money adds up: nothing is lost, asked twice or taken apart."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlmodel import Session, select

from billing.cofinancing.decide import decide_cofinancing
from billing.cofinancing.shares import Outcome
from billing.cofinancing.submit import submit_cofinancing
from billing.invoicing.invoices_read import InvoiceSummary
from billing.paying.gateway import GatewayRefused
from billing.paying.payment_refunds import list_overpaid, refund_what_is_over, send_refund
from billing.paying.payments_bank import BankReceipt, record_bank_receipt
from billing.payment_tables import PaymentState, Refund, RefundReason, RefundState
from billing.tables import CofinancingRequest, CofinancingState, DeclineReason, InvoiceKind
from cases.tables import ConsentScope
from core.clock import now, standing_at
from core.database import Database
from core.errors import Refusal
from identity.actor import Actor
from medical.invoices.input import ProviderInvoiceInput
from medical.release import bear_release, charging_preview
from tests.billing.given_back import credited, serve
from tests.billing.office import CONF, OPEN, Office, Referred
from tests.billing.till import Till
from tests.medical.money_holds import everything_holds, invoices_of, nothing_is_left_out
from tests.medical.test_provider_invoices_credit import note
from tests.world import World

UNITS = 12
HIDDEN_PERSONS = 6
QUANTITIES = ("1", "2", "0.3333", "1.0001")
GIVEN_BACK = ("0.5", "0.3333", "1")
ENDS = ("paid", "left open", "fails", "reversed", "part at the bank", "too much at the bank")
ACTS = (
    "a_provider_invoice_is_released",
    "invoices_for_many_are_released",
    "a_provider_gives_back",
    "an_insurer_decides",
    "services_are_written_down",
    "the_month_is_charged",
    "an_invoice_is_given_back",
    "a_page_that_was_left_open_is_paid_after_all",
    "a_bank_takes_back",
    "what_is_over_goes_back",
    "time_passes",
    "the_arbodienst_bears_something",
)


class Month(RuleBasedStateMachine):
    """An arbodienst with two employers and two insurers, and everybody who moves money, in any order."""

    database: ClassVar[Database]
    done: ClassVar[dict[str, int]] = {}

    @initialize(begun=st.sampled_from(("paid", "charged", "")))
    def open_the_office(self, begun: str) -> None:
        self.folder = ExitStack()
        self.office = Office(World(self.database))
        path = self.folder.enter_context(tempfile.TemporaryDirectory())
        self.till = Till(self.office, Path(path))
        self.moment = now()
        self.statements = 0
        self.supplied: list[ProviderInvoiceInput] = []
        self.payments: list[UUID] = []
        self.employer, self.other = self.office.employer(), self.office.employer("Bakkerij Zonneveld")
        for percentage in (33, 50):
            self.office.insurer(self.employer, percentage)
        self.manager = self.office.case_manager(self.employer)
        self.referrals = list(self._referrals())
        if begun:
            self.an_insurer_decides(0, 0)
            for nth in range(len(self.referrals)):
                self.a_provider_invoice_is_released(nth, 0)
            self.the_month_is_charged()
        if begun == "paid":
            for nth in range(len(self._issued())):
                self.an_invoice_is_paid(2 * nth, "paid")

    def _referrals(self) -> Iterator[Referred]:
        """Of every kind: open, with consent, co-financed, and enough hidden ones for a sum over them."""
        office, known, shared = self.office, ConsentScope.EMPLOYER, ConsentScope.INSURER
        yield office.referred(office.sick(self.employer, shared), OPEN, UNITS, cofinancing=True)
        yield office.referred(office.sick(self.employer, known, shared), CONF, UNITS, cofinancing=True)
        yield office.referred(office.sick(self.employer, known), CONF, UNITS)
        yield office.referred(office.sick(self.other), OPEN, UNITS)
        for _person in range(HIDDEN_PERSONS):
            yield office.referred(office.sick(self.employer), CONF, UNITS)

    def teardown(self) -> None:
        """Leave no files behind."""
        if hasattr(self, "folder"):
            self.folder.close()

    @rule(act=st.sampled_from(ACTS), pick=st.integers(0, 30), cents=st.integers(1, 300_00))
    def happens(self, act: str, pick: int, cents: int) -> None:
        """One rule for nearly all: of many, a machine leaves most out of an example."""
        getattr(self, act)(pick, cents)

    def a_provider_invoice_is_released(self, pick: int, cents: int) -> None:
        referred = self.referrals[pick % len(self.referrals)]
        self._try("release", lambda: self._release(referred, QUANTITIES[cents % len(QUANTITIES)]))

    def invoices_for_many_are_released(self, pick: int, cents: int) -> None:
        for referred in self.referrals[-HIDDEN_PERSONS + pick % 3 :]:
            self.a_provider_invoice_is_released(self.referrals.index(referred), cents)

    def _release(self, referred: Referred, quantity: str) -> None:
        invoice = self.office.invoice(referred, quantity)
        self.office.approve(self.office.send(invoice).id)
        self.supplied.append(invoice)

    def a_provider_gives_back(self, pick: int, cents: int) -> None:
        if self.supplied:
            given = note(self.office, self.supplied[pick % len(self.supplied)], GIVEN_BACK[cents % len(GIVEN_BACK)])
            self._try("provider credit", lambda: self.office.approve(self.office.send(given).id))

    def an_insurer_decides(self, pick: int, cents: int) -> None:
        outcome = tuple(Outcome)[cents % len(Outcome)]
        request = self._request(pick)
        if request.state is CofinancingState.PREPARED:
            self._try("submit", lambda: self._submit(request.id))
            request = self._request(pick)
        insurer = self.office.insurers[request.insurer_id]
        amount = cents if outcome is Outcome.PARTIAL else None
        reason = None if outcome is Outcome.APPROVED else DeclineReason.COST_BENEFIT

        def decide() -> None:
            with self.office.open(insurer) as session:
                decide_cofinancing(session, insurer, request.id, outcome, amount, reason)

        self._try("decide", decide)

    def _request(self, pick: int) -> CofinancingRequest:
        request = self.office.request_of(self.referrals[pick % 2])
        assert request is not None
        return request

    def _submit(self, request_id: UUID) -> None:
        with self.office.open(self.manager) as session:
            submit_cofinancing(session, self.manager, request_id, 340_00)

    def services_are_written_down(self, pick: int, cents: int) -> None:
        employer = (self.employer, self.other)[pick % 2]
        self._try("serve", lambda: serve(self.office, employer, cents))

    def the_month_is_charged(self, _pick: int = 0, _cents: int = 0) -> None:
        self._try("run", self._run)

    def _run(self) -> None:
        run = self.office.run()
        self._count("documents", len(run.invoices))
        nothing_is_left_out(self.office)
        assert self.office.run().invoices == ()  # nothing is charged twice

    def an_invoice_is_given_back(self, pick: int, cents: int) -> None:
        if issued := self._issued():
            chosen = issued[pick % len(issued)]
            self._try("credit", lambda: credited(self.office, chosen.id, anew=cents % 2 == 0))

    @rule(pick=st.integers(0, 30), end=st.sampled_from(ENDS))
    def an_invoice_is_paid(self, pick: int, end: str) -> None:
        if issued := [each for each in self._issued() if each.open_cents or pick % 2]:
            chosen = issued[pick % len(issued)]
            self._try(end, lambda: self._pay(chosen, end))

    def _pay(self, invoice: InvoiceSummary, end: str) -> None:
        if "bank" in end:
            self._receive(invoice, invoice.total_cents // 3 + 1 if "part" in end else invoice.total_cents + 1)
            return
        buyer = self._buyer(invoice)
        payment = self.till.opened(buyer, invoice.id)
        assert self.till.row(payment.id).cents == invoice.open_cents  # what credit notes and payments left
        self.payments.append(payment.id)
        reference = self.till.reference(payment.id)
        if end == "fails":
            self.till.outside.refuse(reference)
        elif end != "left open":
            self.till.outside.pay(reference)
            assert self.till.look(buyer, payment.id) is PaymentState.PAID
        if end == "reversed":
            self.till.outside.fail_afterwards(reference)
        self.till.follow(payment.id)

    def _receive(self, invoice: InvoiceSummary, cents: int) -> None:
        self.statements += 1
        receipt = BankReceipt(invoice_number=invoice.number, cents=cents, statement=f"A-{self.statements}")
        with self.office.care(self.till.secretary) as session:
            record_bank_receipt(session, self.till.secretary, receipt)

    def a_page_that_was_left_open_is_paid_after_all(self, pick: int, _cents: int) -> None:
        if self.payments:
            payment_id = self.payments[pick % len(self.payments)]
            with suppress(GatewayRefused):
                self.till.outside.pay(self.till.reference(payment_id))
                self._count("paid late")
            self.till.follow(payment_id)

    def a_bank_takes_back(self, pick: int, _cents: int) -> None:
        if self.payments:
            payment_id = self.payments[pick % len(self.payments)]
            with suppress(GatewayRefused):
                self.till.outside.fail_afterwards(self.till.reference(payment_id))
                self._count("taken back")
            self.till.follow(payment_id)

    def what_is_over_goes_back(self, _pick: int, _cents: int) -> None:
        secretary = self.till.secretary
        with self.office.care(secretary) as session:
            for each in list_overpaid(session, secretary).items:
                refund_what_is_over(session, secretary, each.invoice_id, RefundReason.OVERPAID)
        for refund_id in self._asked_refunds():
            with self.office.open(self.office.system) as session:
                send_refund(session, self.office.system, refund_id, self.till.gateway)
            self._count("refund")

    def _asked_refunds(self) -> list[UUID]:
        with Session(self.database.owner) as session:
            asked = select(Refund.id).where(
                Refund.tenant_id == self.office.world.tenant_id, Refund.state == RefundState.ASKED
            )
            return list(session.exec(asked))

    def time_passes(self, pick: int, _cents: int) -> None:
        self.moment += timedelta(days=5 + pick % 15)

    def the_arbodienst_bears_something(self, pick: int, _cents: int) -> None:
        secretary = self.office.secretary
        with self._at(), self.office.care(secretary) as session:
            preview = charging_preview(session, secretary, self.moment.date())
        waiting = [one.release_id for each in preview.employers.items for one in each.carried]
        if waiting:
            self._try("bear", lambda: self._bear(waiting[pick % len(waiting)]))

    def _bear(self, release_id: UUID) -> None:
        with self.office.care(self.office.secretary) as session:
            bear_release(session, self.office.secretary, release_id)

    @invariant()
    def the_money_adds_up(self) -> None:
        with self._at():
            everything_holds(self.office)

    def _issued(self) -> list[InvoiceSummary]:
        return [each for each in invoices_of(self.office) if each.kind is InvoiceKind.INVOICE]

    def _buyer(self, invoice: InvoiceSummary) -> Actor:
        return (self.office.employers | self.office.insurers)[invoice.buyer_id]

    def _at(self) -> AbstractContextManager[None]:
        return standing_at(self.moment)

    def _try(self, what: str, act: Callable[[], Any]) -> None:
        """Let somebody try: it is done whole, or refused with a reason; the database is never the first to refuse."""
        with suppress(Refusal), self._at():
            act()
            self._count(what)

    def _count(self, what: str, times: int = 1) -> None:
        self.done[what] = self.done.get(what, 0) + times


def test_the_money_adds_up_whatever_happens_in_whatever_order(database: Database) -> None:
    """R47, R49, R50, R51, R59."""
    Month.database = database
    run_state_machine_as_test(
        Month,
        settings=settings(
            max_examples=8, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    # Steps that are always refused would prove nothing.
    expected = {"release", "provider credit", "decide", "run", "documents", "credit", "paid"}
    assert expected <= {what for what, times in Month.done.items() if times}, Month.done
