"""The absence cases: the list of them, and opening one."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from cases.cases_open import NewCase, Outcome, open_case
from cases.cases_read import CaseFilter, list_cases
from cases.employers import EmployerView, employers_of
from cases.timelines import timelines
from core.language import _
from core.routing import Section
from core.validation import OneLine
from identity.guard import Work
from portal import flash
from portal.attempts import attempt
from portal.care.physician.guards import Referrer
from portal.care.show import show
from portal.forms import Form, FormFields, blank, parse

router = Section()
PAGE_SIZE = 25
LIST = "care/physician/cases.html"
NEW = "care/physician/case_new.html"
Closed = {"open": False, "closed": True, "all": None}


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
        return CaseFilter(employer_id=self.employer, q=self.q, year=year, closed=Closed[self.state])


@router.get("/dossiers")
def case_list(request: Request, work: Referrer) -> Response:
    """List the cases of everybody for whom the actor works, with the next date of each."""
    form = parse(CaseFilters, request.query_params)
    chosen = form.value or CaseFilters()
    found = list_cases(work.session, work.actor, chosen.wanted, chosen.page, PAGE_SIZE)
    return show(
        request,
        work,
        LIST,
        form=form,
        chosen=chosen,
        cases=found,
        clocks=timelines(work.session, work.actor, found.items),
        employers=_choices(employers_of(work.session, work.actor)),
    )


@router.get("/dossiers/nieuw")
def new_case(request: Request, work: Referrer) -> Response:
    """Show the form with which a case is opened."""
    return _form(request, work, blank(employer_id=request.query_params.get("employer")))


@router.post("/dossiers/nieuw")
def add_case(request: Request, work: Referrer, data: FormFields) -> Response:
    """Open a case, or go to the one that this report of sickness belongs to."""
    tried = attempt(work.session, parse(NewCase, data), lambda new: open_case(work.session, work.actor, new))
    if tried.done is None:
        return _form(request, work, tried.form, tried.status)
    said = {
        Outcome.OPENED: _("Het dossier is geopend."),
        Outcome.CONTINUED: _("Het vorige verzuim was korter dan 28 dagen geleden: dat dossier gaat verder."),
        Outcome.KNOWN: _("Dit verzuim was al gemeld. Dit is het dossier."),
    }[tried.done.outcome]
    return flash.redirect(request, f"/arts/dossiers/{tried.done.case.id}", said)


def _form(request: Request, work: Work, form: Form[NewCase], status: int = 200) -> Response:
    employers = _choices(employers_of(work.session, work.actor))
    return show(request, work, NEW, status=status, form=form, employers=employers)


def _choices(employers: tuple[EmployerView, ...]) -> list[tuple[str, str]]:
    return [(str(employer.id), employer.name) for employer in employers]
