"""Signing a mandate: first for which employer, then for whom of those who work for it, and to what (R2, R7, R19)."""

from datetime import timedelta
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from cases.employers import MOST_TO_CHOOSE_FROM, employers_of, find_employer
from cases.mandate_holders import HolderView, list_holders
from cases.mandates import NewMandate, sign_mandate
from core.clock import today
from core.language import _
from core.routing import Section
from identity.guard import Work
from network.taxonomy import ReferralClass, interventions
from portal import flash
from portal.attempts import attempt
from portal.care.physician.guards import Signer
from portal.care.show import show
from portal.forms import Form, FormFields, blank, parse
from portal.presenters import day

router = Section(prefix="/mandaten/nieuw")
A_YEAR = timedelta(days=364)


class ForEmployer(BaseModel):
    """For which employer."""

    employer_id: UUID | None = None


@router.get("")
def new_mandate(request: Request, work: Signer) -> Response:
    """Ask for which employer, or show the form with which a mandate for it is signed."""
    chosen = parse(ForEmployer, request.query_params).value
    if chosen is None or chosen.employer_id is None:
        return _employer(request, work)
    return _form(request, work, chosen.employer_id, blank(valid_from=today(), valid_until=today() + A_YEAR))


@router.post("")
def sign(request: Request, work: Signer, data: FormFields) -> Response:
    """Sign a mandate."""
    form = parse(NewMandate, data)
    chosen = parse(ForEmployer, data).value
    if chosen is None or chosen.employer_id is None:
        return _employer(request, work, 422)
    tried = attempt(work.session, form, lambda new: sign_mandate(work.session, work.actor, new))
    if tried.done is None:
        return _form(request, work, chosen.employer_id, tried.form, tried.status)
    said = _("Dit mandaat was al getekend.") if tried.done.known else _("Het mandaat is getekend.")
    return flash.redirect(request, "/arts/mandaten?state=all", said)


def _employer(request: Request, work: Work, status: int = 200) -> Response:
    employers = [(str(employer.id), employer.name) for employer in employers_of(work.session, work.actor)]
    template = "care/physician/mandate_employer.html"
    return show(request, work, template, status=status, form=blank(), employers=employers)


def _form(request: Request, work: Work, employer_id: UUID, form: Form[NewMandate], status: int = 200) -> Response:
    allowed = [kind for kind in interventions().values() if kind.referral_class is ReferralClass.NON_MEDICAL]
    holders = list_holders(work.session, work.actor, employer_id, page_size=MOST_TO_CHOOSE_FROM)
    return show(
        request,
        work,
        "care/physician/mandate_new.html",
        status=status,
        form=form,
        employer=find_employer(work.session, work.actor, employer_id),
        holders=[(holder.email, _words(holder)) for holder in holders.items],
        kinds=[(kind.code, kind.name) for kind in sorted(allowed, key=lambda kind: kind.name)],
    )


def _words(holder: HolderView) -> str:
    shown = {"name": holder.name, "email": holder.email, "day": day(holder.registered_until)}
    return _("%(name)s (%(email)s), geregistreerd tot en met %(day)s") % shown
