"""Coded reasons and the words in which people read states, actions and reasons; nobody types a reason (R10, R13)."""

from enum import StrEnum

from core.language import _
from medical.referrals.states import Action
from medical.tables import GoalReached, ReferralState, WorkResumed


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


class ReturnReason(StrEnum):
    """Why a physician sends a draft back to the delegate."""

    UNCLEAR = "unclear"
    INCOMPLETE = "incomplete"
    OTHER_INTERVENTION = "other_intervention"
    TOO_EARLY = "too_early"
    NOT_INDICATED = "not_indicated"
    OTHER = "other"


class InterruptReason(StrEnum):
    """Why an intervention that began stands still for a time."""

    EMPLOYEE_ILL = "employee_ill"
    EMPLOYEE_AWAY = "employee_away"
    EMPLOYEE_ABSENT = "employee_absent"
    PROVIDER_AWAY = "provider_away"
    WORK_FIRST = "work_first"
    OTHER = "other"


CONSENT_WITHDRAWN = "consent_withdrawn"
"""The reason of the system, when the employee takes back the consent on which a referral rests (R24)."""


def state_label(state: ReferralState) -> str:
    """Return the word for a state in the language of the person."""
    return {
        ReferralState.DRAFT: _("concept"),
        ReferralState.RETURNED: _("teruggestuurd"),
        ReferralState.ISSUED: _("verstuurd"),
        ReferralState.ACCEPTED: _("aangenomen"),
        ReferralState.DECLINED: _("afgewezen"),
        ReferralState.SCHEDULED: _("ingepland"),
        ReferralState.RUNNING: _("loopt"),
        ReferralState.INTERRUPTED: _("onderbroken"),
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
        Action.RETURN: _("Terugsturen"),
        Action.ISSUE: _("Versturen"),
        Action.ACCEPT: _("Aannemen"),
        Action.DECLINE: _("Afwijzen"),
        Action.REDIRECT: _("Naar een ander aanbod"),
        Action.SCHEDULE: _("Inplannen"),
        Action.START: _("Beginnen"),
        Action.ASK: _("Informatie vragen"),
        Action.ANSWER: _("Vraag beantwoorden"),
        Action.INTERRUPT: _("Onderbreken"),
        Action.RESUME: _("Weer doorgaan"),
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
        ReturnReason.UNCLEAR.value: _("Doel of vraag is niet duidelijk"),
        ReturnReason.INCOMPLETE.value: _("Er ontbreekt iets"),
        ReturnReason.OTHER_INTERVENTION.value: _("Een andere interventie past beter"),
        ReturnReason.TOO_EARLY.value: _("Nog te vroeg"),
        ReturnReason.NOT_INDICATED.value: _("Een interventie is niet nodig"),
        InterruptReason.EMPLOYEE_ILL.value: _("Werknemer kan tijdelijk niet"),
        InterruptReason.EMPLOYEE_AWAY.value: _("Werknemer is weg"),
        InterruptReason.EMPLOYEE_ABSENT.value: _("Werknemer komt niet"),
        InterruptReason.PROVIDER_AWAY.value: _("Provider kan tijdelijk niet"),
        InterruptReason.WORK_FIRST.value: _("Eerst is er op het werk iets nodig"),
        CONSENT_WITHDRAWN: _("Toestemming ingetrokken"),
    }.get(reason, reason)


def task_label(state: ReferralState, *, asked: bool = False) -> str:
    """Return what has to be done about a referral in `state`, for a worklist; empty where nothing has to.

    `asked` says that a question of the provider is open, which comes first.
    """
    if asked:
        return _("Vraag van de provider beantwoorden")
    return {
        ReferralState.DRAFT: _("Concept versturen, terugsturen of intrekken"),
        ReferralState.RETURNED: _("Teruggestuurd concept wijzigen of intrekken"),
        ReferralState.ISSUED: _("Aannemen of afwijzen"),
        ReferralState.ACCEPTED: _("Eerste afspraak plannen"),
        ReferralState.SCHEDULED: _("Beginnen"),
        ReferralState.RUNNING: _("Rapporteren"),
        ReferralState.INTERRUPTED: _("Onderbroken: laten weten of het weer doorgaat"),
        ReferralState.REPORTED: _("Rapport lezen en resultaat vastleggen"),
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


def work_label(work: WorkResumed) -> str:
    """Return the words for what came of the work (R75)."""
    return {
        WorkResumed.FULLY: _("Werk volledig hervat"),
        WorkResumed.PARTLY: _("Werk deels hervat"),
        WorkResumed.NOT_RESUMED: _("Werk niet hervat"),
    }[work]
