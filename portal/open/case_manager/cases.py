"""The absence cases of the employers for whom the case manager works, and opening one."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from cases.cases_open import NewCase, Outcome, open_case
from cases.cases_read import CaseFilter, list_cases
from cases.employers import employers_of
from cases.timelines import timelines
from core.language import _
from core.routing import Section
from core.validation import OneLine
from identity.guard import Work, open_side
from identity.policy import Permission
from portal import flash
from portal.attempts import attempt
from portal.forms import Form, FormFields, blank, parse
from portal.open.case_manager.navigation import HOME
from portal.open.show import show

router = Section(prefix=f"{HOME}/dossiers")
PAGE_SIZE = 25
CLOSED = {"open": False, "closed": True, "all": None}

Manager = Annotated[Work, open_side(Permission.REQUEST_INTERVENTION)]


class CaseFilters(BaseModel):
    """What the address bar says of which cases to list."""

    q: Annotated[OneLine, Field(max_length=60)] | None = None
    employer: UUID | None = None
    year: Literal["1", "2"] | None = None
    state: Literal["open", "closed", "all"] = "open"
    page: int = Field(default=1, ge=1, le=100_000)

    @property
    def wanted(self) -> CaseFilter:
        """What the cases room understands."""
        year = int(self.year) if self.year else None
        return CaseFilter(employer_id=self.employer, q=self.q, year=year, closed=CLOSED[self.state])


@router.get("")
def case_list(request: Request, work: Manager) -> Response:
    """List cases, with the next date of each."""
    form = parse(CaseFilters, request.query_params)
    chosen = form.value or CaseFilters()
    found = list_cases(work.session, work.actor, chosen.wanted, chosen.page, PAGE_SIZE)
    return show(
        request,
        work,
        "open/case_manager/cases.html",
        status=422 if form.value is None else 200,
        form=form,
        chosen=chosen,
        cases=found,
        clocks=timelines(work.session, work.actor, found.items),
        employers=_employers(work),
    )


@router.get("/nieuw")
def new_case(request: Request, work: Manager) -> Response:
    """Show the form with which a case is opened."""
    return _form(request, work, blank(employer_id=request.query_params.get("employer")))


@router.post("/nieuw")
def add_case(request: Request, work: Manager, data: FormFields) -> Response:
    """Open a case, or go to the one that this report of sickness belongs to."""
    tried = attempt(work.session, parse(NewCase, data), lambda new: open_case(work.session, work.actor, new))
    if tried.done is None:
        return _form(request, work, tried.form, tried.status)
    said = {
        Outcome.OPENED: _("Het dossier is geopend."),
        Outcome.CONTINUED: _("Het vorige verzuim was korter dan 28 dagen geleden: dat dossier gaat verder."),
        Outcome.KNOWN: _("Dit verzuim was al gemeld. Dit is het dossier."),
    }[tried.done.outcome]
    return flash.redirect(request, f"{HOME}/dossiers/{tried.done.case.id}", said)


def _form(request: Request, work: Work, form: Form[NewCase], status: int = 200) -> Response:
    return show(request, work, "open/case_manager/case_new.html", status=status, form=form, employers=_employers(work))


def _employers(work: Work) -> list[tuple[str, str]]:
    return [(str(employer.id), employer.name) for employer in employers_of(work.session, work.actor)]
