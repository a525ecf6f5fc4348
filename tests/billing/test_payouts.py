"""Paying providers: due on terms, four eyes above a limit, netted, sent once, and never silently left."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, ProgrammingError
from sqlmodel import Session, select

from billing.books.ledger_accounts import Account
from billing.payable_tables import Payable, Payout, PayoutState
from billing.paying.gateway import GatewayUnavailable, LineKind, TransferOrder
from billing.paying.gateway_local import LocalGateway
from billing.paying.gateway_local_store import move
from billing.paying.payable_accounts import follow_accounts, start_onboarding
from billing.paying.payables import agree_to_payable, list_payables, owe_provider
from billing.paying.payouts import (
    list_payouts,
    plan_again,
    retry_payout,
    run_payouts,
    send_payout,
    take_back,
    undo_payout,
)
from core.clock import now, standing_at
from core.errors import Conflict, Forbidden
from identity.actor import Actor
from identity.roles import OrganisationKind, Role
from medical.invoices.payables import list_own_payables
from tests.billing.office import OPEN, PROVIDER_NUMBER, Office
from tests.billing.till import PORTAL, Till

LATER = timedelta(days=20)


@pytest.fixture
def till(office: Office, employer: Actor, tmp_path: Path) -> Till:
    """An office that has money with the payment provider: one paid invoice of 1,210 euros."""
    made = Till(office, tmp_path)
    office.supplied(employer, intervention=OPEN, units=10)
    made.paid(employer, office.run().invoices[0])
    with made.gateway.store.changing() as books:
        move(books, LineKind.OTHER, 100_00, 0, now().isoformat(), ())  # for what the provider of payments kept
    return made


def onboarded(till: Till, *, refuses: bool = False) -> str:
    """Let the provider make himself known."""
    office = till.office
    with office.care(office.provider) as session:
        start_onboarding(session, office.provider, till.gateway, f"{PORTAL}/provider/uitbetalingen")
    account = f"account-{office.provider_id.hex}"
    till.outside.make_ready(account, refuses=refuses)
    with office.open(office.system) as session:
        follow_accounts(session, office.system, [account], till.gateway)
    return account


def agree_all(till: Till) -> None:
    """Let the second person agree to everything that waits for that."""
    with till.office.care(till.secretary) as session:
        for payable in list_payables(session, till.secretary, "agree").items:
            agree_to_payable(session, till.secretary, payable.id)


def planned(till: Till) -> list[UUID]:
    """Run the payouts when all is due; returns what was planned."""
    with standing_at(now() + LATER), till.office.care(till.office.secretary) as session:
        return list(run_payouts(session, till.office.secretary).payouts)


def sent(till: Till, payout_id: UUID, gateway: LocalGateway | None = None) -> PayoutState:
    """Let the worker send a payout."""
    with till.office.open(till.office.system) as session:
        return send_payout(session, till.office.system, payout_id, gateway or till.gateway)


def owed(till: Till, cents: int) -> UUID:
    """Owe the provider something more."""
    with till.office.care(till.office.secretary) as session:
        return owe_provider(session, till.office.secretary, till.office.provider_id, cents)


class TestFourEyes:
    def test_above_the_limit_another_person_agrees(self, till: Till) -> None:
        """R42."""
        office = till.office
        onboarded(till)
        assert planned(till) == []
        with office.care(office.secretary) as session:
            (waiting,) = list_payables(session, office.secretary, "agree").items
            assert (waiting.cents, waiting.approved_by_me) == (1210_00, True)
        with pytest.raises(Forbidden, match="iemand anders"), office.care(office.secretary) as session:
            agree_to_payable(session, office.secretary, waiting.id)
        with office.care(till.secretary) as session:
            agree_to_payable(session, till.secretary, waiting.id)
        with pytest.raises(Conflict), office.care(till.secretary) as session:
            agree_to_payable(session, till.secretary, waiting.id)
        assert len(planned(till)) == 1

    def test_a_second_account_of_one_person_is_no_second_person(self, till: Till) -> None:
        """R42."""
        office = till.office
        again = office.world.actor(Role.SECRETARY, person_id=office.secretary.person_id)
        with office.care(again) as session:
            (waiting,) = list_payables(session, again, "agree").items
            with pytest.raises(Forbidden):
                agree_to_payable(session, again, waiting.id)

    def test_raw_sql_does_not_agree_for_another_or_pay_without(self, till: Till) -> None:
        """R42."""
        office, second = till.office, till.secretary
        onboarded(till)
        mine = {"account": office.secretary.account_id, "person": office.secretary.person_id}
        theirs = {"account": second.account_id, "person": second.person_id}
        agree = "UPDATE billing.payable SET agreed_by = :account, agreed_person_id = :person, agreed_at = now()"
        for values in (mine, theirs, {"account": second.account_id, "person": office.secretary.person_id}):
            with pytest.raises(DatabaseError), office.care(office.secretary) as session:
                session.execute(text(agree), values)
        with pytest.raises(DatabaseError, match="R42"), office.care(office.secretary) as session:
            pay_at_once(session, office.secretary)
        with pytest.raises(DatabaseError, match="begins without"), office.care(office.secretary) as session:
            session.execute(text(INSERT), mine | {"cents": 5000_00})
        with pytest.raises(DatabaseError, match="name of another"), office.care(office.secretary) as session:
            session.execute(text(INSERT), theirs | {"cents": 1_00})

    def test_below_the_limit_nobody_has_to(self, till: Till) -> None:
        """R42."""
        onboarded(till)
        owed(till, 1_000_00)
        (payout,) = planned(till)
        assert read(till, payout).cents == 1_000_00


class TestTerms:
    def test_nothing_is_paid_before_it_is_due(self, till: Till) -> None:
        onboarded(till)
        agree_all(till)
        with till.office.care(till.office.secretary) as session:
            assert run_payouts(session, till.office.secretary).payouts == ()
            assert list_payables(session, till.office.secretary, "later").total == 1
        assert len(planned(till)) == 1
        assert planned(till) == []

    def test_without_an_account_it_waits_and_says_so(self, till: Till) -> None:
        agree_all(till)
        office = till.office
        with standing_at(now() + LATER), office.care(office.secretary) as session:
            result = run_payouts(session, office.secretary)
            assert (result.payouts, result.without_account) == ((), 1)
            assert list_payables(session, office.secretary, "account").total == 1
        with standing_at(now() + LATER), office.care(office.provider) as session:
            (own,) = list_own_payables(session, office.provider).items
            assert own.waits_for_account

    def test_a_credit_note_is_netted_and_what_is_below_zero_carried_over(self, till: Till) -> None:
        office = till.office
        onboarded(till)
        owed(till, -2000_00)
        agree_all(till)
        with standing_at(now() + LATER), office.care(office.secretary) as session:
            result = run_payouts(session, office.secretary)
            assert (result.payouts, result.carried_over) == ((), 1)
        owed(till, 900_00)
        (payout,) = planned(till)
        assert read(till, payout).cents == 110_00


class TestSending:
    def test_it_is_sent_and_booked_once(self, till: Till) -> None:
        onboarded(till)
        agree_all(till)
        (payout,) = planned(till)
        assert [sent(till, payout) for _turn in range(3)] == [PayoutState.SENT] * 3
        assert till.balance(Account.PAYABLE_PROVIDER) == 0
        assert till.balance(Account.PAYMENTS_IN_TRANSIT) == -29

    def test_an_answer_that_is_lost_does_not_pay_twice(self, till: Till) -> None:
        """Died after the transfer and before the booking: the next try finds the same transfer."""
        onboarded(till)
        agree_all(till)
        (payout,) = planned(till)
        with pytest.raises(GatewayUnavailable):
            sent(till, payout, Lost(PORTAL, till.gateway.store.file, "k"))
        assert till.balance(Account.PAYABLE_PROVIDER) == -1210_00
        assert sent(till, payout) is PayoutState.SENT
        assert till.balance(Account.PAYABLE_PROVIDER) == 0
        transfers = [line for line in till.gateway.balance_lines(now() - LATER) if line.kind == "transfer"]
        assert [line.net_cents for line in transfers] == [-1210_00]

    def test_a_refused_one_stands_on_a_list_and_can_be_tried_again(self, till: Till) -> None:
        office = till.office
        account = onboarded(till, refuses=True)
        agree_all(till)
        (payout,) = planned(till)
        assert sent(till, payout) is PayoutState.REFUSED
        assert till.balance(Account.PAYABLE_PROVIDER) == -1210_00
        with office.care(office.secretary) as session:
            (view,) = list_payouts(session, office.secretary, (PayoutState.REFUSED,)).items
            assert (view.id, view.fault) == (payout, "insufficient_capabilities_for_transfer")
            retry_payout(session, office.secretary, payout)
        till.outside.make_ready(account)
        with office.open(office.system) as session:
            plan_again(session, payout)
        assert sent(till, payout) is PayoutState.SENT
        with pytest.raises(Conflict), office.care(office.secretary) as session:
            retry_payout(session, office.secretary, payout)

    def test_what_is_taken_back_is_owed_again(self, till: Till) -> None:
        office = till.office
        onboarded(till)
        agree_all(till)
        (payout,) = planned(till)
        sent(till, payout)
        with office.care(office.secretary) as session:
            undo_payout(session, office.secretary, payout)
        for _turn in range(2):
            with office.open(office.system) as session:
                take_back(session, office.system, payout, till.gateway)
        assert till.balance(Account.PAYABLE_PROVIDER) == -1210_00
        (again,) = planned(till)
        assert sent(till, again) is PayoutState.SENT
        assert till.balance(Account.PAYABLE_PROVIDER) == 0

    def test_raw_sql_pays_nothing_twice_and_no_other_sum(self, till: Till) -> None:
        office = till.office
        onboarded(till)
        agree_all(till)
        (payout,) = planned(till)
        sent(till, payout)
        second = owed(till, 10_00)
        with pytest.raises(DatabaseError, match="sum of what it pays"), office.care(office.secretary) as session:
            session.execute(text(JOIN), {"payout": payout, "id": second})
        with pytest.raises(DatabaseError, match="paid twice"), office.care(office.secretary) as session:
            session.execute(text("UPDATE billing.payable SET payout_id = NULL"))
        with pytest.raises(ProgrammingError, match="permission denied"), office.care(office.secretary) as session:
            session.execute(text("UPDATE billing.payout SET state = 'planned'"))


class TestProvider:
    def test_he_sees_his_own_numbers_and_when_they_were_paid(self, till: Till) -> None:
        office = till.office
        onboarded(till)
        agree_all(till)
        sent(till, planned(till)[0])
        with office.care(office.provider) as session:
            (own,) = list_own_payables(session, office.provider).items
        assert own.invoice_number.startswith(PROVIDER_NUMBER)
        assert own.paid_at is not None
        other = office.world.actor(Role.PROVIDER, office.world.organisation(OrganisationKind.PROVIDER, "Ander"))
        with office.care(other) as session:
            assert list_own_payables(session, other).total == 0
            assert session.exec(select(Payable)).all() == []
            assert session.exec(select(Payout)).all() == []

    def test_the_open_side_does_not_see_what_a_payable_pays(self, till: Till, employer: Actor) -> None:
        """R41."""
        with till.office.open(employer) as session:
            for table in ("payable", "payout", "payout_account"):
                assert session.execute(text(f"SELECT count(*) FROM billing.{table}")).scalar_one() == 0
        with pytest.raises(ProgrammingError, match="permission denied"), till.office.open(employer) as session:
            session.execute(text("SELECT * FROM medical.payable_link"))


def read(till: Till, payout_id: UUID) -> Payout:
    """Return a payout as it is kept."""
    with Session(till.office.world.database.owner) as session:
        return session.exec(select(Payout).where(Payout.id == payout_id)).one()


def pay_at_once(session: Session, secretary: Actor) -> None:
    """Plan a payout past the use cases."""
    session.execute(text(PLAN), {"account": secretary.account_id})
    session.execute(text("UPDATE billing.payable SET payout_id = (SELECT id FROM billing.payout)"))


class Lost(LocalGateway):
    """A provider that does what is asked, and whose answer does not arrive."""

    def transfer(self, order: TransferOrder) -> str:
        super().transfer(order)
        raise GatewayUnavailable("lost")


JOIN = "UPDATE billing.payable SET payout_id = :payout WHERE id = :id"
PLAN = (
    "INSERT INTO billing.payout (id, tenant_id, created_at, provider_id, account, cents, state, attempt, planned_by)"
    " SELECT gen_random_uuid(), tenant_id, now(), provider_id, 'a', cents, 'planned', 1, :account FROM billing.payable"
)
INSERT = (
    "INSERT INTO billing.payable (id, tenant_id, created_at, provider_id, cents, due_on, approved_by,"
    " approved_person_id, needs_second) SELECT gen_random_uuid(), tenant_id, now(), provider_id, :cents, due_on,"
    " :account, :person, false FROM billing.payable"
)
