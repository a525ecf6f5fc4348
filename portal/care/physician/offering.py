"""An offering in full: the first step of referring, for a case that is known already or chosen here."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from cases.cases_read import CaseFilter, list_cases
from core.errors import Conflict
from core.routing import Section
from core.validation import OneLine
from identity.guard import Work
from network.figures import experience_of
from network.offering_view import OfferingView
from network.offerings_read import get_offering
from network.taxonomy import causes, interventions
from portal.care.physician.footing import Ground, ground_of
from portal.care.physician.guards import Referrer
from portal.care.physician.search_way import way_of
from portal.care.show import show
from portal.case_words import year_words
from portal.finding import place_name
from portal.forms import parse
from portal.offering_words import evidence_words, outcome_words, price_words, share_words, vat_words

router = Section()
MOST_CASES = 20


class Choice(BaseModel):
    """For which case the offering is looked at, which referral it replaces, and a word to find a case by."""

    dossier: UUID | None = None
    vervangt: UUID | None = None
    q: Annotated[OneLine, Field(max_length=60)] | None = None


@router.get("/zoeken/aanbod/{offering_id}")
def offering_page(request: Request, work: Referrer, offering_id: UUID) -> Response:
    """Show an offering, with what speaks against it for the case; without a case, the cases to choose from."""
    form = parse(Choice, request.query_params)
    choice = form.value or Choice()
    offering = get_offering(work.session, work.actor, offering_id)
    wanted = CaseFilter(q=choice.q, closed=False)
    return show(
        request,
        work,
        "care/physician/offering.html",
        form=form,
        choice=choice,
        way=way_of(request),
        offering=offering,
        ground=_ground(work, choice, offering_id),
        cases=None if choice.dossier else list_cases(work.session, work.actor, wanted, page_size=MOST_CASES),
        kind=interventions()[offering.intervention],
        causes=_causes(offering),
        place=place_name(offering.postcode),
        evidence_words=evidence_words,
        outcome_words=outcome_words,
        experience=experience_of(work.session, work.actor, offering.provider_id),
        share_words=share_words,
        price_words=price_words,
        vat_words=vat_words,
        year_words=year_words,
    )


def _ground(work: Work, choice: Choice, offering_id: UUID) -> Ground | None:
    """Return on what a referral would stand; none without a case, or for one that is closed."""
    if choice.dossier is None:
        return None
    try:
        return ground_of(work, choice.dossier, offering_id)
    except Conflict:
        return None


def _causes(offering: OfferingView) -> list[str]:
    return [causes()[code].name for code in offering.causes if code in causes()]
