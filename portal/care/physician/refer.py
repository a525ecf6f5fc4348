"""Referring, from the offering on: what is asked, and a check of what goes to whom before anything does.

What was typed travels with the steps in the form itself, so that nothing of it stands in an address or is kept before
the last step.
"""

from typing import Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel
from starlette.datastructures import ImmutableMultiDict
from starlette.responses import Response

from cases.consents import NewConsent, give_consent
from cases.tables import ConsentForm, ConsentScope
from core.clock import today
from core.errors import NotFound
from core.language import _
from core.routing import Section
from identity.guard import Work
from identity.roles import Role
from medical.referrals.draft import draft_referral
from medical.referrals.forms import ReferralForm
from medical.referrals.issue import issue_referral, refer
from medical.referrals.moves import Outcome
from medical.tables import ReferralState
from network.tables import PriceUnit
from portal import flash
from portal.attempts import attempt
from portal.blocks import Recipient
from portal.care.physician.consents import consent_rows
from portal.care.physician.footing import Ground, ground_of
from portal.care.physician.guards import Referrer
from portal.care.physician.search_way import Way, way_of
from portal.care.physician.sending import Sending, consent_is_missing, recipients
from portal.care.show import show
from portal.forms import Form, FormFields, blank, parse
from portal.offering_words import unit_words, units_question, units_words
from portal.rehearsal import rehearse

router = Section()
COUNTED_AS_ONE = frozenset({PriceUnit.REPORT, PriceUnit.TRAJECTORY})
GiveNow = Literal["provider", "report_back", "insurer"]
"""Consents that an employee can give on the spot; that the employer may know asks for a talk of its own (R26)."""


class Start(BaseModel):
    """A case and the offering that was chosen for it."""

    case_id: UUID
    offering_id: UUID


class Referring(ReferralForm):
    """What was filled in, the consents that the employee gives with it, and which step comes next."""

    consents: list[GiveNow] = []
    act: Literal["check", "edit", "issue", "draft"] = "check"

    @property
    def filled(self) -> ReferralForm:
        """What the medical room understands."""
        return ReferralForm(**self.model_dump(exclude={"consents", "act"}))


CARRIED = tuple(name for name in Referring.model_fields if name != "act")
"""The fields that the check page sends on unseen."""


@router.get("/verwijzingen/nieuw")
def ask_page(request: Request, work: Referrer) -> Response:
    """Ask for goal and question: the second step."""
    ground = _ground(work, request.query_params)
    case, offering = ground.footing.case, ground.footing.offering
    units = 1 if offering.price_unit in COUNTED_AS_ONE else None
    return _ask(request, work, ground, blank(case_id=case.id, offering_id=offering.id, units=units))


@router.post("/verwijzingen/nieuw")
def go_on(request: Request, work: Referrer, data: FormFields) -> Response:
    """Go on to the check, back to the question, or carry out what was checked; the third step."""
    ground = _ground(work, data)
    form = parse(Referring, data)
    if form.value is None:
        return _ask(request, work, ground, form, 422)
    if form.value.act == "edit":
        return _ask(request, work, ground, form)
    if form.value.act == "check":
        return _check(request, work, ground, form.value, form)
    tried = attempt(work.session, form, lambda typed: _carry_out(work, typed))
    if tried.done is None:
        return _check(request, work, ground, form.value, tried.form, tried.status)
    return flash.redirect(request, f"/arts/verwijzingen/{tried.done.id}", _said(tried.done, ground))


def _ground(work: Work, data: ImmutableMultiDict[str, object]) -> Ground:
    start = parse(Start, data).value
    if start is None:
        raise NotFound(_("Kies eerst een dossier en een aanbod."))
    return ground_of(work, start.case_id, start.offering_id)


def _carry_out(work: Work, typed: Referring) -> Outcome:
    """Issue, or keep as a draft, with the consents that were given; the same form again finds what it made."""
    _give_consents(work, typed)
    if typed.act == "draft":
        return draft_referral(work.session, work.actor, typed.filled)
    if work.actor.role is Role.PHYSICIAN:
        return refer(work.session, work.actor, typed.filled)
    drafted = draft_referral(work.session, work.actor, typed.filled)
    if drafted.state is not ReferralState.DRAFT:
        return drafted
    return issue_referral(work.session, work.actor, drafted.id)


def _give_consents(work: Work, typed: Referring) -> None:
    for scope in typed.consents:
        given = NewConsent(scope=ConsentScope(scope), form=ConsentForm.ORAL, given_on=today())
        give_consent(work.session, work.actor, typed.case_id, given)


def _told(work: Work, ground: Ground, asked: Referring) -> tuple[tuple[Recipient, ...], bool]:
    """Return who would get what, and whether consent would still be missing, with the consents that were ticked."""
    sending = Sending(ground.footing.case, ground.footing.offering, asks_insurer=asked.request_cofinancing)

    def look() -> tuple[tuple[Recipient, ...], bool]:
        _give_consents(work, asked)
        return recipients(work.session, work.actor, sending), consent_is_missing(work.session, sending)

    return rehearse(work.session, look)


def _said(outcome: Outcome, ground: Ground) -> str:
    """Return what is said of the outcome, without what the check has said already."""
    is_draft = outcome.state is ReferralState.DRAFT
    said = _("Het concept is bewaard.") if is_draft else _("De verwijzing is verstuurd.")
    return " ".join((said, *(notice for notice in outcome.notices if notice not in ground.notices)))


def _ask(request: Request, work: Work, ground: Ground, form: Form[Referring], status: int = 200) -> Response:
    rows = consent_rows(work.session, work.actor, ground.footing.case.id)
    return show(
        request,
        work,
        "care/physician/refer_ask.html",
        status=status,
        form=form,
        ground=ground,
        back=Way(dossier=ground.footing.case.id, terug=way_of(request).terug).offering(ground.footing.offering.id),
        case=ground.footing.case,
        offering=ground.footing.offering,
        judged=ground.footing.judged,
        consents=[(row.scope.value, row.label, row.meaning) for row in rows if row.can_be_given_now],
        unit_words=unit_words,
        units_question=units_question,
    )


def _check(
    request: Request, work: Work, ground: Ground, asked: Referring, form: Form[Referring], status: int = 200
) -> Response:
    told, consent_missing = _told(work, ground, asked)
    return show(
        request,
        work,
        "care/physician/refer_check.html",
        status=status,
        form=form,
        clean=blank(submission=form.submission),
        asked=asked,
        ground=ground,
        case=ground.footing.case,
        offering=ground.footing.offering,
        carried=[(name, value) for name in CARRIED for value in form.all_of(name)],
        recipients=told,
        consent_missing=consent_missing,
        units_words=units_words,
        unit_words=unit_words,
    )
