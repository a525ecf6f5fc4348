"""Words that mean the same to who searches: what stands in the file of the field, and what this network made of it."""

from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, BeforeValidator, Field
from starlette.responses import Response

from core.language import _
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from portal import flash
from portal.attempts import attempt
from portal.forms import Form, FormFields, blank, parse
from portal.open.show import show
from search.synonym_groups import MOST_EXPRESSIONS, Expression, NewGroup, get_group, keep_group, list_groups

router = Section(prefix="/zoekwoorden")
PATH = "/netwerk/zoekwoorden"
Manager = Annotated[Work, open_side(Permission.MANAGE_NETWORK)]
PAGE_SIZE = 25


class SynonymFilters(BaseModel):
    """What the address bar says."""

    q: str = Field(default="", max_length=100)
    page: int = Field(default=1, ge=1, le=100_000)


class Named(BaseModel):
    """Which group; none for a new one."""

    groep: str = Field(default="", max_length=60)


def _lines(text: object) -> object:
    return [line for line in text.splitlines() if line.strip()] if isinstance(text, str) else text


class TypedGroup(NewGroup):
    """A group as a person types it: the other expressions one on each line."""

    others: Annotated[tuple[Expression, ...], BeforeValidator(_lines), Field(max_length=MOST_EXPRESSIONS)] = ()


@router.get("")
def groups(request: Request, work: Manager) -> Response:
    """List the groups by name."""
    form = parse(SynonymFilters, request.query_params)
    chosen = form.value or SynonymFilters()
    found = list_groups(work.session, work.actor, chosen.q, chosen.page, PAGE_SIZE)
    return show(request, work, "open/network_manager/synonyms.html", form=form, found=found)


@router.get("/groep")
def group_page(request: Request, work: Manager) -> Response:
    """Show the form of a group, or of a new one."""
    name = (parse(Named, request.query_params).value or Named()).groep
    there = get_group(work.session, work.actor, name) if name else None
    if there is None:
        return _form(request, work, blank(preferred=name))
    return _form(request, work, blank(preferred=there.preferred, others="\n".join(there.others), version=there.version))


@router.post("/groep")
def keep(request: Request, work: Manager, data: FormFields) -> Response:
    """Keep a group; who searches next already finds by it."""
    tried = attempt(work.session, parse(TypedGroup, data), lambda typed: keep_group(work.session, work.actor, typed))
    if tried.done is None:
        return _form(request, work, tried.form, tried.status)
    said = _("De zoekwoorden zijn bewaard.") if tried.done.is_on else _("De groep is uitgezet.")
    return flash.redirect(request, PATH, said)


def _form(request: Request, work: Work, form: Form[TypedGroup], status: int = 200) -> Response:
    return show(request, work, "open/network_manager/synonym_group.html", status=status, form=form)
