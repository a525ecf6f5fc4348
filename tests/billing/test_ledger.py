"""The ledger: every booking adds up to zero, nothing in it changes, and the trial balance tells where money is."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from billing.books.ledger import BookingKind, book, trial_balance
from billing.books.ledger_accounts import Account, Posting
from cases.tables import ConsentScope
from core.clock import now
from core.errors import Forbidden
from tests.billing.office import OPEN, Office
from tests.world import World

UNBALANCED = text(
    "WITH made AS (INSERT INTO billing.ledger_transaction (id, tenant_id, created_at, kind, sides)"
    " VALUES (gen_random_uuid(), app.tenant(), now(), 'invoice', cardinality(CAST(:sides AS int[]))) RETURNING id)"
    " INSERT INTO billing.ledger_entry (id, tenant_id, created_at, transaction_id, account, cents)"
    " SELECT gen_random_uuid(), app.tenant(), now(), made.id, 'bank', side"
    " FROM made, unnest(CAST(:sides AS int[])) side"
)


def balances(office: Office) -> dict[Account, int]:
    with office.care(office.secretary) as session:
        return {each.account: each.cents for each in trial_balance(session, office.secretary) if each.cents}


def test_a_month_leaves_every_account_where_it_belongs(office: Office) -> None:
    employer = office.employer()
    office.supplied(employer, intervention=OPEN, units=3)
    for _person in range(5):
        office.supplied(employer, units=2)
    assert balances(office) == {
        Account.COST_OF_INTERVENTIONS: 1_300_00,
        Account.VAT_RECEIVABLE: 273_00,
        Account.PAYABLE_PROVIDER: -1_573_00,
    }
    office.run()
    found = balances(office)
    assert found[Account.RECEIVABLE_EMPLOYER] == 1_573_00
    assert found[Account.REVENUE_OF_INTERVENTIONS] == -1_300_00
    assert found[Account.VAT_PAYABLE] == -273_00
    assert sum(found.values()) == 0


def test_all_that_was_ever_booked_is_zero_by_transaction(office: Office) -> None:
    employer = office.employer()
    office.supplied(employer, ConsentScope.EMPLOYER)
    office.run()
    with office.world.database.owner.connect() as connection:
        sums = connection.execute(
            text("SELECT sum(cents) FROM billing.ledger_entry GROUP BY transaction_id HAVING sum(cents) <> 0")
        ).all()
        count = connection.execute(
            text("SELECT count(*) FROM billing.ledger_transaction WHERE tenant_id = :id"),
            {"id": office.world.tenant_id},
        ).scalar_one()
    assert (sums, count) == ([], 2)


@pytest.mark.parametrize("sides", [[1], [100, -99], [5, 5, -9]])
def test_raw_sql_cannot_book_what_does_not_add_up(office: Office, sides: list[int]) -> None:
    with (
        pytest.raises(IntegrityError, match=UNEVEN),
        office.care(office.secretary) as session,
    ):
        session.execute(UNBALANCED, {"sides": sides})
    with (
        pytest.raises(IntegrityError, match=UNEVEN),
        office.open(office.system) as session,
    ):
        session.execute(UNBALANCED, {"sides": sides})


UNEVEN = r"does not sum to zero|violates check"
LATER_SIDES = text(
    "INSERT INTO billing.ledger_entry (id, tenant_id, created_at, transaction_id, account, cents)"
    " SELECT gen_random_uuid(), app.tenant(), t.created_at, t.id, 'bank', side"
    " FROM billing.ledger_transaction t, unnest(ARRAY[5, -5]) side WHERE t.id = :booking"
)
BOOKED_ON = text(
    "WITH made AS (INSERT INTO billing.ledger_transaction (id, tenant_id, created_at, kind, sides)"
    " VALUES (gen_random_uuid(), :tenant, :at, 'invoice', 2) RETURNING id)"
    " INSERT INTO billing.ledger_entry (id, tenant_id, created_at, transaction_id, account, cents)"
    " SELECT gen_random_uuid(), :tenant, :at, made.id, 'bank', side FROM made, unnest(ARRAY[5, -5]) side"
)


def booked(office: Office) -> UUID:
    """Book something and return the booking."""
    office.supplied(office.employer(), intervention=OPEN)
    with office.care(office.secretary) as session:
        found: UUID = session.execute(text("SELECT id FROM billing.ledger_transaction")).scalar_one()
    return found


@pytest.mark.parametrize("table", ["ledger_transaction", "ledger_entry"])
@pytest.mark.parametrize("act", ["UPDATE billing.{} SET tenant_id = tenant_id", "DELETE FROM billing.{}"])
def test_raw_sql_cannot_change_what_was_booked(office: Office, act: str, table: str) -> None:
    booked(office)
    statement = text(act.format(table))
    for acting in (office.care(office.secretary), office.open(office.system)):
        with pytest.raises(ProgrammingError, match="permission denied"), acting as session:
            session.execute(statement)
    with pytest.raises(IntegrityError, match="append-only"), office.world.database.owner.begin() as connection:
        connection.execute(statement)


@pytest.mark.parametrize("table", ["ledger_transaction", "ledger_entry"])
def test_raw_sql_cannot_empty_the_books(office: Office, table: str) -> None:
    statement = text(f"TRUNCATE billing.{table} CASCADE")
    for acting in (office.care(office.secretary), office.open(office.system)):
        with pytest.raises(ProgrammingError, match="permission denied"), acting as session:
            session.execute(statement)
    with pytest.raises(IntegrityError, match="append-only"), office.world.database.owner.begin() as connection:
        connection.execute(statement)


def test_a_booking_gets_no_sides_more(office: Office) -> None:
    booking = booked(office)
    with pytest.raises(IntegrityError, match="is not one booking"), office.care(office.secretary) as session:
        session.execute(LATER_SIDES, {"booking": booking})


def test_nothing_is_booked_for_another_arbodienst_nor_onto_its_bookings(office: Office) -> None:
    stranger = Office(World(office.world.database))
    mine = booked(office)
    with pytest.raises(ProgrammingError, match="row-level security"), stranger.care(stranger.secretary) as session:
        session.execute(BOOKED_ON, {"tenant": office.world.tenant_id, "at": now()})
    side = text(
        "INSERT INTO billing.ledger_entry (id, tenant_id, created_at, transaction_id, account, cents)"
        " SELECT gen_random_uuid(), app.tenant(), now(), :booking, 'bank', side FROM unnest(ARRAY[5, -5]) side"
    )
    with pytest.raises(IntegrityError, match="is not one booking"), stranger.care(stranger.secretary) as session:
        session.execute(side, {"booking": mine})


def test_a_booking_without_sides_is_none(office: Office) -> None:
    alone = text(
        "INSERT INTO billing.ledger_transaction (id, tenant_id, created_at, kind, sides)"
        " VALUES (gen_random_uuid(), app.tenant(), now(), 'invoice', 2)"
    )
    with pytest.raises(IntegrityError, match="is not one booking"), office.care(office.secretary) as session:
        session.execute(alone)


def test_a_mistake_of_ours_is_not_kept(office: Office) -> None:
    wrong = (Posting(Account.BANK, None, 5),)
    with pytest.raises(ValueError, match="zero"), office.care(office.secretary) as session:
        book(session, office.secretary, BookingKind.PAYMENT, uuid4(), wrong)
    with office.care(office.secretary) as session:
        book(session, office.secretary, BookingKind.PAYMENT, uuid4(), ())
        assert session.execute(text("SELECT count(*) FROM billing.ledger_transaction")).scalar_one() == 0


def test_the_books_are_the_secretariats(office: Office) -> None:
    with pytest.raises(Forbidden), office.care(office.physician) as session:
        trial_balance(session, office.physician)


def test_a_buyer_sees_its_own_entries_and_nobody_elses(office: Office) -> None:
    employer, other = office.employer(), office.employer("Andere firma")
    for buyer in (employer, other):
        office.supplied(buyer, intervention=OPEN)
    office.run()
    with office.open(employer) as session:
        parties = session.execute(text("SELECT DISTINCT party_id FROM billing.ledger_entry")).scalars().all()
    assert parties == [employer.organisation_id]
