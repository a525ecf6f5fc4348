"""Another password, chosen by its owner after his second factor."""

from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.language import _
from core.routing import Section
from identity.guard import Work, own_account, settings_of
from identity.password_change import change_password
from identity.password_rules import LONGEST
from identity.policy import Permission
from portal import flash
from portal.attempts import attempt
from portal.forms import FormFields, blank, parse
from portal.page import render

router = Section(prefix="/account/wachtwoord")

Mine = Annotated[Work, own_account(Permission.SEE_SELF, fresh=True)]


class Change(BaseModel):
    """The old password and the new one."""

    old: str = Field(max_length=1024)
    new: str = Field(max_length=LONGEST)


@router.get("")
def password_page(request: Request, work: Mine) -> Response:
    """Ask for both."""
    return render(request, "account/password.html", form=blank(email=work.actor.email))


@router.post("")
def change(request: Request, work: Mine, data: FormFields) -> Response:
    """Set the new one."""
    form = parse(Change, data)
    settings = settings_of(request)

    def act(typed: Change) -> bool:
        change_password(work.session, work.actor, typed.old, typed.new, settings)
        return True

    tried = attempt(work.session, form, act)
    if tried.done is None:
        return render(request, "account/password.html", status=tried.status, form=tried.form)
    said = _("Uw wachtwoord is gewijzigd. Op andere apparaten bent u afgemeld.")
    return flash.redirect(request, "/account/beveiliging", said)
