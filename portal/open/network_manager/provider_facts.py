"""Admitting a provider, and changing its numbers and address (rules chapter 4)."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from core.clock import today
from core.language import _
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from network.providers import NewProvider, ProviderFacts, admit_provider, change_provider
from network.providers_read import ProviderView, find_provider
from portal import flash
from portal.attempts import attempt
from portal.forms import Form, FormFields, blank, parse
from portal.open.show import show
from portal.typed import TypedDay

router = Section(prefix="/providers")
Manager = Annotated[Work, open_side(Permission.MANAGE_NETWORK)]


class Admission(NewProvider):
    """The same as the network asks, with days as people type them."""

    starts_on: TypedDay
    ends_on: TypedDay | None = None


@router.get("/nieuw")
def new_provider(request: Request, work: Manager) -> Response:
    """Show the form by which a provider enters the network."""
    return _admission(request, work, blank(starts_on=today()))


@router.post("/nieuw")
def admit(request: Request, work: Manager, data: FormFields) -> Response:
    """Admit a provider with its contract; the same form again leads to the same provider."""
    tried = attempt(work.session, parse(Admission, data), lambda new: admit_provider(work.session, work.actor, new))
    if tried.done is None:
        return _admission(request, work, tried.form, tried.status)
    provider = tried.done.provider
    said = _("%(name)s stond al in het netwerk.") if tried.done.known else _("%(name)s is toegelaten.")
    return flash.redirect(request, f"/netwerk/providers/{provider.id}", said % {"name": provider.name})


@router.get("/{provider_id}/gegevens")
def facts_page(request: Request, work: Manager, provider_id: UUID) -> Response:
    """Show what is known of a provider, to be changed."""
    provider = find_provider(work.session, work.actor, provider_id)
    known = {name: getattr(provider, name) for name in ProviderFacts.model_fields}
    known["name_reveals_care"] = "yes" if provider.name_reveals_care else "no"
    return _facts(request, work, provider, blank(known))


@router.post("/{provider_id}/gegevens")
def change(request: Request, work: Manager, provider_id: UUID, data: FormFields) -> Response:
    """Keep other facts of a provider."""
    tried = attempt(
        work.session,
        parse(ProviderFacts, data),
        lambda facts: change_provider(work.session, work.actor, provider_id, facts),
    )
    if tried.done is None:
        provider = find_provider(work.session, work.actor, provider_id)
        return _facts(request, work, provider, tried.form, tried.status)
    return flash.redirect(request, f"/netwerk/providers/{provider_id}", _("De gegevens zijn bewaard."))


def _admission(request: Request, work: Work, form: Form[Admission], status: int = 200) -> Response:
    return show(request, work, "open/network_manager/provider_new.html", status=status, form=form)


def _facts(
    request: Request, work: Work, provider: ProviderView, form: Form[ProviderFacts], status: int = 200
) -> Response:
    return show(request, work, "open/network_manager/provider_facts.html", status=status, form=form, provider=provider)
