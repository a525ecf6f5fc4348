"""Up to three offerings side by side, with what differs marked; the referral begins in a column."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from pydantic import Field
from starlette.responses import Response

from core.errors import Invalid
from core.routing import Section
from identity.guard import Work
from portal.care.physician.compare_words import rows
from portal.care.physician.guards import Referrer
from portal.care.physician.search import Wanted
from portal.care.physician.search_way import COMPARISON, OWN, asked_in, way_from
from portal.care.show import show
from portal.forms import Form, parse
from search.offerings_compare import MOST_COMPARED, Comparison, compare_offerings

router = Section()


class Compared(Wanted):
    """Which offerings, and the filters of the results from which they were chosen."""

    offering: Annotated[list[UUID], Field(max_length=50)] = []


@router.get("/zoeken/vergelijken")
def comparison_page(request: Request, work: Referrer) -> Response:
    """Show the offerings side by side; when they are too many, or none, say so and lead back."""
    asked = asked_in(request)
    found, form = _compare(work, parse(Compared, asked))
    wanted = form.value or Wanted()
    columns = found.offerings if found else ()
    return show(
        request,
        work,
        "care/physician/compare.html",
        status=200 if found else 422,
        form=form,
        columns=columns,
        gone=found.gone if found else 0,
        fewer=_fewer(form),
        rows=rows(columns),
        way=way_from(asked.multi_items(), {"dossier": wanted.dossier, "vervangt": wanted.vervangt}),
    )


def _fewer(form: Form[Compared]) -> str:
    """Return the address with as many as fit, of what was chosen; nothing when too few were chosen, not too many."""
    chosen = dict.fromkeys(form.all_of("offering"))
    if len(chosen) <= MOST_COMPARED:
        return ""
    others = [(name, value) for name, values in form.typed.items() if name != "offering" for value in values]
    return f"{COMPARISON}?{urlencode([*others, *(('offering', each) for each in list(chosen)[:MOST_COMPARED])])}"


def _compare(work: Work, form: Form[Compared]) -> tuple[Comparison | None, Form[Compared]]:
    if form.value is None:
        return None, form
    wanted = form.value
    try:
        return compare_offerings(work.session, work.actor, wanted.offering, wanted.asked(*OWN, "offering")), form
    except Invalid as refusal:
        return None, form.refused(refusal.errors)
