"""Coded reasons and the words in which people read states, actions and reasons; nobody types a reason (R10, R13)."""

from enum import StrEnum

from core.language import _
from medical.referral_states import Action
from medical.tables import GoalReached, ReferralState


class DeclineReason(StrEnum):
    """Why a provider does not take a referral (R10)."""

    NO_CAPACITY = "no_capacity"
    OUT_OF_AREA = "out_of_area"
    NOT_MY_EXPERTISE = "not_my_expertise"
    CONTRAINDICATION = "contraindication"
    NO_CONTACT = "no_contact"
    OTHER = "other"


class WithdrawReason(StrEnum):
    """Why a referral is taken back."""

    NOT_NEEDED = "not_needed"
    RECOVERED = "recovered"
    EMPLOYEE_DECLINES = "employee_declines"  # never shown to the employer, and no refusal of a duty (R13)
    EMPLOYER_DECLINES = "employer_declines"  # advice not followed; its date counts for a wage sanction (R12)
    MISTAKE = "mistake"
    OTHER = "other"


CONSENT_WITHDRAWN = "consent_withdrawn"
"""The reason of the system, when the employee takes back the consent on which a referral rests (R24)."""


def state_label(state: ReferralState) -> str:
    """Return the word for a state in the language of the person."""
    return {
        ReferralState.DRAFT: _("concept"),
        ReferralState.ISSUED: _("verstuurd"),
        ReferralState.ACCEPTED: _("aangenomen"),
        ReferralState.DECLINED: _("afgewezen"),
        ReferralState.SCHEDULED: _("ingepland"),
        ReferralState.RUNNING: _("loopt"),
        ReferralState.REPORTED: _("gerapporteerd"),
        ReferralState.COMPLETED: _("afgerond"),
        ReferralState.WITHDRAWN: _("ingetrokken"),
        ReferralState.EXPIRED: _("verlopen"),
    }[state]


def action_label(action: Action) -> str:
    """Return what a button for `action` says."""
    return {
        Action.DRAFT: _("Concept maken"),
        Action.REVISE: _("Concept wijzigen"),
        Action.ISSUE: _("Versturen"),
        Action.ACCEPT: _("Aannemen"),
        Action.DECLINE: _("Afwijzen"),
        Action.REDIRECT: _("Naar een ander aanbod"),
        Action.SCHEDULE: _("Inplannen"),
        Action.START: _("Beginnen"),
        Action.REPORT: _("Rapporteren"),
        Action.COMPLETE: _("Afronden"),
        Action.WITHDRAW: _("Intrekken"),
        Action.EXPIRE: _("Laten verlopen"),
    }[action]


def reason_label(reason: str) -> str:
    """Return the words for a coded reason; an unknown code stands for itself."""
    return {
        DeclineReason.NO_CAPACITY.value: _("Geen plaats"),
        DeclineReason.OUT_OF_AREA.value: _("Buiten het werkgebied"),
        DeclineReason.NOT_MY_EXPERTISE.value: _("Niet mijn vakgebied"),
        DeclineReason.CONTRAINDICATION.value: _("Past niet bij deze werknemer"),
        DeclineReason.NO_CONTACT.value: _("Geen contact gekregen"),
        WithdrawReason.NOT_NEEDED.value: _("Niet meer nodig"),
        WithdrawReason.RECOVERED.value: _("Werknemer is hersteld"),
        WithdrawReason.EMPLOYEE_DECLINES.value: _("Werknemer kiest er niet voor"),
        WithdrawReason.EMPLOYER_DECLINES.value: _("Werkgever volgt het advies niet op"),
        WithdrawReason.MISTAKE.value: _("Vergissing"),
        WithdrawReason.OTHER.value: _("Anders"),
        CONSENT_WITHDRAWN: _("Toestemming ingetrokken"),
    }.get(reason, reason)


def task_label(state: ReferralState) -> str:
    """Return what has to be done about a referral in `state`, for a worklist; empty where nothing has to."""
    return {
        ReferralState.DRAFT: _("Concept versturen of intrekken"),
        ReferralState.ISSUED: _("Aannemen of afwijzen"),
        ReferralState.ACCEPTED: _("Eerste afspraak plannen"),
        ReferralState.SCHEDULED: _("Beginnen"),
        ReferralState.RUNNING: _("Rapporteren"),
        ReferralState.REPORTED: _("Rapport lezen en afronden"),
        ReferralState.DECLINED: _("Afgewezen: ander aanbod kiezen of intrekken"),
        ReferralState.EXPIRED: _("Geen antwoord: ander aanbod kiezen of intrekken"),
    }.get(state, "")


def goal_label(goal: GoalReached) -> str:
    """Return the words for the result against the goal (R75)."""
    return {
        GoalReached.REACHED: _("Doel bereikt"),
        GoalReached.PARTLY: _("Doel deels bereikt"),
        GoalReached.NOT_REACHED: _("Doel niet bereikt"),
    }[goal]
