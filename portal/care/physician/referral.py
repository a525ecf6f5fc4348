"""One referral: how it stands, what can be done now, the report, what happened, and the letter."""

from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from cases.cases_read import get_case
from core.downloads import download
from core.errors import NotFound
from core.language import _
from core.routing import Section
from identity.actor import Actor
from identity.roles import Role
from medical.referrals.attachments import GOES_ALONG
from medical.referrals.estimate import estimate_of, may_estimate
from medical.referrals.letters import open_letter
from medical.referrals.messages import MessageView
from medical.referrals.read import read_referral
from medical.referrals.reasons import goal_label, reason_label, state_label, work_label
from medical.referrals.states import Action
from medical.referrals.views import CareReferral, EventView
from medical.release import requests_of
from medical.tables import MessageKind, ReferralState
from network.offerings_read import describe_offerings
from portal import budget_words
from portal.blocks import Event
from portal.care.physician.guards import Referrer
from portal.care.physician.words import change_rows, state_tone
from portal.care.show import show
from portal.care.talk import message_label
from portal.offering_words import unit_words, units_words
from portal.sides import role_name

router = Section(prefix="/verwijzingen/{referral_id}")


def read_for_care(session: Session, actor: Actor, referral_id: UUID) -> CareReferral:
    """Return a referral as physician and delegate see it."""
    found = read_referral(session, actor, referral_id)
    if not isinstance(found, CareReferral):
        raise NotFound(_("Deze verwijzing is er niet."))
    return found


def may_add(referral: CareReferral) -> bool:
    """Tell whether the reader may still let a file go with a referral, or take one back."""
    acts = {Action.REVISE, Action.WITHDRAW} & set(referral.possible)
    return referral.header.line.state in GOES_ALONG and bool(acts)


@router.get("")
def referral_page(request: Request, work: Referrer, referral_id: UUID) -> Response:
    """Show a referral."""
    referral = read_for_care(work.session, work.actor, referral_id)
    return show(
        request,
        work,
        "care/physician/referral.html",
        referral=referral,
        line=referral.header.line,
        events=tuple(_event(event) for event in reversed(referral.events)),
        Action=Action,
        budgets=requests_of(work.session, work.actor, referral_id),
        estimate=estimate_of(work.session, work.actor, referral_id),
        may_estimate=may_estimate(work.session, work.actor, referral_id),
        budget_words=budget_words,
        adds=may_add(referral),
        state_label=state_label,
        state_tone=state_tone,
        goal_label=goal_label,
        work_label=work_label,
        message_label=message_label,
        returned=_sent_back(referral),
        interruption=_interruption(referral),
        unseen=change_rows(referral.unseen.changes) if referral.unseen else [],
        versions=[(version, change_rows(version.changes)) for version in reversed(referral.versions)],
        units_words=units_words,
        unit_words=unit_words,
    )


@router.get("/brief")
def letter(request: Request, work: Referrer, referral_id: UUID) -> Response:
    """Show the letter to the provider, to be printed."""
    referral = read_for_care(work.session, work.actor, referral_id)
    line = referral.header.line
    return show(
        request,
        work,
        "care/physician/letter.html",
        referral=referral,
        line=line,
        case=get_case(work.session, work.actor, line.case_id),
        offering=describe_offerings(work.session, [line.offering_id])[line.offering_id],
        units_words=units_words,
        unit_words=unit_words,
    )


@router.get("/brief.pdf")
def letter_file(work: Referrer, referral_id: UUID) -> Response:
    """Return the letter as it was sent, as PDF/A."""
    file = open_letter(work.session, work.actor, referral_id)
    return download(file.name, file.content, "application/pdf")


def _sent_back(referral: CareReferral) -> MessageView | None:
    """Return the words with which the draft was sent back, while it waits for a change."""
    if referral.header.line.state is not ReferralState.RETURNED:
        return None
    return next((each for each in reversed(referral.messages) if each.kind is MessageKind.RETURN), None)


def _interruption(referral: CareReferral) -> str:
    reasons = [event.reason for event in referral.events if event.action is Action.INTERRUPT and event.reason]
    return reason_label(reasons[-1]) if reasons else ""


def _event(event: EventView) -> Event:
    said = {
        Action.DRAFT: _("Concept gemaakt"),
        Action.REVISE: _("Concept gewijzigd"),
        Action.RETURN: _("Concept teruggestuurd"),
        Action.ISSUE: _("Verstuurd aan de provider"),
        Action.ACCEPT: _("Aangenomen door de provider"),
        Action.DECLINE: _("Afgewezen door de provider"),
        Action.REDIRECT: _("Naar een ander aanbod gestuurd"),
        Action.SCHEDULE: _("Eerste afspraak gepland"),
        Action.START: _("Begonnen"),
        Action.ASK: _("De provider stelde een vraag"),
        Action.ANSWER: _("De vraag is beantwoord"),
        Action.INTERRUPT: _("Onderbroken"),
        Action.RESUME: _("Gaat weer door"),
        Action.REPORT: _("Rapport ontvangen"),
        Action.COMPLETE: _("Afgerond"),
        Action.WITHDRAW: _("Ingetrokken"),
        Action.EXPIRE: _("Verlopen zonder antwoord"),
    }[event.action]
    role = "" if event.role is Role.SYSTEM else role_name(event.role).lower()
    who = ", ".join(part for part in (event.name, role) if part) or _("Het systeem")
    return Event(event.at, said, who, reason_label(event.reason) if event.reason else "")
