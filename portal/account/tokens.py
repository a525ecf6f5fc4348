"""Tokens for programs: made by whoever they act for, after his second factor, and revoked by him."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.errors import FieldError
from core.language import _
from core.routing import Section
from core.validation import OneLine
from identity.guard import Work, own_account, settings_of
from identity.policy import Permission
from identity.scopes import Scope
from identity.tokens import list_tokens, make_token, revoke_token
from portal import flash
from portal.attempts import attempt
from portal.forms import Form, FormFields, blank, parse
from portal.page import render

PAGE = "/account/tokens"
router = Section(prefix=PAGE)

Mine = Annotated[Work, own_account(Permission.SEE_SELF)]
MineJustProved = Annotated[Work, own_account(Permission.SEE_SELF, fresh=True)]


class NewToken(BaseModel):
    """What a token is called, what it is for and how long it lasts."""

    name: Annotated[OneLine, Field(max_length=60)]
    scopes: Annotated[list[Scope], Field(min_length=1)]
    days: Annotated[int, Field(ge=1, le=365)]


@router.get("")
def tokens(request: Request, work: MineJustProved) -> Response:
    """Show the tokens that work, and the form for a new one."""
    return _page(request, work, blank(days=30, scopes=[Scope.READ.value]))


@router.post("")
def make(request: Request, work: MineJustProved, data: FormFields) -> Response:
    """Make a token, and show it this once."""
    form = parse(NewToken, data)
    settings = settings_of(request)
    if form.value is not None and form.value.days > settings.token_days:
        said = _("Hooguit %(n)s dagen.") % {"n": settings.token_days}
        form = form.refused([FieldError("days", said)])
    tried = attempt(
        work.session,
        form,
        lambda new: make_token(work.session, work.actor, new.name, set(new.scopes), new.days, settings),
    )
    if tried.done is None:
        return _page(request, work, tried.form, tried.status)
    return _page(request, work, blank(days=30), secret=tried.done)


@router.post("/{token_id}/intrekken")
def revoke(request: Request, work: Mine, token_id: UUID) -> Response:
    """Revoke a token."""
    revoke_token(work.session, work.actor, token_id)
    return flash.redirect(request, PAGE, _("Het token werkt niet meer."))


def _page(request: Request, work: Work, form: Form[NewToken], status: int = 200, secret: str = "") -> Response:
    return render(
        request,
        "account/tokens.html",
        status=status,
        form=form,
        tokens=list_tokens(work.session, work.actor),
        names=_names(),
        most_days=settings_of(request).token_days,
        secret=secret,
    )


def _names() -> dict[str, str]:
    return {
        Scope.READ.value: _("Lezen"),
        Scope.ACT.value: _("Doen: vastleggen en versturen"),
        Scope.FAR_REACH.value: _("Wat anders een extra bevestiging vraagt: mandaten, doorbelasten, downloads"),
    }
