"""One referral as the provider sees it: what is asked, for whom, by whom, and what can be done now."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.downloads import download
from core.errors import Conflict, NotFound
from core.language import _
from core.routing import Section
from medical.invoices.checks import BILLABLE
from medical.referrals.attachments import open_attachment
from medical.referrals.letters import open_letter
from medical.referrals.read import read_referral
from medical.referrals.reasons import goal_label
from medical.referrals.states import Action
from medical.referrals.terms import WITH_PROVIDER
from medical.referrals.views import ProviderReferral
from medical.tables import ReferralState
from network.offerings_read import describe_offerings
from network.taxonomy import Disclosure
from portal.care.history import history
from portal.care.provider.recipients import physician
from portal.care.provider.words import act_words, state_tone, state_words
from portal.care.provider.work import Provider
from portal.care.show import show
from portal.care.talk import message_label
from portal.forms import Form, blank
from portal.offering_words import unit_words, units_words
from portal.open.provider.navigation import REFERRALS

router = Section(prefix=f"{REFERRALS}/{{referral_id}}")
OPENS = WITH_PROVIDER | {ReferralState.REPORTED}
"""While it stands so, its provider opens what came along."""


class Seen(BaseModel):
    """Which version of a referral was on the screen when somebody acted on it."""

    version: Annotated[int, Field(ge=1)]


@router.get("")
def referral_page(request: Request, work: Provider, referral_id: UUID) -> Response:
    """Show a referral."""
    return show_referral(request, work, find(work, referral_id), blank())


@router.get("/brief.pdf")
def letter_file(work: Provider, referral_id: UUID) -> Response:
    """Return the letter, as long as the provider may read what is asked."""
    file = open_letter(work.session, work.actor, referral_id)
    return download(file.name, file.content, "application/pdf")


@router.get("/bijlagen/{attachment_id}/bestand")
def attachment(work: Provider, referral_id: UUID, attachment_id: UUID) -> Response:
    """Return what came along, as long as the referral runs."""
    file = open_attachment(work.session, work.actor, referral_id, attachment_id)
    return download(file.name, file.content, file.kind.media_type)


def show_referral(
    request: Request, work: Provider, referral: ProviderReferral, form: Form[Any], status: int = 200
) -> Response:
    """Show a referral, with what is wrong when an act was refused."""
    header = referral.header
    return show(
        request,
        work,
        "care/provider/referral.html",
        status=status,
        referral=referral,
        header=header,
        line=header.line,
        form=form,
        base=f"{REFERRALS}/{header.line.id}",
        possible={action.value for action in referral.possible},
        opens=header.line.state in OPENS,
        billable=header.line.state in BILLABLE,
        events=history(referral.events),
        physician=physician(header),
        goal_label=goal_label,
        message_label=message_label,
        state_words=state_words,
        state_tone=state_tone,
        unit_words=unit_words,
        units_words=units_words,
    )


def act_page(
    request: Request,
    work: Provider,
    name: str,
    referral: ProviderReferral,
    form: Form[Any],
    status: int = 200,
    **values: object,
) -> Response:
    """Show the page of one act on a referral, by the name of its template."""
    line = referral.header.line
    base = f"{REFERRALS}/{line.id}"
    return show(request, work, f"care/provider/{name}.html", status=status, line=line, base=base, form=form, **values)


def find(work: Provider, referral_id: UUID) -> ProviderReferral:
    """Return a referral to the provider; raises NotFound for any other."""
    found = read_referral(work.session, work.actor, referral_id)
    if not isinstance(found, ProviderReferral):
        raise NotFound(_("Deze verwijzing is er niet."))
    return found


def find_for(work: Provider, referral_id: UUID, action: Action) -> ProviderReferral:
    """Return a referral on which `action` is possible now; raises Conflict, with what is possible, when it is not."""
    found = find(work, referral_id)
    if action not in found.possible:
        raise Conflict(
            _("Dat kan nu niet: deze verwijzing is %(state)s.") % {"state": state_words(found.header.line.state)},
            possible=[act_words(other) for other in found.possible],
        )
    return found


def disclosure_of(work: Provider, referral: ProviderReferral) -> Disclosure:
    """Return what the employer may know of this referral, by its offering (rules 2.1)."""
    offering_id = referral.header.line.offering_id
    offering = describe_offerings(work.session, [offering_id]).get(offering_id)
    return offering.disclosure if offering else Disclosure.CONF
