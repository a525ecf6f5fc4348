"""What physician and delegate do to a referral: issue, revise, withdraw, and send it elsewhere."""

from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from cases.cases_read import get_case
from core.language import _
from core.routing import Section
from identity.guard import Work
from medical.referrals.draft import revise_draft
from medical.referrals.forms import Asked, Units
from medical.referrals.issue import issue_referral
from medical.referrals.moves import Outcome
from medical.referrals.reasons import WithdrawReason, reason_label
from medical.referrals.redirect import redirect_referral
from medical.referrals.run import withdraw_referral
from network.offerings_read import describe_offerings, referable_offering
from portal import flash
from portal.attempts import attempt
from portal.care.physician.guards import Referrer
from portal.care.physician.referral import read_for_care
from portal.care.physician.search_way import Way, way_of
from portal.care.physician.sending import Sending, consent_is_missing, recipients
from portal.care.show import show
from portal.forms import Form, FormFields, blank, parse
from portal.offering_words import unit_words, units_question, units_words

router = Section(prefix="/verwijzingen/{referral_id}")
ASKED = tuple(name for name in Asked.model_fields if name != "units")


class Version(BaseModel):
    """How the person saw the referral when he decided, so that two people do not act past each other."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int


class Withdrawal(Version):
    """Why a referral is taken back."""

    reason: WithdrawReason


class Revision(Asked):
    """A draft that was changed."""

    version: int


class Redirection(Version):
    """Where a referral goes instead, and how many units of that."""

    offering_id: UUID
    units: Units


@router.get("/versturen")
def issue_page(request: Request, work: Referrer, referral_id: UUID) -> Response:
    """Say what will be sent to whom, before a draft is issued."""
    return _issue(request, work, referral_id, blank())


@router.post("/versturen")
def issue(request: Request, work: Referrer, referral_id: UUID, data: FormFields) -> Response:
    """Issue a draft."""
    tried = attempt(
        work.session,
        parse(Version, data),
        lambda seen: issue_referral(work.session, work.actor, referral_id, seen.version),
    )
    if tried.done is None:
        return _issue(request, work, referral_id, tried.form, tried.status)
    return _back(request, referral_id, _("De verwijzing is verstuurd."))


@router.get("/wijzigen")
def revise_page(request: Request, work: Referrer, referral_id: UUID) -> Response:
    """Show what a draft asks, to change it."""
    found = read_for_care(work.session, work.actor, referral_id)
    asked = {name: getattr(found, name) for name in ASKED}
    return _revise(request, work, referral_id, blank(asked, units=found.header.units))


@router.post("/wijzigen")
def revise(request: Request, work: Referrer, referral_id: UUID, data: FormFields) -> Response:
    """Change what a draft asks."""

    def act(typed: Revision) -> Outcome:
        asked = Asked(**typed.model_dump(exclude={"version"}))
        return revise_draft(work.session, work.actor, referral_id, asked, typed.version)

    tried = attempt(work.session, parse(Revision, data), act)
    if tried.done is None:
        return _revise(request, work, referral_id, tried.form, tried.status)
    return _back(request, referral_id, _("Het concept is bewaard."))


@router.get("/intrekken")
def withdraw_page(request: Request, work: Referrer, referral_id: UUID) -> Response:
    """Ask why a referral is taken back."""
    return _withdraw(request, work, referral_id, blank())


@router.post("/intrekken")
def withdraw(request: Request, work: Referrer, referral_id: UUID, data: FormFields) -> Response:
    """Take a referral back."""
    tried = attempt(
        work.session,
        parse(Withdrawal, data),
        lambda typed: withdraw_referral(work.session, work.actor, referral_id, typed.reason, typed.version),
    )
    if tried.done is None:
        return _withdraw(request, work, referral_id, tried.form, tried.status)
    return _back(request, referral_id, _("De verwijzing is ingetrokken."))


@router.get("/ander-aanbod/{offering_id}")
def redirect_page(request: Request, work: Referrer, referral_id: UUID, offering_id: UUID) -> Response:
    """Say what will be sent to whom, before a referral goes to another offering."""
    found = read_for_care(work.session, work.actor, referral_id)
    return _redirect(request, work, referral_id, offering_id, blank(units=found.header.units))


@router.post("/ander-aanbod/{offering_id}")
def redirect(request: Request, work: Referrer, referral_id: UUID, offering_id: UUID, data: FormFields) -> Response:
    """Send a referral to another offering: a new one replaces it, and the history stays (R11)."""
    tried = attempt(
        work.session,
        parse(Redirection, data),
        lambda typed: redirect_referral(
            work.session, work.actor, referral_id, typed.offering_id, typed.units, typed.version
        ),
    )
    if tried.done is None:
        return _redirect(request, work, referral_id, offering_id, tried.form, tried.status)
    return _back(
        request, tried.done.replaced_by or referral_id, _("De verwijzing is naar de nieuwe provider verstuurd.")
    )


def _back(request: Request, referral_id: UUID, said: str) -> Response:
    return flash.redirect(request, f"/arts/verwijzingen/{referral_id}", said)


def _issue(request: Request, work: Work, referral_id: UUID, form: Form[Version], status: int = 200) -> Response:
    found = read_for_care(work.session, work.actor, referral_id)
    line = found.header.line
    case = get_case(work.session, work.actor, line.case_id)
    # Of an offering that cannot be referred to any more the page still has to say what it was.
    offering = describe_offerings(work.session, [line.offering_id])[line.offering_id]
    sending = Sending(case, offering, asks_insurer=found.request_cofinancing)
    return show(
        request,
        work,
        "care/physician/referral_issue.html",
        status=status,
        referral=found,
        line=line,
        offering=offering,
        recipients=recipients(work.session, work.actor, sending),
        consent_missing=consent_is_missing(work.session, sending),
        units_words=units_words,
        unit_words=unit_words,
        form=form,
    )


def _revise(request: Request, work: Work, referral_id: UUID, form: Form[Revision], status: int = 200) -> Response:
    found = read_for_care(work.session, work.actor, referral_id)
    line = found.header.line
    offering = describe_offerings(work.session, [line.offering_id])[line.offering_id]
    return show(
        request,
        work,
        "care/physician/referral_revise.html",
        status=status,
        referral=found,
        line=line,
        offering=offering,
        unit_words=unit_words,
        units_question=units_question,
        form=form,
    )


def _withdraw(request: Request, work: Work, referral_id: UUID, form: Form[Withdrawal], status: int = 200) -> Response:
    found = read_for_care(work.session, work.actor, referral_id)
    return show(
        request,
        work,
        "care/physician/referral_withdraw.html",
        status=status,
        referral=found,
        line=found.header.line,
        reasons=[(reason.value, reason_label(reason.value)) for reason in WithdrawReason],
        form=form,
    )


def _redirect(
    request: Request, work: Work, referral_id: UUID, offering_id: UUID, form: Form[Redirection], status: int = 200
) -> Response:
    found = read_for_care(work.session, work.actor, referral_id)
    case = get_case(work.session, work.actor, found.header.line.case_id)
    offering = referable_offering(work.session, work.actor, offering_id)
    sending = Sending(case, offering, asks_insurer=found.request_cofinancing)
    return show(
        request,
        work,
        "care/physician/referral_redirect.html",
        status=status,
        back=Way(dossier=found.header.line.case_id, vervangt=referral_id, terug=way_of(request).terug).results,
        referral=found,
        line=found.header.line,
        offering=offering,
        recipients=recipients(work.session, work.actor, sending),
        consent_missing=consent_is_missing(work.session, sending),
        unit_words=unit_words,
        units_question=units_question,
        form=form,
    )
