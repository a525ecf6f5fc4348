"""Letting people in, and putting them out at once: by netwerkbeheer those of parties, by a physician colleagues."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.errors import FieldError, Invalid
from core.language import _
from core.routing import Section
from core.validation import OneLine
from identity.admission import (
    REGISTERED,
    Invitation,
    admitted_roles,
    end_membership,
    invite,
    list_invitations,
    list_people,
    places,
    withdraw_invitation,
)
from identity.guard import Work, own_account
from identity.policy import Permission
from identity.roles import Role
from portal import flash
from portal.attempts import attempt
from portal.forms import Form, FormFields, blank, parse
from portal.page import render
from portal.sides import role_name
from portal.typed import TypedDay

PAGE = "/account/mensen"
router = Section(prefix=PAGE)

Admitter = Annotated[Work, own_account(Permission.ADMIT_PARTIES, Permission.ADMIT_COLLEAGUES)]
JustProved = Annotated[Work, own_account(Permission.ADMIT_PARTIES, Permission.ADMIT_COLLEAGUES, fresh=True)]


class Invited(BaseModel):
    """Who is let in; `place` is a role and an organisation."""

    email: Annotated[OneLine, Field(max_length=254, pattern=r"^[^\s@]+@[^\s@]+$")]
    name: Annotated[OneLine, Field(max_length=200)]
    place: Annotated[OneLine, Field(max_length=100)]
    registration_number: Annotated[OneLine, Field(max_length=40)] | None = None
    registered_until: TypedDay | None = None

    def invitation(self) -> Invitation:
        """Return it as the room reads it; raises Invalid for a place that is none."""
        role, _colon, organisation = self.place.partition(":")
        try:
            return Invitation(
                self.email, self.name, UUID(organisation), Role(role), self.registration_number, self.registered_until
            )
        except ValueError as fault:
            said = _("Kies een van deze.")
            raise Invalid(said, (FieldError("place", said),)) from fault


@router.get("")
def people(request: Request, work: JustProved) -> Response:
    """Show who is there, who was invited, and the form to invite somebody."""
    return _page(request, work, blank())


@router.post("")
def send_invitation(request: Request, work: JustProved, data: FormFields) -> Response:
    """Invite somebody."""
    tried = attempt(work.session, parse(Invited, data), lambda new: invite(work.session, work.actor, new.invitation()))
    if tried.done is None:
        return _page(request, work, tried.form, tried.status)
    return flash.redirect(request, PAGE, _("De uitnodiging is verstuurd."))


@router.post("/uitnodiging/{link_id}/intrekken")
def withdraw(request: Request, work: Admitter, link_id: UUID) -> Response:
    """Take an invitation back."""
    withdraw_invitation(work.session, work.actor, link_id)
    return flash.redirect(request, PAGE, _("De uitnodiging is ingetrokken."))


@router.post("/{membership_id}/einde")
def put_out(request: Request, work: Admitter, membership_id: UUID) -> Response:
    """End somebody's role at once."""
    end_membership(work.session, work.actor, membership_id)
    return flash.redirect(request, PAGE, _("Deze toegang is beëindigd, ook waar deze persoon nu aangemeld is."))


def _page(request: Request, work: Work, form: Form[Invited], status: int = 200) -> Response:
    return render(
        request,
        "account/people.html",
        status=status,
        form=form,
        people=list_people(work.session, work.actor),
        invitations=list_invitations(work.session, work.actor),
        places=_choices(work),
        registered=bool(REGISTERED & set(admitted_roles(work.actor))),
        me=work.actor.email,
    )


def _choices(work: Work) -> list[tuple[str, str]]:
    return [
        (f"{place.role}:{place.organisation_id}", f"{role_name(place.role)}, {place.organisation}")
        for place in places(work.session, work.actor)
    ]
