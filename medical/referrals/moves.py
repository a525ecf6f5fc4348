"""Moving a referral: taken under lock, held against the one table of moves, and written down as it happens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from core import outbox
from core.clock import AMSTERDAM, now, today
from core.errors import Conflict, Forbidden, NotFound
from core.language import _
from core.rows import append
from identity import audit
from identity.actor import Actor
from identity.grounds import Ground
from identity.roles import Role
from medical.referrals.reasons import state_label
from medical.referrals.states import RULES, STOPPED_BY_SYSTEM, Action, fits, is_his, possible_actions
from medical.referrals.terms import NOT_SENT, WITH_PROVIDER, access_until, due_on, wait_of
from medical.tables import Referral, ReferralEvent, ReferralState
from network.settings import arbodienst_settings
from network.tables import ArbodienstSettings
from network.taxonomy import Disclosure

NOT_TOLD = NOT_SENT | {ReferralState.ACCEPTED, ReferralState.SCHEDULED, ReferralState.INTERRUPTED}
TOLD_TO_EMPLOYER = frozenset(ReferralState) - NOT_TOLD
"""States of an OPEN intervention after which the hatch looks whether the employer's side may know more."""


@dataclass(frozen=True)
class Outcome:
    """How a referral stands after an act: who has to act next, until when, and what the actor can do now."""

    id: UUID
    number: str
    state: ReferralState
    version: int
    owner: Role | None
    due_on: date | None
    possible: tuple[Action, ...]
    notices: tuple[str, ...] = ()
    replaced_by: UUID | None = None
    known: bool = False  # the same was done just before, and nothing was added

    def without(self, action: Action) -> "Outcome":
        """Return the same without one of the possible actions."""
        return replace(self, possible=tuple(act for act in self.possible if act is not action))


def outcome(referral: Referral, actor: Actor, notices: Sequence[str] = (), replaced_by: UUID | None = None) -> Outcome:
    """Return how `referral` stands, for whoever just acted on it."""
    wait = wait_of(referral)
    return Outcome(
        id=referral.id,
        number=referral.number,
        state=referral.state,
        version=referral.version,
        owner=wait.owner if wait else None,
        due_on=referral.due_on,
        possible=possible_actions(referral, actor),
        notices=tuple(notices),
        replaced_by=replaced_by,
    )


def take(session: Session, referral_id: UUID, actor: Actor, action: Action, version: int | None = None) -> Referral:
    """Lock a referral for `action`, so that of two people at once the second sees what the first did.

    Raises NotFound for what is not there or not the actor's, Forbidden where his role never does this, and Conflict
    where the referral does not stand so that it can be done, or is no longer at `version`.
    """
    referral = session.exec(
        select(Referral)
        .where(Referral.id == referral_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if referral is None:
        raise NotFound(_("Deze verwijzing is niet gevonden."))
    rule = RULES[action]
    if actor.role not in rule.roles:
        raise Forbidden(_whose(rule.roles))
    if version is not None and version != referral.version:
        raise _overtaken(session, referral, actor)
    if not fits(referral, action):
        raise _out_of_turn(session, referral, actor)
    if not is_his(referral, action, actor):
        raise Forbidden(_("Deze verwijzing is niet door u verstuurd. De bedrijfsarts gaat hierover."))
    return referral


def move(session: Session, referral: Referral, actor: Actor, action: Action, reason: str | None = None) -> None:
    """Let `action` happen to a referral that was taken: state, term, version, and what `write_down` adds.

    What else the action changes in the header is set before; the database refuses a move that nobody may make.
    """
    before = referral.state
    moves = STOPPED_BY_SYSTEM if (actor.role is Role.SYSTEM and action is Action.WITHDRAW) else RULES[action].moves
    with session.no_autoflush:  # the header is half-changed, and the database takes a move in one piece only
        settings = arbodienst_settings(session, actor)
    day = today()
    referral.state = moves[before]
    referral.version += 1
    if referral.state is not before:
        referral.state_since = now()
    _set_term(referral, action, day, settings)
    if before not in NOT_SENT:
        referral.access_until = referral.access_until or access_until(referral.state, day, settings)
    session.add(referral)
    session.flush()
    write_down(session, referral, actor, action, before, reason)


def _set_term(referral: Referral, action: Action, day: date, settings: ArbodienstSettings) -> None:
    """Say until when somebody has to act; a question that is open keeps its own term, whatever else happens."""
    if referral.state not in WITH_PROVIDER:
        referral.asked_on = None
    if action is Action.REDIRECT:
        referral.due_on = None
    elif referral.asked_on is None or action is Action.ASK:
        interrupted = referral.state is ReferralState.INTERRUPTED
        planned = referral.interrupted_until if interrupted else referral.scheduled_for
        asked = referral.asked_on is not None
        referral.due_on = due_on(referral.state, day, settings, planned, asked=asked)


def write_down(
    session: Session,
    referral: Referral,
    actor: Actor,
    action: Action,
    before: ReferralState | None,
    reason: str | None = None,
) -> None:
    """Add the event to the referral's history and to the audit trail, with the responsible physician (R8, R68).

    `before` is the state from which it came, none at its beginning. The hatch hears of what the employer may know.
    """
    append(
        session,
        ReferralEvent,
        **parties(referral),
        action=action.value,
        from_state=before,
        to_state=referral.state,
        account_id=actor.account_id,
        role=actor.role,
        reason=reason,
        version=referral.version,
    )
    record(session, referral, actor, action.value, reason)
    if referral.disclosure is Disclosure.OPEN and referral.state in TOLD_TO_EMPLOYER and before != referral.state:
        outbox.put(session, "medical.release_progress", referral_id=referral.id, tenant_id=referral.tenant_id)


def whose(referral: Referral) -> Mapping[str, Any]:
    """Return what everything about a referral repeats of it, so that row-level security can tell whose it is."""
    return {
        "tenant_id": referral.tenant_id,
        "employer_id": referral.employer_id,
        "employee_id": referral.employee_id,
        "case_id": referral.case_id,
        "referral_id": referral.id,
    }


def parties(referral: Referral) -> Mapping[str, Any]:
    """Return what every part of a referral repeats of it, which its provider can see too."""
    return {**whose(referral), "provider_id": referral.provider_id}


def record(session: Session, referral: Referral, actor: Actor, act: str, reason: str | None = None) -> None:
    """Record an act on, or a look at, a referral in the audit trail."""
    audit.record(
        session,
        actor,
        f"medical:referral:{act}",
        referral.id,
        data_subject_id=referral.employee_id,
        responsible_account_id=referral.physician_account_id,
        reason=reason,
        ground=Ground.MANDATE if act == Action.ISSUE.value and referral.mandate_id else None,
    )


def _whose(roles: frozenset[Role]) -> str:
    if roles == {Role.PROVIDER}:
        return _("Dit doet de provider aan wie de verwijzing is gestuurd.")
    if roles == {Role.PHYSICIAN}:
        return _("Dit doet alleen de bedrijfsarts.")
    return _("Dit doet de bedrijfsarts, of wie namens hem mag verwijzen.")


def _out_of_turn(session: Session, referral: Referral, actor: Actor) -> Conflict:
    sentence = _("Dit kan nu niet. Stand van de verwijzing: %(happened)s.") % {"happened": _happened(session, referral)}
    return Conflict(sentence, possible=possible_actions(referral, actor))


def _overtaken(session: Session, referral: Referral, actor: Actor) -> Conflict:
    sentence = _("Iemand was u voor. Stand van de verwijzing: %(happened)s. Kijk eerst wat er veranderde.") % {
        "happened": _happened(session, referral)
    }
    return Conflict(sentence, code="overtaken", possible=possible_actions(referral, actor))


def _happened(session: Session, referral: Referral) -> str:
    """Return how the referral came to stand as it does: the state, by whom, and when."""
    last = session.exec(
        select(ReferralEvent)
        .where(ReferralEvent.referral_id == referral.id)
        .order_by(col(ReferralEvent.version).desc())
        .limit(1)
    ).first()
    at = (last.created_at if last else referral.state_since).astimezone(AMSTERDAM)
    words = {"state": state_label(referral.state), "day": at.strftime("%d-%m-%Y"), "time": at.strftime("%H:%M")}
    if last is None:
        return _("%(state)s (op %(day)s om %(time)s)") % words
    return _("%(state)s (door %(who)s, op %(day)s om %(time)s)") % {**words, "who": _who(last.role)}


def _who(role: Role) -> str:
    return {
        Role.PHYSICIAN: _("de bedrijfsarts"),
        Role.DELEGATE: _("de casemanager taakdelegatie"),
        Role.PROVIDER: _("de provider"),
    }.get(role, _("het systeem"))
