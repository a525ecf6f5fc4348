"""Letting the arbodienst bear what nothing hides: in the portal and over the API, looked at before it is done."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from billing.books.ledger import trial_balance
from billing.books.ledger_accounts import Account
from billing.charging.charge_terms import invoice_due_by
from core.clock import standing_at, today
from core.database import Database
from identity.actor import Actor
from medical.tables import Release
from tests.api.callers import callers
from tests.billing.office import OPEN, Office
from tests.portal.desk import CHARGING
from tests.portal.open_pages import words_of
from tests.portal.visitors import SignIn, Visitor
from tests.world import World


def overdue() -> datetime:
    """The day after an invoice for today had to be out."""
    return datetime.combine(invoice_due_by(today()), datetime.min.time(), UTC) + timedelta(days=1, hours=9)


def bearing(release_id: object) -> str:
    return f"{CHARGING}/dragen/{release_id}"


def own_cost(office: Office) -> int:
    with office.care(office.secretary) as session:
        balance = {each.account: each.cents for each in trial_balance(session, office.secretary)}
    return balance.get(Account.OWN_COST_OF_INTERVENTIONS, 0)


@pytest.fixture
def release_id(office: Office, employer: Actor) -> UUID:
    """A hidden amount of one person."""
    office.supplied(employer)
    with Session(office.world.database.owner) as session:
        return session.exec(select(Release.id).where(Release.tenant_id == office.world.tenant_id)).one()


def test_it_is_offered_once_overdue_and_looked_at_first(office: Office, sign_in: SignIn, release_id: UUID) -> None:
    """R46, R52."""
    month = f"{today():%Y-%m}"
    assert bearing(release_id) not in sign_in(office.secretary).get(CHARGING, month=month).text
    with standing_at(overdue()):
        secretary = sign_in(office.secretary)
        assert f'href="{bearing(release_id)}"' in secretary.get(CHARGING, month=month).text
        page = secretary.get(bearing(release_id))
        assert "€ 100,00" in words_of(page.text)
        assert "Dit is niet terug te draaien." in page.text
        assert own_cost(office) == 0
        answer = secretary.send(bearing(release_id))
        assert (answer.status_code, answer.headers["location"]) == (303, CHARGING)
        assert own_cost(office) == 100_00
        assert "De arbodienst draagt € 100,00 zelf." in words_of(secretary.get(CHARGING).text)
        assert secretary.send(bearing(release_id)).status_code == 404
        assert own_cost(office) == 100_00


def test_what_can_wait_is_not_borne(office: Office, secretary: Visitor, release_id: UUID) -> None:
    page = secretary.get(bearing(release_id)).text
    assert "kan nog wachten" in page
    assert "Dit is niet terug te draaien." not in page
    assert secretary.send(bearing(release_id)).status_code == 409
    assert secretary.get(bearing(uuid4())).status_code == 404
    assert own_cost(office) == 0


def test_nobody_else_bears(office: Office, employer: Actor, sign_in: SignIn, release_id: UUID) -> None:
    with standing_at(overdue()):
        for actor in (office.physician, office.provider, employer):
            visitor = sign_in(actor)
            assert visitor.get(bearing(release_id)).status_code in (403, 404)
            assert visitor.send(bearing(release_id)).status_code in (403, 404)
    assert own_cost(office) == 0


def test_it_goes_over_the_api_alike(
    office: Office, employer: Actor, database: Database, world: World, release_id: UUID
) -> None:
    """R46, R52, R70."""
    call = callers(database, world)
    body, path = {"release_id": str(release_id)}, "/charge-runs/borne"
    desk = call(office.secretary)
    assert desk.post(path, json=body).status_code == 409
    with standing_at(overdue()):
        assert call(office.physician).post(path, json=body).status_code == 403
        strangers = [call(employer).post(path, json={"release_id": str(each)}) for each in (release_id, uuid4())]
        assert {(each.status_code, each.content) for each in strangers} == {(404, strangers[0].content)}
        assert desk.post(path, json=body | {"cents": 1}).status_code == 422
        done = desk.post(path, json=body)
        assert (done.status_code, done.json()) == (
            201,
            {"release_id": str(release_id), "net": {"cents": 100_00, "currency": "EUR"}},
        )
        assert desk.post(path, json=body).status_code == 404
        assert own_cost(office) == 100_00


def test_an_open_amount_is_not_borne(office: Office, employer: Actor, sign_in: SignIn) -> None:
    office.supplied(employer, intervention=OPEN)
    with Session(office.world.database.owner) as session:
        release = session.exec(select(Release.id).where(Release.tenant_id == office.world.tenant_id)).one()
    with standing_at(overdue()):
        assert sign_in(office.secretary).send(bearing(release)).status_code == 409
    assert own_cost(office) == 0
