"""Puts canaries in by every way in which words of health come: each call of the API, each form of the portal, UBL."""

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import text

from core.clock import today
from demo.people import demo_id
from demo.stage import Stage
from tests.core.files import pdf
from tests.medical.test_provider_invoices_ubl import UBL, ubl
from tests.wall.walk import Visitor

SENT_UBL = "POST /api/v1/provider-invoices application/xml"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
VERSION = re.compile(r'name="version"[^>]*value="(\d+)"')


@dataclass
class Ways:
    """Mints a word for each field of each way in, and remembers which stands for what."""

    app: FastAPI
    stage: Stage
    words: dict[tuple[str, str], str] = field(default_factory=dict)
    visitors: dict[str, Visitor] = field(default_factory=dict)

    def word(self, way: str, name: str) -> str:
        """Return the canary of a field: one that no other field has."""
        return self.words.setdefault((way, name), f"Kanarie-{len(self.words):03}-{name[:12]}")

    def who(self, name: str) -> Visitor:
        """Return somebody of the demo, signed in."""
        if name not in self.visitors:
            self.visitors[name] = Visitor(self.app, self.stage.actors[name])
        return self.visitors[name]

    def call(self, who: str, way: str, path: str, *words: str, **facts: Any) -> dict[str, Any]:
        """Make a call of the API with a canary in each of `words`."""
        body = facts | {name: self.word(way, name) for name in words}
        method = way.split()[0].lower()
        visitor = self.who(who)
        return _taken(visitor.client.request(method, f"/api/v1/{path}", headers=visitor.token, json=body), way)

    def form(self, who: str, way: str, path: str, *words: str, **facts: Any) -> str:
        """Send a form of the portal with a canary in each of `words`; returns where it leads."""
        client = self.who(who).client
        token = next(TOKEN.finditer(client.get("/account/sign-in").text))[1]
        pages = (client.get(page).text for page in (path, path.rpartition("/")[0]))
        versions = [found[1] for page in pages for found in VERSION.finditer(page)]
        body = (
            {"csrf_token": token}
            | ({"version": versions[0]} if versions else {})
            | facts
            | {name: self.word(way, name) for name in words}
        )
        answer = client.post(path, data=body)
        if answer.status_code == 200:  # he is shown what he is about to send
            answer = client.post(path, data=body | {"act": "send"})
        assert answer.status_code == 303, (way, answer.status_code, _faults(answer.text))
        return str(answer.headers["location"])

    def file(self, who: str, way: str, path: str, **headers: str) -> Response:
        """Send a file with a canary in its name and one inside."""
        content = pdf(lambda writer, _page: writer.add_metadata({"/Title": self.word(way, "content")}))
        name = f"{self.word(way, 'name')}.pdf"
        client = self.who(who).client
        data = {}
        if not headers:
            data = {"csrf_token": next(TOKEN.finditer(client.get("/account/sign-in").text))[1]}
        answer = client.post(path, files={"file": (name, content, "application/pdf")}, data=data, headers=headers)
        assert answer.status_code in (201, 303), (way, answer.status_code, _faults(answer.text))
        return answer


def _taken(answer: Response, way: str) -> dict[str, Any]:
    assert answer.status_code < 300, (way, answer.status_code, answer.text)
    return answer.json() if answer.content else {}


def _faults(page: str) -> list[str]:
    return re.findall(r'class="[^"]*(?:error|notice|message)[^"]*"[^>]*>([^<]+)', page)


ASKED = ("goal", "question", "expected_result", "abilities")
RESULT = {"goal_reached": "reached", "work_resumed": "partly", "hours_per_week": 20}


def refer_by_api(ways: Ways, case_id: UUID, offering_id: UUID) -> None:
    """Play a whole referral by calls, an attachment and two invoices included."""
    facts = {"case_id": str(case_id), "offering_id": str(offering_id), "units": 2, "expected_days_saved": 20}
    made = ways.call("ba", "POST /referrals", "referrals", *ASKED, **facts)
    path = f"referrals/{made['id']}"
    ways.call("psycholoog", "POST /referrals/{id}/ask", f"{path}/ask", "words")
    ways.call("ba", "POST /referrals/{id}/answer", f"{path}/answer", "words")
    ways.call("psycholoog", "POST accept", f"{path}/accept")
    ways.call("psycholoog", "POST schedule", f"{path}/schedule", date=today().isoformat())
    ways.call("psycholoog", "POST start", f"{path}/start")
    ways.file("ba", "POST /referrals/{id}/attachments", f"/api/v1/{path}/attachments", **ways.who("ba").token)
    session = {"day": today().isoformat(), "units": "1", "outcome": "delivered"}
    ways.call("psycholoog", "POST session", f"{path}/sessions", **session)
    ways.call("psycholoog", "POST /sessions/invoice", f"{path}/sessions/invoice", "invoice_number", **_dated())
    ways.call("psycholoog", "POST /report", f"{path}/report", "clinical", "functional", goal_reached="reached")
    ways.call("ba", "POST complete", f"{path}/complete", **RESULT)
    way = "POST /provider-invoices"
    line = {"description": ways.word(way, "description"), "date": today().isoformat(), "quantity": 1}
    line |= {"unit_price_cents": 12_347, "vat_rate": 0}
    numbers = {"referral_number": made["number"], "lines": [line], **_dated()}
    ways.call("psycholoog", way, "provider-invoices", "invoice_number", **numbers)
    _send_ubl(ways)


def _dated() -> dict[str, str]:
    return {"invoice_date": today().isoformat()}


def _send_ubl(ways: Ways) -> None:
    """An invoice for a referral that does not exist is kept, with every word in it, until somebody sends it back."""
    with ways.stage.database.owner.connect() as connection:
        query = "SELECT vat_id FROM network.organisation_profile WHERE organisation_id = :id"
        vat_id = connection.execute(text(query), {"id": demo_id("organisation:psy")}).scalar_one()
        kvk = connection.execute(text(query.replace("vat_id", "kvk")), {"id": demo_id("organisation:psy")}).scalar_one()
    content = ubl(
        number=ways.word(SENT_UBL, "invoice_number"),
        reference=ways.word(SENT_UBL, "reference"),
        note=f"<cbc:Note>{ways.word(SENT_UBL, 'note')}</cbc:Note>",
        kvk=kvk,
        vat_id=vat_id,
    ).replace(b"Zitting", ways.word(SENT_UBL, "item").encode())
    assert UBL.encode() in content
    provider = ways.who("psycholoog")
    headers = provider.token | {"Content-Type": "application/xml"}
    _taken(provider.client.post("/api/v1/provider-invoices", content=content, headers=headers), SENT_UBL)


def refer_by_portal(ways: Ways, case_id: UUID, offering_id: UUID) -> None:
    """Play another by the forms of its pages."""
    facts = {"case_id": str(case_id), "offering_id": str(offering_id), "units": "2", "expected_days_saved": "20"}
    place = ways.form("ba", "form refer", "/arts/verwijzingen/nieuw", *ASKED, **facts, act="issue")
    number = place.partition("?")[0].rsplit("/", 1)[1]
    care, provider = f"/arts/verwijzingen/{number}", f"/provider/verwijzingen/{number}"
    ways.form("psycholoog", "form ask", f"{provider}/vraag", "words")
    ways.form("ba", "form answer", f"{care}/beantwoorden", "words")
    ways.form("psycholoog", "form accept", f"{provider}/aannemen")
    ways.form("psycholoog", "form schedule", f"{provider}/inplannen", date=today().isoformat())
    ways.form("psycholoog", "form start", f"{provider}/beginnen")
    ways.file("ba", "form attachment", f"{care}/bijlagen")
    ways.form("psycholoog", "form report", f"{provider}/verslag", "clinical", "functional", goal_reached="reached")
    way = "form invoice"
    line = {"lines.0.date": today().isoformat(), "lines.0.quantity": "1"}
    line |= {"lines.0.description": ways.word(way, "description"), "price": "123,47", **_dated()}
    ways.form("psycholoog", way, f"{provider}/factuur", "invoice_number", **line, act="send")


def draft_and_return(ways: Ways, case_id: UUID, offering_id: UUID) -> None:
    """What a delegate prepares, gets back and writes anew."""
    facts = {"offering_id": str(offering_id), "units": 1, "expected_days_saved": 5}
    made = ways.call("cmtd", "POST draft", "referrals", *ASKED, case_id=str(case_id), **facts)
    path = f"referrals/{made['id']}"
    ways.call("ba", "POST /referrals/{id}/return", f"{path}/return", "words", reason="unclear")
    del facts["offering_id"]
    ways.call("cmtd", "POST /referrals/{id}/revise", f"{path}/revise", *ASKED, **facts)
