"""What the arbodienst's own services of a month cost its employers: one by one, or a file with all of them."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import UploadFile
from starlette.responses import Response

from billing.charging.month_input import MonthInput
from billing.charging.services import MOST_AT_ONCE, NewService, employers_by_kvk, keep_services, list_services
from billing.service_tables import ServiceBasis
from core.errors import FieldError, Invalid, NotFound
from core.language import _, ngettext
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from portal import flash
from portal.attempts import attempt
from portal.care.secretary.charging import usual_month
from portal.care.secretary.navigation import SERVICES
from portal.care.show import show
from portal.forms import Form, FormFields, blank, parse
from portal.typed import Euros

router = Section(prefix=SERVICES)
Keeper = Annotated[Work, care(Permission.KEEP_SERVICES)]
PAGE_SIZE = 25
MOST_BYTES = 1_000_000
COLUMNS = ["kvk", "grondslag", "bedrag"]
BASES = {"gebruik": ServiceBasis.BY_USE, "vast": ServiceBasis.FIXED}


class Shown(BaseModel):
    """Which month, and which page of employers."""

    month: MonthInput | None = None
    page: int = Field(default=1, ge=1, le=100_000)


class One(BaseModel):
    """What the services of a month cost one employer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    month: MonthInput
    employer: UUID
    basis: ServiceBasis
    amount: Annotated[Euros, Field(gt=0, le=100_000_000_00)]


class Many(BaseModel):
    """A file with what they cost many."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    month: MonthInput
    file: UploadFile


class Line(BaseModel):
    """A line of that file."""

    kvk: str = Field(pattern=r"^[0-9]{8}$")
    grondslag: Literal["gebruik", "vast"]
    bedrag: Annotated[Euros, Field(gt=0, le=100_000_000_00)]


@router.get("")
def services(request: Request, work: Keeper) -> Response:
    """List the employers with what their services of a month cost."""
    return _page(request, work, None, blank(), blank())


@router.post("")
def keep(request: Request, work: Keeper, data: FormFields) -> Response:
    """Write down what they cost one employer."""
    form = parse(One, data)
    tried = attempt(
        work.session,
        form,
        lambda one: keep_services(
            work.session, work.actor, one.month, [NewService(one.employer, one.basis, one.amount)]
        ),
    )
    if tried.done is None or form.value is None:
        return _page(request, work, form.value.month if form.value else None, tried.form, blank(), tried.status)
    return flash.redirect(request, f"{SERVICES}?month={form.value.month:%Y-%m}", _("Bewaard."))


@router.post("/bestand")
def upload(request: Request, work: Keeper, data: FormFields) -> Response:
    """Write down what a file says."""
    form = parse(Many, data)

    def read_and_keep(many: Many) -> int:
        return keep_services(work.session, work.actor, many.month, _read(work, many.file))

    tried = attempt(work.session, form, read_and_keep)
    if tried.done is None or form.value is None:
        return _page(request, work, form.value.month if form.value else None, blank(), tried.form, tried.status)
    said = ngettext("%(n)s bedrag bewaard.", "%(n)s bedragen bewaard.", tried.done) % {"n": tried.done}
    return flash.redirect(request, f"{SERVICES}?month={form.value.month:%Y-%m}", said)


def _read(work: Work, file: UploadFile) -> Sequence[NewService]:
    """Return what a file says; raises Invalid with the lines that cannot be read."""
    lines, errors = [], []
    for nth, row in enumerate(_rows(file.file.read(MOST_BYTES + 1)), start=2):
        try:
            lines.append((nth, Line.model_validate(dict(zip(COLUMNS, row, strict=True)))))
        except (ValidationError, ValueError):
            errors.append(nth)
    employers = employers_by_kvk(work.session, work.actor, {line.kvk for _nth, line in lines})
    named = Counter(line.kvk for _nth, line in lines)
    errors += [nth for nth, line in lines if len(employers.get(line.kvk, ())) != 1 or named[line.kvk] > 1]
    if errors:
        said = _("Niet te lezen: regel %(lines)s.") % {"lines": ", ".join(map(str, sorted(errors)[:20]))}
        raise Invalid(said, (FieldError("file", said),))
    return [NewService(employers[line.kvk][0], BASES[line.grondslag], line.bedrag) for _nth, line in lines]


def _rows(content: bytes) -> list[list[str]]:
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";", strict=True))
    except (UnicodeDecodeError, csv.Error):
        rows = []
    head, *lines = [[cell.strip() for cell in row] for row in rows if any(row)] or [[]]
    if len(content) > MOST_BYTES or [cell.casefold() for cell in head] != COLUMNS or not 0 < len(lines) <= MOST_AT_ONCE:
        message = _("Geef een CSV-bestand met de kolommen kvk;grondslag;bedrag: één werkgever per regel, hooguit 5000.")
        raise Invalid(message, (FieldError("file", message),))
    return lines


def _page(
    request: Request, work: Work, month: date | None, one: Form[Any], many: Form[Any], status: int = 200
) -> Response:
    shown = parse(Shown, request.query_params).value
    if shown is None:
        raise NotFound(_("Deze maand is niet gevonden."))
    month = month or shown.month or usual_month()
    found = list_services(work.session, work.actor, month, shown.page, PAGE_SIZE)
    return show(
        request,
        work,
        "care/secretary/services.html",
        status=status,
        month=month,
        found=found,
        one=one,
        many=many,
        employers=[(str(each.employer_id), each.employer_name) for each in found.items if not each.is_charged],
        bases=[
            (ServiceBasis.BY_USE.value, _("Naar gebruik"), _("De werkgever kent het bedrag niet vooraf.")),
            (ServiceBasis.FIXED.value, _("Vast bedrag"), _("De werkgever kent het bedrag vooraf.")),
        ],
    )
