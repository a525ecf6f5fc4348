"""Asking the medical side for an open intervention: the goal, what will be sent to whom, and sending it (R5, R9)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from cases.cases_read import get_case
from cases.requests import NewRequest, request_intervention
from core.errors import Forbidden
from core.language import _
from core.routing import Section
from core.validation import Prose
from identity.guard import Work
from network.offering_view import OfferingView
from network.offerings_read import referable_offering
from network.taxonomy import Disclosure, ReferralClass, interventions
from portal import flash
from portal.attempts import attempt
from portal.blocks import Recipient
from portal.forms import Form, FormFields, blank, parse
from portal.offering_words import offering_facts, wait_figures
from portal.open.case_manager.cases import Manager
from portal.open.case_manager.navigation import HOME
from portal.open.show import show
from portal.page import Here

router = Section(prefix=f"{HOME}/dossiers/{{case_id}}/aanvraag/{{offering_id}}")
LONGEST_GOAL = 500


class Goal(BaseModel, extra="forbid"):
    """What should be different at work, and which button was pressed."""

    goal: Annotated[Prose, Field(max_length=LONGEST_GOAL)]
    act: Literal["check", "change", "send"] = "check"


@router.get("")
def goal_page(request: Request, work: Manager, case_id: UUID, offering_id: UUID) -> Response:
    """Show what was chosen, and ask for the goal."""
    return _page(request, work, "request_goal", case_id, offering_id, blank())


@router.post("")
def ask(request: Request, work: Manager, case_id: UUID, offering_id: UUID, data: FormFields) -> Response:
    """Go on to the check, back to the goal, or send the request."""
    form = parse(Goal, data)
    if form.value is None or form.value.act == "change":
        status = 422 if form.value is None else 200
        return _page(request, work, "request_goal", case_id, offering_id, form, status)
    if form.value.act == "check":
        return _page(request, work, "request_check", case_id, offering_id, form)
    tried = attempt(
        work.session,
        form,
        lambda typed: request_intervention(
            work.session, work.actor, NewRequest(case_id=case_id, offering_id=offering_id, goal=typed.goal)
        ),
    )
    if tried.done is None:
        return _page(request, work, "request_check", case_id, offering_id, tried.form, tried.status)
    said = _("Deze aanvraag lag er al.") if tried.done.known else _("De aanvraag is verstuurd aan de bedrijfsarts.")
    return flash.redirect(request, f"{HOME}/dossiers/{case_id}#interventies", said)


def _page(
    request: Request, work: Work, page: str, case_id: UUID, offering_id: UUID, form: Form[Goal], status: int = 200
) -> Response:
    offering = _open_offering(work, offering_id)
    return show(
        request,
        work,
        f"open/case_manager/{page}.html",
        status=status,
        case=get_case(work.session, work.actor, case_id),
        offering=offering,
        intervention=interventions()[offering.intervention].name,
        facts=offering_facts(offering),
        waits=wait_figures(offering),
        form=form,
        limit=LONGEST_GOAL,
        # The filters came along in the address, so that the way back leads to the same results.
        results=Here(f"{HOME}/dossiers/{case_id}/zoeken", tuple(request.query_params.multi_items())).url(),
        recipients=_recipients(offering),
    )


def _open_offering(work: Work, offering_id: UUID) -> OfferingView:
    offering = referable_offering(work.session, work.actor, offering_id)
    if offering.disclosure is not Disclosure.OPEN or offering.referral_class is not ReferralClass.NON_MEDICAL:
        raise Forbidden(_("Dit aanbod kan alleen de medische kant aanvragen."))
    return offering


def _recipients(offering: OfferingView) -> tuple[Recipient, ...]:
    return (
        Recipient(
            _("De bedrijfsarts"),
            "care",
            (_("Het dossiernummer"), _("Het aanbod dat u koos"), _("Uw doel")),
            how=_("Die beslist, of wie zijn mandaat heeft."),
        ),
        Recipient(
            offering.provider_name,
            "care",
            (),
            (_("Nog niets: pas als de bedrijfsarts verwijst, krijgt de provider een verwijzing."),),
        ),
        Recipient(
            _("De werkgever"),
            "open",
            (),
            (_("Nu niets. Verwijst de bedrijfsarts, dan ziet hij welke interventie, en hoe ver die is."),),
        ),
    )
