"""Providers of an employer's own over JSON: the specification stays, and one word comes back (R55)."""

from uuid import uuid4

from identity.actor import Actor
from tests.api.callers import Caller, faulty_fields
from tests.billing.office import Office
from tests.medical.direct import ANSWER, KVK, NAME, NUMBER, QUESTION, SECRET, TOTAL, connected


def test_the_whole_road(office: Office, call: Caller, employer: Actor) -> None:
    """R55."""
    buyer, desk, provider = call(employer), call(office.secretary), call(office.provider)
    new = {"provider_name": NAME, "kvk": KVK, "email": "praktijk@example.test"}
    contract = buyer.post("/direct-contracts", json=new)
    assert (contract.status_code, contract.json()["connected_on"]) == (201, None)
    assert buyer.post("/direct-contracts", json=new).status_code == 409
    (waiting,) = desk.get("/direct-specifications/connections").json()
    place = f"/direct-specifications/connections/{waiting['contract_id']}"
    assert desk.put(place, json={"provider_id": str(uuid4())}).status_code == 409
    assert desk.put(place, json={"provider_id": str(office.provider_id)}).status_code == 204
    (held,) = provider.get("/direct-specifications/contracts").json()
    sent = {"contract_id": held["contract_id"], "invoice_reference": NUMBER, "total_cents": TOTAL}
    sent |= {"specification": SECRET}
    refused = provider.post("/direct-specifications", json=sent | {"invoice_reference": "PSY-1", "total_cents": 0})
    assert (refused.status_code, sorted(faulty_fields(refused.json()))) == (422, ["invoice_reference", "total_cents"])
    one = f"/direct-specifications/{provider.post('/direct-specifications', json=sent).json()['id']}"
    assert desk.get("/direct-specifications", params={"waiting": True}).json()["total"] == 1
    assert desk.post(f"{one}/judgement", json={"outcome": "question", "question": QUESTION}).status_code == 204
    assert provider.post(f"{one}/answer", json={"words": ANSWER}).status_code == 204
    assert [each["words"] for each in desk.get(one).json()["messages"]] == [QUESTION, ANSWER]
    assert desk.post(f"{one}/judgement", json={"outcome": "agreed"}).status_code == 204
    assert desk.post(f"{one}/judgement", json={"outcome": "agreed"}).status_code == 409
    heard = buyer.get("/direct-contracts/answers")
    told = [(each["invoice_reference"], each["total"]["cents"], each["outcome"]) for each in heard.json()["results"]]
    assert told == [(NUMBER, TOTAL, "agreed"), (NUMBER, TOTAL, "question")]
    assert all(secret not in heard.text for secret in (SECRET, QUESTION, ANSWER, str(office.provider_id)))
    assert buyer.delete(f"/direct-contracts/{contract.json()['id']}").status_code == 204
    assert buyer.delete(f"/direct-contracts/{contract.json()['id']}").status_code == 404


def test_strangers_find_nothing(office: Office, call: Caller, employer: Actor) -> None:
    """R55."""
    direct = connected(office, employer)
    sent = direct.send()
    for path in (f"/direct-specifications/{sent}", "/direct-specifications", "/direct-specifications/connections"):
        assert call(employer).get(path).status_code == 404
        assert call(office.physician).get(path).status_code == 403
    assert call(office.employer("Andere firma")).delete(f"/direct-contracts/{direct.contract_id}").status_code == 404


def test_an_employee_sees_who_named_him(office: Office, call: Caller, employer: Actor) -> None:
    """R27, R55."""
    direct, sick = connected(office, employer), office.sick(employer)
    direct.send(employee_reference=sick.reference)
    (named,) = call(sick.actor).get("/direct-specifications/naming-me").json()
    assert (named["provider"], named["invoice_reference"]) == (NAME, NUMBER)
