"""The form with the end of an employment, the same for everybody who keeps cases (R71)."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from cases.cases_read import CaseView
from cases.employment import Employment, EmploymentView, end_employment
from cases.tables import OwnRisk
from core.language import _
from identity.guard import Work
from portal.attempts import Attempt, attempt
from portal.forms import Form, FormFields, blank, parse
from portal.typed import TypedDay, typed_day

NONE = "none"


class Ended(BaseModel):
    """The last day of an employment, empty while it goes on, and what risk the employer bears himself."""

    employed_until: TypedDay | None = None
    own_risk: Literal["none", "wga", "zw"]

    @property
    def known(self) -> Employment:
        """The same, as it is written down."""
        risk = None if self.own_risk == NONE else OwnRisk(self.own_risk)
        return Employment(employed_until=self.employed_until, own_risk=risk)


def employment_form(known: EmploymentView) -> Form[Ended]:
    """Return the form as it was last filled in."""
    ended = typed_day(known.employed_until) if known.employed_until else ""
    return blank(employed_until=ended, own_risk=known.own_risk or NONE)


def write_employment(work: Work, case_id: UUID, data: FormFields) -> Attempt[CaseView]:
    """Write down what was filled in, or return the form with what is wrong."""
    return attempt(
        work.session, parse(Ended, data), lambda typed: end_employment(work.session, work.actor, case_id, typed.known)
    )


def own_risks() -> list[tuple[str, str, str]]:
    """Return the choices, each with the term that belongs to it."""
    return [
        (NONE, _("Geen van beide"), _("Het verzuim wordt 2 jaar bewaard.")),
        (OwnRisk.ZW, _("De Ziektewet"), _("Het verzuim wordt 5 jaar bewaard.")),
        (OwnRisk.WGA, _("De WGA"), _("Het verzuim wordt 10 jaar bewaard.")),
    ]
