"""What an arbodienst's own services cost, in the portal: one by one, or a file that is read whole or not at all."""

import pytest
from sqlmodel import Session, select

from billing.charging.services import MOST_AT_ONCE
from billing.service_tables import ServiceAmount, ServiceBasis
from core.clock import today
from identity.actor import Actor
from network.tables import OrganisationProfile
from tests.billing.given_back import serve
from tests.billing.office import Office
from tests.portal.desk import CHARGING
from tests.portal.open_pages import faults_of, rows_of, words_of
from tests.portal.visitors import SignIn, Visitor
from tests.world import World

SERVICES = f"{CHARGING}/dienstverlening"
FILE = f"{SERVICES}/bestand"
MONTH = f"{today():%Y-%m}"
HEAD = "kvk;grondslag;bedrag\n"


@pytest.fixture
def kvk(world: World, employer: Actor) -> str:
    """The number of the employer in the trade register, which is no other organisation's."""
    with Session(world.database.owner) as session:
        profile = session.get_one(OrganisationProfile, employer.organisation_id)
        profile.kvk = "87654321"
        session.add(profile)
        session.commit()
    return "87654321"


def kept(world: World) -> list[tuple[str, int]]:
    with Session(world.database.owner) as session:
        found = select(ServiceAmount.basis, ServiceAmount.net_cents).where(ServiceAmount.tenant_id == world.tenant_id)
        return [(basis, cents) for basis, cents in session.exec(found)]


def upload(secretary: Visitor, content: bytes) -> tuple[int, str]:
    """Send a file, and return the status of the answer and its page."""
    data = {"csrf_token": secretary.token, "month": MONTH}
    answer = secretary.client.post(FILE, data=data, files={"file": ("bedragen.csv", content, "text/csv")})
    return answer.status_code, answer.text


def test_one_amount_is_kept_and_listed(employer: Actor, secretary: Visitor, world: World) -> None:
    assert f'href="{SERVICES}?month={MONTH}"' in secretary.get(CHARGING, month=MONTH).text
    wanted = {"month": MONTH, "employer": str(employer.organisation_id), "basis": "by_use", "amount": "1.250,50"}
    answer = secretary.send(SERVICES, **wanted)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{SERVICES}?month={MONTH}")
    (row,) = rows_of(secretary.get(SERVICES, month=MONTH).text)
    assert row == "Bakkerij Zonneveld Naar gebruik € 1.250,50 Wacht op doorbelasten"
    assert secretary.send(SERVICES, **wanted | {"basis": "fixed", "amount": "900"}).status_code == 303
    assert kept(world) == [(ServiceBasis.FIXED, 900_00)]


@pytest.mark.parametrize(
    "changes", [{"amount": "-1"}, {"amount": "0"}, {"amount": "=1+1"}, {"basis": "soms"}, {"employer": ""}]
)
def test_what_cannot_be_is_said_and_not_kept(
    employer: Actor, secretary: Visitor, world: World, changes: dict[str, str]
) -> None:
    wanted = {"month": MONTH, "employer": str(employer.organisation_id), "basis": "by_use", "amount": "10"}
    answer = secretary.send(SERVICES, **wanted | changes)
    assert answer.status_code == 422
    assert faults_of(answer.text)
    assert kept(world) == []


def test_what_is_charged_is_not_changed(office: Office, employer: Actor, secretary: Visitor) -> None:
    serve(office, employer, 500_00)
    office.run()
    assert rows_of(secretary.get(SERVICES, month=MONTH).text) == ["Bakkerij Zonneveld Naar gebruik € 500,00 Doorbelast"]
    wanted = {"month": MONTH, "employer": str(employer.organisation_id), "basis": "by_use", "amount": "10"}
    answer = secretary.send(SERVICES, **wanted)
    assert answer.status_code == 409
    assert "al doorbelast" in answer.text


def test_a_file_is_read(secretary: Visitor, world: World, kvk: str) -> None:
    for content in (
        f"{HEAD}{kvk};gebruik;1.234,56\n",
        f"\N{BOM}KVK; Grondslag ;BEDRAG\r\n\r\n{kvk} ; gebruik; 1234,56\r\n",
    ):
        assert upload(secretary, content.encode())[0] == 303
        assert kept(world) == [(ServiceBasis.BY_USE, 1_234_56)]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe",
        b"kvk;bedrag\n{kvk};10\n",
        b"kvk,grondslag,bedrag\n{kvk},gebruik,10\n",
        HEAD.encode(),
        (HEAD + '"{kvk};gebruik;10\n').encode(),
    ],
)
def test_what_is_no_such_file_is_refused(secretary: Visitor, world: World, kvk: str, content: bytes) -> None:
    status, page = upload(secretary, content.replace(b"{kvk}", kvk.encode()))
    assert status == 422
    assert faults_of(page) == [
        "CSV-bestand: Geef een CSV-bestand met de kolommen kvk;grondslag;bedrag: één werkgever per regel, hooguit 5000."
    ]
    assert kept(world) == []


@pytest.mark.parametrize(
    "line",
    [
        "{kvk};gebruik;-10",
        "{kvk};gebruik;0",
        "{kvk};gebruik;=1+1",
        "=cmd|'/c calc'!A1;gebruik;10",
        "{kvk};soms;10",
        "{kvk};gebruik",
        "{kvk};gebruik;10;te veel",
        "00000000;gebruik;10",
        "{kvk};gebruik;10,0001",
        "{kvk};gebruik;99999999999999999999",
    ],
)
def test_one_wrong_line_keeps_the_whole_file_out(secretary: Visitor, world: World, kvk: str, line: str) -> None:
    status, page = upload(secretary, f"{HEAD}{kvk};gebruik;10\n{line}\n".replace("{kvk}", kvk).encode())
    assert (status, faults_of(page)) == (422, ["CSV-bestand: Niet te lezen: regel 3."])
    assert line.split(";")[0] not in words_of(page).replace(kvk, "")
    assert kept(world) == []


def test_an_employer_named_twice_is_refused(secretary: Visitor, world: World, kvk: str) -> None:
    status, page = upload(secretary, f"{HEAD}{kvk};gebruik;10\n{kvk};vast;20\n".encode())
    assert (status, faults_of(page)) == (422, ["CSV-bestand: Niet te lezen: regel 2, 3."])
    assert kept(world) == []


def test_a_number_of_two_employers_says_of_neither_who_it_is(office: Office, secretary: Visitor, world: World) -> None:
    office.employer("Een"), office.employer("Ander")
    status, page = upload(secretary, f"{HEAD}12345678;gebruik;10\n".encode())
    assert (status, faults_of(page)) == (422, ["CSV-bestand: Niet te lezen: regel 2."])
    assert kept(world) == []


def test_too_many_lines_are_refused_at_once(secretary: Visitor, world: World, kvk: str) -> None:
    status, page = upload(secretary, (HEAD + f"{kvk};gebruik;10\n" * 2 * MOST_AT_ONCE).encode())
    assert status == 422
    assert len(faults_of(page)) == 1
    assert upload(secretary, (HEAD + f"{kvk};gebruik;10\n" * 50 * MOST_AT_ONCE).encode())[0] in (413, 422)
    assert kept(world) == []


def test_nobody_else_writes_them_down(office: Office, employer: Actor, sign_in: SignIn) -> None:
    for actor, status in ((office.physician, 403), (office.provider, 403), (employer, 404)):
        visitor = sign_in(actor)
        assert visitor.get(SERVICES).status_code in (status, 403)
        assert visitor.send(SERVICES, month=MONTH).status_code in (status, 403)


def test_no_month_is_not_there(secretary: Visitor) -> None:
    assert secretary.get(SERVICES, month="ooit").status_code == 404
    assert secretary.get(SERVICES, page="0").status_code == 404
