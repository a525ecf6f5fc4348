"""What may become of a referral: one table of actions, and one of who has to act in each state and by when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.working_days import add_working_days
from identity.actor import Actor
from identity.roles import Role
from medical.tables import Referral, ReferralState
from network.tables import ArbodienstSettings
from network.taxonomy import ReferralClass

DRAFT, ISSUED, ACCEPTED, DECLINED = (
    ReferralState.DRAFT,
    ReferralState.ISSUED,
    ReferralState.ACCEPTED,
    ReferralState.DECLINED,
)
SCHEDULED, RUNNING, REPORTED, COMPLETED, WITHDRAWN, EXPIRED = (
    ReferralState.SCHEDULED,
    ReferralState.RUNNING,
    ReferralState.REPORTED,
    ReferralState.COMPLETED,
    ReferralState.WITHDRAWN,
    ReferralState.EXPIRED,
)
BA, CMTD, PRO, SYSTEM = Role.PHYSICIAN, Role.DELEGATE, Role.PROVIDER, Role.SYSTEM

LEFT_ALONE = frozenset({DECLINED, EXPIRED})
"""Ended without anybody having helped: the referrer has to choose again, or to leave it at that (R10, R11)."""

WITH_PROVIDER = frozenset({ISSUED, ACCEPTED, SCHEDULED, RUNNING})
"""Sent out and not over yet."""


class Action(StrEnum):
    """Something that somebody does to a referral; the word of the API and of its events."""

    DRAFT = "draft"
    REVISE = "revise"
    ISSUE = "issue"
    ACCEPT = "accept"
    DECLINE = "decline"
    REDIRECT = "redirect"
    SCHEDULE = "schedule"
    START = "start"
    REPORT = "report"
    COMPLETE = "complete"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


@dataclass(frozen=True)
class Rule:
    """From which states an action leads to which, and who may do it."""

    moves: Mapping[ReferralState, ReferralState]
    roles: frozenset[Role]


def _each(states: Iterable[ReferralState], to: ReferralState) -> dict[ReferralState, ReferralState]:
    return dict.fromkeys(states, to)


RULES: Mapping[Action, Rule] = {
    Action.REVISE: Rule({DRAFT: DRAFT}, frozenset({BA, CMTD})),
    Action.ISSUE: Rule({DRAFT: ISSUED}, frozenset({BA, CMTD})),
    Action.ACCEPT: Rule({ISSUED: ACCEPTED}, frozenset({PRO})),
    Action.DECLINE: Rule({ISSUED: DECLINED}, frozenset({PRO})),
    Action.SCHEDULE: Rule({ACCEPTED: SCHEDULED, SCHEDULED: SCHEDULED}, frozenset({PRO})),
    Action.START: Rule({SCHEDULED: RUNNING}, frozenset({PRO})),
    Action.REPORT: Rule({RUNNING: REPORTED}, frozenset({PRO})),
    Action.COMPLETE: Rule({REPORTED: COMPLETED}, frozenset({BA, CMTD})),
    # What was declined or has expired stays so when it is redirected; what was still open is taken back.
    Action.REDIRECT: Rule(
        _each((ISSUED, ACCEPTED, SCHEDULED), WITHDRAWN) | {DECLINED: DECLINED, EXPIRED: EXPIRED}, frozenset({BA})
    ),
    Action.WITHDRAW: Rule(_each({DRAFT} | WITH_PROVIDER | LEFT_ALONE, WITHDRAWN), frozenset({BA, CMTD})),
    Action.EXPIRE: Rule({ISSUED: EXPIRED}, frozenset({SYSTEM})),
}
"""The whole of it. A referral begins as a draft; `medical.may_become` in the database keeps the same list."""

STOPPED_BY_SYSTEM: Mapping[ReferralState, ReferralState] = _each(WITH_PROVIDER, WITHDRAWN)
"""What becomes of a referral when the employee withdraws the consent on which it rests (R24)."""


class Term(StrEnum):
    """How long somebody has; counted in working days."""

    SIGN = "sign"
    ANSWER = "answer"
    PLAN = "plan"
    VISIT = "visit"
    REPORT = "report"
    CLOSE = "close"
    CHOOSE_AGAIN = "choose_again"


WORKING_DAYS: Mapping[Term, int] = {
    Term.SIGN: 2,
    Term.VISIT: 1,  # after the day that was planned
    Term.REPORT: 30,  # six weeks: longer without word from the provider means that nobody watches the recovery
    Term.CLOSE: 5,
    Term.CHOOSE_AGAIN: 2,
}
"""The terms that are no setting of the arbodienst."""


@dataclass(frozen=True)
class Wait:
    """Who has to act in a state, and within which term."""

    owner: Role
    term: Term


WAITS: Mapping[ReferralState, Wait] = {
    DRAFT: Wait(BA, Term.SIGN),
    ISSUED: Wait(PRO, Term.ANSWER),
    ACCEPTED: Wait(PRO, Term.PLAN),
    SCHEDULED: Wait(PRO, Term.VISIT),
    RUNNING: Wait(PRO, Term.REPORT),
    REPORTED: Wait(BA, Term.CLOSE),
    DECLINED: Wait(BA, Term.CHOOSE_AGAIN),
    EXPIRED: Wait(BA, Term.CHOOSE_AGAIN),
}
"""Every state that is not the end has an owner and a term, so that nothing gets lost silently."""


def wait_of(referral: Referral) -> Wait | None:
    """Return for whom a referral waits; none when it is over, or was redirected."""
    return WAITS.get(referral.state) if referral.due_on is not None else None


def due_on(state: ReferralState, day: date, settings: ArbodienstSettings, planned: date | None) -> date | None:
    """Return until when the owner of `state`, entered on `day`, has to act; none where nobody has to (R10)."""
    wait = WAITS.get(state)
    if wait is None:
        return None
    if wait.term is Term.VISIT:
        day = max(planned or day, day)
    count = WORKING_DAYS.get(wait.term, settings.answer_working_days)
    return add_working_days(day, count)


def access_until(state: ReferralState, day: date, settings: ArbodienstSettings) -> date | None:
    """Return until when the provider still sees a referral that came to `state` on `day`; none while it runs."""
    if state in WITH_PROVIDER or state in (DRAFT, REPORTED):
        return None
    return day + timedelta(days=settings.provider_access_days)


def possible_actions(referral: Referral, actor: Actor) -> tuple[Action, ...]:
    """Return what `actor` may do to a referral as it stands, apart from what only the moment of doing shows.

    A delegate issues only what is not medical, and otherwise acts on what he issued himself (R2, R4, R6).
    """
    if referral.state in LEFT_ALONE and referral.due_on is None:
        return ()  # redirected already
    if actor.role is CMTD and referral.state is not DRAFT and referral.issued_by != actor.account_id:
        return ()
    found = [action for action, rule in RULES.items() if actor.role in rule.roles and referral.state in rule.moves]
    if actor.role is CMTD and referral.referral_class is ReferralClass.MEDICAL:
        found = [action for action in found if action is not Action.ISSUE]
    return tuple(found)
