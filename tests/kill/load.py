"""People who work over HTTP while things break: each act has a key, and is asked again until it has an answer."""

import hashlib
import hmac
import http.client
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from bench.network import SECRET
from bench.referrals import body
from core.clock import today
from core.database import Door
from demo.people import ACCOUNTS, demo_id
from identity.sign_in import issue_token
from tests.kill.town import Town

EMPLOYERS = ("zonneveld", "duinwijk")
PATIENCE = 10.0  # seconds that a client waits for an answer


@dataclass
class Journal:
    """What was answered with success, and how often it had to be asked."""

    referrals: dict[str, str] = field(default_factory=dict)  # the id of each, by its case
    acts: Counter[str] = field(default_factory=Counter)
    invoices: list[str] = field(default_factory=list)
    payments: list[str] = field(default_factory=list)
    resets: int = 0
    asked: int = 0
    refused: list[str] = field(default_factory=list)  # what should not have been refused
    busy: int = 0
    lost: int = 0


class People:
    """Everybody at once, until told to stop; each finishes what he has begun."""

    def __init__(self, town: Town, journal: Journal) -> None:
        self.town, self.journal = town, journal
        self.ending = threading.Event()
        self._cases = iter(town.made.case_ids)
        self._lock = threading.Lock()
        with town.database.transaction(Door.IDENTITY) as session:
            made = town.made.settings
            self._secretary = issue_token(session, "secretariaat@demo.test", None, made)
            self._employer = {
                "zonneveld": issue_token(session, "werkgever@demo.test", None, made),
                "duinwijk": issue_token(session, "werkgever2@demo.test", None, made),
            }
        self._threads = [
            threading.Thread(target=work, daemon=True)
            for work in (self._refer, self._refer, self._refer, self._charge, self._forget, self._look)
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def finish(self, seconds: float) -> bool:
        """Let everybody finish; tells whether they did in time."""
        self.ending.set()
        end = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.1, end - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _refer(self) -> None:
        """Issue a referral, and be the provider who answers it and sends his invoice."""
        made = self.town.made
        while not self.ending.is_set():
            with self._lock:
                case = next(self._cases, None)
            if case is None:
                return
            said = self._until_answered("referral", made.token, "/api/v1/referrals", body(made, case))
            if said is None:
                continue
            self.journal.referrals[str(case)] = said["id"]
            day = (today() + timedelta(days=1)).isoformat()
            for act, more in (("accept", {}), ("schedule", {"date": day}), ("start", {})):
                self._until_answered(act, made.provider_token, f"/api/v1/referrals/{said['id']}/{act}", more)

    def _charge(self) -> None:
        """Give services to charge, charge them, and pay what comes of it."""
        for number in count(1):
            if self.ending.is_set():
                return
            month = f"{today().year - 1 - number // 12}-{number % 12 + 1:02}"
            who = EMPLOYERS[number % 2]
            amount = {"employer_id": str(demo_id(f"organisation:{who}")), "basis": "by_use", "net_cents": 1000 + number}
            said = {"month": month, "amounts": [amount]}
            self._until_answered("services", self._secretary, "/api/v1/services", said, "PUT")
            done = self._until_answered("run", self._secretary, "/api/v1/charge-runs", {"month": month})
            for invoice in (done or {}).get("invoices", []):
                self.journal.invoices.append(invoice)
                token = self._employer[who]
                paid = self._until_answered("payment", token, f"/api/v1/invoices/{invoice}/payments", {})
                if paid is not None:
                    self.journal.payments.append(paid["id"])

    def _forget(self) -> None:
        """Forget passwords, one account after another: each request is a mail."""
        holder = uuid4().hex
        token = hmac.new(SECRET.encode(), f"form:{holder}".encode(), hashlib.sha256).hexdigest()
        headers = {"Cookie": f"bezoeker={holder}", "Content-Type": "application/x-www-form-urlencoded"}
        for account in ACCOUNTS:
            if self.ending.wait(0.5):
                return
            form = urlencode({"csrf_token": token, "email": account.email})
            status = 0
            while status in (0, 503) and not self.ending.wait(0.3):
                status, said = self._ask("POST", "/account/wachtwoord-vergeten", form, headers)
                if status not in (0, 303, 503):
                    self.journal.refused.append(f"forgotten: {status} {said[:300]!r}")
            self.journal.resets += status == 303

    def _look(self) -> None:
        """Search and read, which must go on too."""
        headers = {"Authorization": f"Bearer {self.town.made.token}"}
        while not self.ending.wait(0.2):
            status, said = self._ask("GET", "/api/v1/offerings?cause=M01&page_size=5", None, headers)
            if status not in (0, 200, 503):
                self.journal.refused.append(f"search: {status} {said!r}")

    def _until_answered(
        self, act: str, token: str, path: str, said: dict[str, Any], method: str = "POST"
    ) -> dict[str, Any] | None:
        """Ask with one key until there is an answer that is one; None when it is a refusal, which is kept."""
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid4()),
        }
        while True:
            status, told = self._ask(method, path, json.dumps(said), headers)
            if status in (200, 201):
                self.journal.acts[act] += 1
                found: dict[str, Any] = json.loads(told)
                return found
            if status not in (0, 500, 503):
                self.journal.refused.append(f"{act}: {status} {told[:300]!r}")
                return None
            if status == 500:
                self.journal.refused.append(f"{act}: 500 {told[:300]!r}")
            time.sleep(0.4)

    def _ask(self, method: str, path: str, said: str | None, headers: dict[str, str]) -> tuple[int, bytes]:
        """Ask once; status 0 when the answer got lost."""
        self.journal.asked += 1
        connection = http.client.HTTPConnection("127.0.0.1", self.town.port, timeout=PATIENCE)
        try:
            connection.request(method, path, said, headers)
            answer = connection.getresponse()
            status, content = answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self.journal.lost += 1
            return 0, b""
        finally:
            connection.close()
        self.journal.busy += status == 503
        return status, content
