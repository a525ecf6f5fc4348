"""A small model of who may do what, when, and what then holds: written from the rules, knowing nothing of the code."""

from dataclasses import dataclass, field
from typing import Any

from identity.roles import Role

BA, CMTD, SEC, PRO, EMP, WN = (
    Role.PHYSICIAN,
    Role.DELEGATE,
    Role.SECRETARY,
    Role.PROVIDER,
    Role.EMPLOYER,
    Role.EMPLOYEE,
)
NOT_FOR_HIM, NOT_THERE, NOT_NOW = {403}, {404}, {409}
STRANGERS = (Role.EMPLOYER, Role.INSURER)
OPEN, CONFIDENTIAL, MEDICAL = "ADO", "BMW", "PSY"
"""An intervention of each kind: the first may be told, and only a physician refers to the last."""

MANDATED = (OPEN, CONFIDENTIAL)
SCOPES = ("provider", "employer", "insurer", "report_back")
MOST = 3  # referrals of one employee, so that there is time to go on with them
UNDERWAY = ("issued", "accepted", "scheduled", "running")


@dataclass(frozen=True)
class Act:
    """Who may do something, and of a referral: from which states it leads to which."""

    who: frozenset[Role]
    route: str
    moves: dict[str, str] = field(default_factory=dict)


def _act(route: str, *who: Role, **moves: str) -> Act:
    return Act(frozenset(who), route, moves)


def _move(name: str, *who: Role, **moves: str) -> Act:
    return _act(f"POST /referrals/{{referral_id}}/{name}", *who, **moves)


STAY = {state: state for state in UNDERWAY}
ACTS: dict[str, Act] = {
    "pay": _act("POST /invoices/{invoice_id}/payments", EMP),
    "charge": _act("POST /charge-runs", SEC),
    "approve": _act("POST /provider-invoices/{invoice_id}/approve", SEC),
    "invoice": _act("POST /provider-invoices", PRO),
    "complete": _move("complete", BA, CMTD, reported="completed"),
    "report": _move("report", PRO, running="reported"),
    "start": _move("start", PRO, scheduled="running"),
    "schedule": _move("schedule", PRO, accepted="scheduled", scheduled="scheduled"),
    "accept": _move("accept", PRO, issued="accepted"),
    "issue": _move("issue", BA, CMTD, draft="issued"),
    "refer": _act("POST /referrals", BA, CMTD),
    "answer": _move("answer", BA, CMTD, **STAY),
    "ask": _move("ask", PRO, **STAY),
    "decline": _move("decline", PRO, issued="declined"),
    "withdraw": _move("withdraw", BA, CMTD, **dict.fromkeys(("draft", "declined", *UNDERWAY), "withdrawn")),
    "judge": _act("PUT /cases/{case_id}/assessment", BA),
    "consent": _act("POST /cases/{case_id}/consents", BA, CMTD, WN),
    "mandate": _act("POST /mandates", BA),
    "withdraw consent": _act("DELETE /consents/{consent_id}", BA, CMTD, WN),
    "revoke": _act("DELETE /mandates/{mandate_id}", BA),
}
"""What is done last stands first: whoever always takes the first that can be done goes the whole way."""


@dataclass
class Referral:
    """A referral as far as it decides what can be done."""

    id: str
    number: str
    intervention: str
    state: str
    issued_by: Role | None = None
    is_asked: bool = False
    was_taken: bool = False
    is_billed: bool = False


@dataclass
class Sent:
    """An invoice of the provider."""

    id: str
    waits: bool


@dataclass
class Issued:
    """An invoice to the employer."""

    id: str
    is_opened: bool = False


About = Referral | Sent | Issued | str | bool | None
"""What an act is about: a thing, an intervention, a scope, a mandate, or whether a cause is medical."""


@dataclass
class Model:
    """What holds for one employee, and for the mandate under which the delegate works."""

    judged: bool | None = None
    consents: dict[str, str] = field(default_factory=dict)
    withdrawn: dict[str, str] = field(default_factory=dict)
    mandate: str | None = None
    revoked: str | None = None
    referrals: list[Referral] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    issued: list[Issued] = field(default_factory=list)
    waits_for_run: bool = False

    def subjects(self, name: str) -> list[About]:
        """Return what an act can be about now, whether or not it will succeed."""
        if ACTS[name].moves or name == "invoice":
            return [*self.referrals]
        found: dict[str, list[About]] = {
            "judge": [True, False],
            "consent": [*SCOPES],
            "withdraw consent": [*(self.withdrawn | self.consents).values()],
            "revoke": [each for each in (self.mandate, self.revoked) if each],
            "refer": [OPEN, CONFIDENTIAL, MEDICAL] if len(self.referrals) < MOST else [],
            "approve": [*self.sent],
            "pay": [*self.issued],
        }
        return found.get(name, [None])

    def changes(self, name: str, about: About) -> bool:
        """Tell whether an act that succeeds would make anything otherwise than it is."""
        if name == "judge":
            return about is not self.judged
        if name == "withdraw consent":
            return about in self.consents.values()
        if name == "invoice" and isinstance(about, Referral):
            return about.was_taken and not about.is_billed
        if name in ("mandate", "charge"):
            return self.mandate is None if name == "mandate" else self.waits_for_run
        return not ((name == "consent" and about in self.consents) or (isinstance(about, Issued) and about.is_opened))

    def expected(self, name: str, role: Role, about: About) -> set[int]:
        """Return with which status an act has to be answered."""
        if role not in ACTS[name].who:
            may_act = ACTS[name].moves and name != "issue" and role in (BA, CMTD, PRO)  # on some referral, that is
            return NOT_THERE if role in STRANGERS else NOT_FOR_HIM | (NOT_THERE if may_act else set())
        if isinstance(about, Referral) and name != "invoice":
            return self._of_referral(name, role, about)
        if isinstance(about, Sent):
            return {200} if about.waits else NOT_NOW
        if isinstance(about, Issued):
            return {200} if about.is_opened else {201}
        if name == "refer":
            assert isinstance(about, str)
            return {201} if role is CMTD or self._may_tell(about) else NOT_NOW
        if name == "revoke":
            return {204} if about == self.mandate else NOT_NOW
        if (name == "consent" and about in self.consents) or (name == "mandate" and self.mandate):
            return {200}
        return {"judge": {200}, "withdraw consent": {204}}.get(name, {201})

    def _may_tell(self, intervention: str) -> bool:
        return intervention == OPEN or "provider" in self.consents

    def _of_referral(self, name: str, role: Role, referral: Referral) -> set[int]:
        if role is PRO and referral.issued_by is None:
            return NOT_THERE
        out_of_turn = {"ask": referral.is_asked, "answer": not referral.is_asked}
        if referral.state not in ACTS[name].moves or out_of_turn.get(name, False):
            return NOT_NOW
        if role is CMTD and name in ("complete", "withdraw") and referral.issued_by not in (None, CMTD):
            return NOT_FOR_HIM
        if name != "issue":
            return {200}
        mandated = self.judged is False and self.mandate is not None and referral.intervention in MANDATED
        if role is CMTD and not mandated:
            return NOT_FOR_HIM
        return {200} if self._may_tell(referral.intervention) else NOT_NOW

    def happened(self, name: str, role: Role, about: About, answer: Any) -> None:
        """Take in that an act was done, and what the answer said of it."""
        if isinstance(about, Referral) and name != "invoice":
            self._moved(name, role, about, answer)
        elif name == "refer":
            assert isinstance(about, str)
            made = Referral(answer["id"], answer["number"], about, "issued" if role is BA else "draft")
            made.issued_by = role if role is BA else None
            assert answer["state"] == made.state
            self.referrals.append(made)
        elif name == "invoice":
            assert isinstance(about, Referral)
            fits = about.was_taken and not about.is_billed
            assert all(check["passed"] for check in answer["checks"]) is fits, answer["checks"]
            about.is_billed = about.is_billed or fits
            self.sent.append(Sent(answer["id"], fits))
        elif name in ("consent", "withdraw consent", "mandate", "revoke", "judge"):
            self._agreed(name, about, answer)
        elif isinstance(about, Sent):
            about.waits, self.waits_for_run = False, True
        elif name == "charge":
            self.waits_for_run = False
        elif isinstance(about, Issued):
            about.is_opened = True

    def _moved(self, name: str, role: Role, referral: Referral, answer: Any) -> None:
        referral.state = ACTS[name].moves[referral.state]
        assert answer["state"] == referral.state
        if name == "issue":
            referral.issued_by = role
        referral.was_taken = referral.was_taken or name == "accept"
        asked = name == "ask" or (referral.is_asked and name != "answer")
        referral.is_asked = asked and referral.state in UNDERWAY

    def _agreed(self, name: str, about: About, answer: Any) -> None:
        if name == "judge":
            self.judged = answer["medical"]
        elif name == "consent":
            self.consents[answer["scope"]] = answer["id"]
        elif name == "mandate":
            self.mandate = answer["id"]
        elif name == "revoke":
            self.mandate, self.revoked = None, self.mandate
        else:
            self._withdrawn(about)

    def _withdrawn(self, consent: About) -> None:
        """Take in that a consent holds no more: what rests on it goes back."""
        scope = next((each for each, held in self.consents.items() if held == consent), None)
        if scope is None:
            return
        self.withdrawn[scope] = self.consents.pop(scope)
        for each in self.referrals if scope == "provider" else []:
            if each.state in UNDERWAY and each.intervention != OPEN:
                each.state, each.is_asked = "withdrawn", False
