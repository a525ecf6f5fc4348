"""Who has to act in each state of a referral, and by when; the terms are a setting of the arbodienst (R10)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.working_days import add_working_days
from identity.roles import Role
from medical.tables import Referral, ReferralState
from network.tables import ArbodienstSettings

LEFT_ALONE = frozenset({ReferralState.DECLINED, ReferralState.EXPIRED})
"""Ended without anybody having helped: the referrer has to choose again, or to leave it at that (R10, R11)."""

WITH_PROVIDER = frozenset(
    {
        ReferralState.ISSUED,
        ReferralState.ACCEPTED,
        ReferralState.SCHEDULED,
        ReferralState.RUNNING,
        ReferralState.INTERRUPTED,
    }
)
"""Sent out and not over yet."""

NOT_SENT = frozenset({ReferralState.DRAFT, ReferralState.RETURNED})
"""Still being prepared: for physician and delegate only."""


class Term(StrEnum):
    """How long somebody has; counted in working days."""

    SIGN = "sign"
    REVISE = "revise"
    ANSWER = "answer"
    START = "start"
    INFORM = "inform"
    VISIT = "visit"
    REPORT = "report"
    RESUME = "resume"
    CLOSE = "close"
    CHOOSE_AGAIN = "choose_again"


AFTER_THE_DAY = 1
"""Working days after a day that was planned, within which somebody says that it took place."""

WORKING_DAYS: Mapping[Term, Callable[[ArbodienstSettings], int]] = {
    Term.SIGN: lambda settings: settings.sign_working_days,
    Term.REVISE: lambda settings: settings.revise_working_days,
    Term.ANSWER: lambda settings: settings.answer_working_days,
    Term.START: lambda settings: settings.start_working_days,
    Term.INFORM: lambda settings: settings.inform_working_days,
    Term.VISIT: lambda _settings: AFTER_THE_DAY,
    Term.REPORT: lambda settings: settings.report_working_days,
    Term.RESUME: lambda _settings: AFTER_THE_DAY,
    Term.CLOSE: lambda settings: settings.close_working_days,
    Term.CHOOSE_AGAIN: lambda settings: settings.choose_again_working_days,
}


@dataclass(frozen=True)
class Wait:
    """Who has to act, and within which term."""

    owner: Role
    term: Term


WAITS: Mapping[ReferralState, Wait] = {
    ReferralState.DRAFT: Wait(Role.PHYSICIAN, Term.SIGN),
    ReferralState.RETURNED: Wait(Role.DELEGATE, Term.REVISE),
    ReferralState.ISSUED: Wait(Role.PROVIDER, Term.ANSWER),
    ReferralState.ACCEPTED: Wait(Role.PROVIDER, Term.START),
    ReferralState.SCHEDULED: Wait(Role.PROVIDER, Term.VISIT),
    ReferralState.RUNNING: Wait(Role.PROVIDER, Term.REPORT),
    ReferralState.INTERRUPTED: Wait(Role.PROVIDER, Term.RESUME),
    ReferralState.REPORTED: Wait(Role.PHYSICIAN, Term.CLOSE),
    ReferralState.DECLINED: Wait(Role.PHYSICIAN, Term.CHOOSE_AGAIN),
    ReferralState.EXPIRED: Wait(Role.PHYSICIAN, Term.CHOOSE_AGAIN),
}
"""Every state that is not the end has an owner and a term, so that nothing gets lost silently."""

ASKED = Wait(Role.PHYSICIAN, Term.INFORM)
"""While a question of the provider is open, the referral waits for whoever referred."""


def wait_of(referral: Referral) -> Wait | None:
    """Return for whom a referral waits; none when it is over, or was redirected."""
    if referral.due_on is None:
        return None
    return ASKED if referral.asked_on is not None else WAITS.get(referral.state)


def due_on(
    state: ReferralState, day: date, settings: ArbodienstSettings, planned: date | None, *, asked: bool = False
) -> date | None:
    """Return until when its owner has to act on a referral that came to `state` on `day`; none where nobody has to.

    `planned` is the first appointment, or when an interruption is expected to end; `asked` that a question is open.
    """
    wait = ASKED if asked else WAITS.get(state)
    if wait is None:
        return None
    if wait.term in (Term.VISIT, Term.RESUME):
        day = max(planned or day, day)
    return add_working_days(day, WORKING_DAYS[wait.term](settings))


def start_by(day: date, settings: ArbodienstSettings) -> date:
    """Return until when a provider is to begin with a referral that is issued on `day`."""
    return add_working_days(day, settings.start_working_days)


def access_until(state: ReferralState, day: date, settings: ArbodienstSettings) -> date | None:
    """Return until when the provider still sees a referral that came to `state` on `day`; none while it runs."""
    if state in WITH_PROVIDER | NOT_SENT or state is ReferralState.REPORTED:
        return None
    return day + timedelta(days=settings.provider_access_days)
