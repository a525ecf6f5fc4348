"""An invoice that comes after the provider's access has ended is matched all the same, and opens nothing (R20, R39)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from core.clock import today
from core.database import Door
from core.errors import NotFound
from identity.actor import Actor
from identity.roles import Role
from medical.invoice_tables import ProviderInvoiceState
from medical.invoices.checks import CheckCode
from medical.invoices.read import get_provider_invoice
from medical.referrals.complete import complete_referral
from medical.referrals.forms import ReportForm
from medical.referrals.list import list_referrals
from medical.referrals.read import read_referral
from medical.referrals.reports import report_on_referral
from medical.referrals.run import schedule_referral, start_referral
from medical.tables import GoalReached
from tests.billing.office import Office, Referred
from tests.medical.stage import result_form
from tests.network.offers import add_provider
from tests.world import World

MATCH = text("SELECT * FROM medical.referrals_to_match(:numbers)")
OF_REFERRAL = {
    "id",
    "number",
    "employee_id",
    "physician_account_id",
    "intervention",
    "issued_on",
    "started_on",
    "state",
    "units",
    "unit_price_cents",
    "vat_rate",
    "price_from",
    "price_until",
}
AGREED = OF_REFERRAL | {"accepted_on", "ended_on"}
OF_EVENT = {"referral_id", "tenant_id", "provider_id", "from_state", "to_state", "created_at"}
HIDDEN = (
    "medical.referral",
    "medical.referral_content",
    "medical.referral_basis",
    "medical.referral_event",
    "medical.provider_report",
    "cases.employee",
)


@pytest.fixture
def over(office: Office) -> Referred:
    """A referral that was completed so long ago that its provider's access ended yesterday."""
    referred = office.referred(office.sick(office.employer()))
    with office.care(office.provider) as session:
        schedule_referral(session, office.provider, referred.id, today())
        start_referral(session, office.provider, referred.id)
        report = ReportForm(clinical=None, functional="Kan weer werken.", goal_reached=GoalReached.REACHED)
        report_on_referral(session, office.provider, referred.id, report)
    with office.care(office.physician) as session:
        complete_referral(session, office.physician, referred.id, result_form())
    end_access(office, referred)
    return referred


def end_access(office: Office, referred: Referred) -> None:
    """Let the provider's access have ended yesterday, as the owner of the database and past its triggers."""
    with Session(office.world.database.owner) as session:
        session.execute(text("ALTER TABLE medical.referral DISABLE TRIGGER USER"))
        ended = text("UPDATE medical.referral SET access_until = :day WHERE id = :id")
        session.execute(ended, {"day": today() - timedelta(days=1), "id": referred.id})
        session.execute(text("ALTER TABLE medical.referral ENABLE TRIGGER USER"))
        session.commit()


def matched(office: Office, actor: Actor, *numbers: str) -> list[dict[str, Any]]:
    with office.care(actor) as session:
        return [dict(row) for row in session.execute(MATCH, {"numbers": list(numbers)}).mappings()]


def test_it_passes_every_check_and_the_secretariat_releases_it(office: Office, over: Referred) -> None:
    """R39."""
    sent = office.send(office.invoice(over, 4))
    assert sent.state is ProviderInvoiceState.RECEIVED
    office.approve(sent.id)
    with office.care(office.secretary) as session:
        view = get_provider_invoice(session, office.secretary, sent.id)
    assert all(check.passed for check in view.checks)
    assert view.referral is not None
    assert view.referral.number == over.number


def test_units_that_were_billed_before_the_end_stay_billed(office: Office, over: Referred) -> None:
    """R39."""
    office.send(office.invoice(over, 7))
    more = office.send(office.invoice(over, 4))
    with office.care(office.secretary) as session:
        failed = [c.code for c in get_provider_invoice(session, office.secretary, more.id).checks if not c.passed]
    assert failed == [CheckCode.UNITS_LEFT]


def test_the_event_says_whom_it_concerns(office: Office, over: Referred) -> None:
    sent = office.send(office.invoice(over))
    with Session(office.world.database.owner) as session:
        found = text("SELECT data_subject_id, responsible_account_id FROM identity.audit_event WHERE subject_id = :id")
        (event,) = session.execute(found, {"id": sent.id}).all()
    assert tuple(event) == (over.sick.employee_id, office.physician.account_id)


def test_another_provider_finds_nothing_and_gets_the_answer_for_an_unknown_number(
    office: Office, over: Referred
) -> None:
    """R20."""
    stranger = office.world.actor(Role.PROVIDER, add_provider(office.world, "Andere praktijk"))
    views = []
    for invoice in (office.invoice(over), office.invoice(over, referral_number="V-00000000")):
        sent = office.send(invoice, stranger)
        with office.care(stranger) as session:
            views.append(get_provider_invoice(session, stranger, sent.id))
    assert views[0].checks == views[1].checks
    assert CheckCode.KNOWN_REFERRAL in {check.code for check in views[0].checks if not check.passed}
    assert matched(office, stranger, over.number) == []


def test_the_referral_stays_closed_to_its_provider(office: Office, over: Referred) -> None:
    """R20."""
    sent = office.send(office.invoice(over))
    with office.care(office.provider) as session:
        assert get_provider_invoice(session, office.provider, sent.id).referral is None
        assert list_referrals(session, office.provider).total == 0
        for relation in HIDDEN:
            assert session.execute(text(f"SELECT count(*) FROM {relation}")).scalar_one() == 0, relation
        with pytest.raises(NotFound):
            read_referral(session, office.provider, over.id)


def test_what_it_answers_is_what_an_invoice_is_held_against(office: Office, over: Referred) -> None:
    (row,) = matched(office, office.provider, over.number, "V-00000000")
    assert set(row) == AGREED
    assert (row["id"], row["state"], row["units"]) == (over.id, "completed", 10)


@pytest.mark.parametrize("role", [Role.PHYSICIAN, Role.DELEGATE, Role.SECRETARY, Role.EMPLOYEE, Role.EMPLOYER])
def test_it_answers_nobody_else(office: Office, over: Referred, role: Role) -> None:
    """Not even who sits at the provider's desk under another role."""
    somebody = office.world.actor(role, office.provider_id)
    assert matched(office, somebody, over.number) == []


def test_a_draft_is_not_there_to_be_matched(office: Office) -> None:
    referred = office.referred(office.sick(office.employer()))
    with Session(office.world.database.owner) as session:
        session.execute(text("ALTER TABLE medical.referral DISABLE TRIGGER USER"))
        session.execute(text("UPDATE medical.referral SET issued_on = NULL WHERE id = :id"), {"id": referred.id})
        session.execute(text("ALTER TABLE medical.referral ENABLE TRIGGER USER"))
        session.commit()
    assert matched(office, office.provider, referred.number) == []


def test_another_arbodienst_of_the_same_provider_is_another(office: Office, over: Referred) -> None:
    elsewhere = World(office.world.database)
    same_organisation = elsewhere.actor(Role.PROVIDER, office.provider_id)
    assert matched(office, same_organisation, over.number) == []


def test_the_open_side_cannot_ask(office: Office, over: Referred) -> None:
    with (
        pytest.raises(DBAPIError, match="permission denied"),
        office.world.acting(Door.OPEN, office.provider) as session,
    ):
        session.execute(MATCH, {"numbers": [over.number]})


@pytest.mark.parametrize(
    "statement",
    [
        "SET LOCAL ROLE providerboog_matcher",
        "SELECT set_config('role', 'providerboog_matcher', true)",
        "CREATE OR REPLACE FUNCTION medical.referrals_to_match(numbers text[]) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_nobody_becomes_the_matcher_or_changes_what_it_asks(office: Office, statement: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"), office.care(office.provider) as session:
        session.execute(text(statement))


def test_the_matcher_has_a_right_to_what_it_answers_and_cannot_enter_the_room_by_itself(office: Office) -> None:
    rights = text(
        "SELECT table_schema, table_name, column_name, privilege_type FROM information_schema.column_privileges"
        " WHERE grantee = 'providerboog_matcher'"
    )
    with Session(office.world.database.owner) as session:
        held = {tuple(row) for row in session.execute(rights)}
        session.execute(text("SET LOCAL ROLE providerboog_matcher"))
        with pytest.raises(DBAPIError, match="permission denied for schema medical"):
            session.execute(text("SELECT number FROM medical.referral"))
    columns = {"referral": OF_REFERRAL | {"tenant_id", "provider_id"}, "referral_event": OF_EVENT}
    assert held == {("medical", table, column, "SELECT") for table, named in columns.items() for column in named}
