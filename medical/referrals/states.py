"""What may become of a referral: one table of actions, from which states they lead to which, and who may do them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from identity.actor import Actor
from identity.roles import Role
from medical.referrals.terms import LEFT_ALONE, WITH_PROVIDER
from medical.tables import Referral, ReferralState
from network.taxonomy import ReferralClass

DRAFT, RETURNED, ISSUED, ACCEPTED, DECLINED, SCHEDULED = (
    ReferralState.DRAFT,
    ReferralState.RETURNED,
    ReferralState.ISSUED,
    ReferralState.ACCEPTED,
    ReferralState.DECLINED,
    ReferralState.SCHEDULED,
)
RUNNING, INTERRUPTED, REPORTED, COMPLETED, WITHDRAWN, EXPIRED = (
    ReferralState.RUNNING,
    ReferralState.INTERRUPTED,
    ReferralState.REPORTED,
    ReferralState.COMPLETED,
    ReferralState.WITHDRAWN,
    ReferralState.EXPIRED,
)
BA, CMTD, PRO, SYSTEM = Role.PHYSICIAN, Role.DELEGATE, Role.PROVIDER, Role.SYSTEM


class Action(StrEnum):
    """Something that somebody does to a referral; the word of the API and of its events."""

    DRAFT = "draft"
    REVISE = "revise"
    RETURN = "return"
    ISSUE = "issue"
    ACCEPT = "accept"
    DECLINE = "decline"
    REDIRECT = "redirect"
    SCHEDULE = "schedule"
    START = "start"
    ASK = "ask"
    ANSWER = "answer"
    INTERRUPT = "interrupt"
    RESUME = "resume"
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


TALKED_ABOUT = (ISSUED, ACCEPTED, SCHEDULED, RUNNING, INTERRUPTED)
"""In which states a provider asks for information; asking and answering leave the state as it is."""

RULES: Mapping[Action, Rule] = {
    Action.REVISE: Rule({DRAFT: DRAFT, RETURNED: DRAFT}, frozenset({BA, CMTD})),
    Action.RETURN: Rule({DRAFT: RETURNED}, frozenset({BA})),
    Action.ISSUE: Rule({DRAFT: ISSUED}, frozenset({BA, CMTD})),
    Action.ACCEPT: Rule({ISSUED: ACCEPTED}, frozenset({PRO})),
    Action.DECLINE: Rule({ISSUED: DECLINED}, frozenset({PRO})),
    Action.SCHEDULE: Rule({ACCEPTED: SCHEDULED, SCHEDULED: SCHEDULED}, frozenset({PRO})),
    Action.START: Rule({SCHEDULED: RUNNING}, frozenset({PRO})),
    Action.ASK: Rule({state: state for state in TALKED_ABOUT}, frozenset({PRO})),
    Action.ANSWER: Rule({state: state for state in TALKED_ABOUT}, frozenset({BA, CMTD})),
    Action.INTERRUPT: Rule({RUNNING: INTERRUPTED}, frozenset({PRO, BA, CMTD})),
    Action.RESUME: Rule({INTERRUPTED: RUNNING}, frozenset({PRO, BA, CMTD})),
    Action.REPORT: Rule({RUNNING: REPORTED}, frozenset({PRO})),
    Action.COMPLETE: Rule({REPORTED: COMPLETED}, frozenset({BA, CMTD})),
    # What was declined or has expired stays so when it is redirected; what was still open is taken back.
    Action.REDIRECT: Rule(
        _each((ISSUED, ACCEPTED, SCHEDULED), WITHDRAWN) | {DECLINED: DECLINED, EXPIRED: EXPIRED}, frozenset({BA})
    ),
    Action.WITHDRAW: Rule(_each({DRAFT, RETURNED} | WITH_PROVIDER | LEFT_ALONE, WITHDRAWN), frozenset({BA, CMTD})),
    Action.EXPIRE: Rule({ISSUED: EXPIRED}, frozenset({SYSTEM})),
}
"""The whole of it. A referral begins as a draft; `medical.may_become` in the database keeps the same list."""

STOPPED_BY_SYSTEM: Mapping[ReferralState, ReferralState] = _each(WITH_PROVIDER, WITHDRAWN)
"""What becomes of a referral when the employee withdraws the consent on which it rests (R24)."""

OF_EVERY_DELEGATE = frozenset({Action.ANSWER})
"""What a delegate of the employer does to a referral that he did not issue himself."""


def fits(referral: Referral, action: Action) -> bool:
    """Tell whether `action` can be done to a referral as it stands, by whoever may.

    What was redirected is over; there is one question at a time; and a draft that a case manager asked for goes back
    to no delegate, since none of them made it.
    """
    if referral.state not in RULES[action].moves or (referral.state in LEFT_ALONE and referral.due_on is None):
        return False
    if action in (Action.ASK, Action.EXPIRE):
        return referral.asked_on is None
    if action is Action.ANSWER:
        return referral.asked_on is not None
    return action is not Action.RETURN or referral.request_id is None


def is_his(referral: Referral, action: Action, actor: Actor) -> bool:
    """Tell whether a delegate may do `action`: he acts on drafts, and on what he issued himself (R2, R4)."""
    own = referral.state in (DRAFT, RETURNED) or referral.issued_by == actor.account_id
    return actor.role is not CMTD or own or action in OF_EVERY_DELEGATE


def possible_actions(referral: Referral, actor: Actor) -> tuple[Action, ...]:
    """Return what `actor` may do to a referral as it stands, apart from what only the moment of doing shows.

    A delegate never issues what is medical (R6).
    """
    found = [
        action
        for action, rule in RULES.items()
        if actor.role in rule.roles and fits(referral, action) and is_his(referral, action, actor)
    ]
    if actor.role is CMTD and referral.referral_class is ReferralClass.MEDICAL:
        found = [action for action in found if action is not Action.ISSUE]
    return tuple(found)
