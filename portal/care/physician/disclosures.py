"""What was told of an employee to whom, when and under which consent, to be read and printed (R27)."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from cases.cases_read import get_case
from core.routing import Section
from medical.cases.disclosures import list_disclosures
from portal.care.disclosed import MOST_SHOWN, recipient_words, scope_words, what_words
from portal.care.physician.guards import Referrer
from portal.care.show import show

router = Section(prefix="/dossiers/{case_id}/gedeeld")


@router.get("")
def disclosures_page(request: Request, work: Referrer, case_id: UUID) -> Response:
    """Show all that was told in a case."""
    return show(
        request,
        work,
        "care/physician/disclosures.html",
        case=get_case(work.session, work.actor, case_id),
        disclosures=list_disclosures(work.session, work.actor, case_id, page_size=MOST_SHOWN),
        what_words=what_words,
        recipient_words=recipient_words,
        scope_words=scope_words,
    )
