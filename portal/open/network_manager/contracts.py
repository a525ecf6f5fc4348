"""Contracts with a provider: agreed, suspended, resumed and ended."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from core.clock import today
from core.errors import NotFound
from core.language import _
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from network.contracts import (
    ContractTerms,
    ContractView,
    MissedSessions,
    add_contract,
    end_contract,
    list_contracts,
    resume_contract,
    set_missed_sessions,
    suspend_contract,
)
from network.providers_read import find_provider
from portal import flash
from portal.attempts import attempt
from portal.forms import Form, FormFields, blank, parse
from portal.open.show import show
from portal.typed import TypedDay

router = Section(prefix="/providers/{provider_id}/contracten")
Manager = Annotated[Work, open_side(Permission.MANAGE_NETWORK)]
MOST = 50


class Terms(ContractTerms):
    """The same as the network asks, with days as people type them."""

    starts_on: TypedDay
    ends_on: TypedDay | None = None


class Ending(BaseModel, extra="forbid"):
    """The last day on which the contract holds."""

    ends_on: TypedDay


@router.get("/nieuw")
def new_contract(request: Request, work: Manager, provider_id: UUID) -> Response:
    """Show the form for another contract."""
    return _terms(request, work, provider_id, blank(starts_on=today()))


@router.post("/nieuw")
def agree(request: Request, work: Manager, provider_id: UUID, data: FormFields) -> Response:
    """Agree another contract."""
    tried = attempt(
        work.session, parse(Terms, data), lambda terms: add_contract(work.session, work.actor, provider_id, terms)
    )
    if tried.done is None:
        return _terms(request, work, provider_id, tried.form, tried.status)
    return _back(request, provider_id, _("Het contract is vastgelegd."))


@router.get("/{contract_id}/gemist")
def missed_page(request: Request, work: Manager, provider_id: UUID, contract_id: UUID) -> Response:
    """Show what missed sessions cost."""
    contract = _of_provider(work, provider_id, contract_id)
    form = blank(
        no_show_percent=contract.no_show_percent,
        cancelled_late_percent=contract.cancelled_late_percent,
        most_missed=contract.most_missed,
    )
    return _about(request, work, "contract_missed", provider_id, contract_id, form)


@router.post("/{contract_id}/gemist")
def missed(request: Request, work: Manager, provider_id: UUID, contract_id: UUID, data: FormFields) -> Response:
    """Agree what missed sessions cost."""
    _of_provider(work, provider_id, contract_id)
    tried = attempt(
        work.session,
        parse(MissedSessions, data),
        lambda terms: set_missed_sessions(work.session, work.actor, contract_id, terms),
    )
    if tried.done is None:
        return _about(request, work, "contract_missed", provider_id, contract_id, tried.form, tried.status)
    return _back(request, provider_id, _("De afspraken over gemiste sessies zijn vastgelegd."))


@router.get("/{contract_id}/opschorten")
def suspension_page(request: Request, work: Manager, provider_id: UUID, contract_id: UUID) -> Response:
    """Say what suspending does, before it is done."""
    return _about(request, work, "contract_suspend", provider_id, contract_id, blank())


@router.post("/{contract_id}/opschorten")
def suspend(request: Request, work: Manager, provider_id: UUID, contract_id: UUID) -> Response:
    """Suspend a contract."""
    _of_provider(work, provider_id, contract_id)
    suspend_contract(work.session, work.actor, contract_id)
    return _back(request, provider_id, _("Het contract is opgeschort."))


@router.post("/{contract_id}/hervatten")
def resume(request: Request, work: Manager, provider_id: UUID, contract_id: UUID) -> Response:
    """Take a suspension back."""
    _of_provider(work, provider_id, contract_id)
    resume_contract(work.session, work.actor, contract_id)
    return _back(request, provider_id, _("Het contract loopt weer."))


@router.get("/{contract_id}/einde")
def ending_page(request: Request, work: Manager, provider_id: UUID, contract_id: UUID) -> Response:
    """Ask through which day the contract holds."""
    return _about(request, work, "contract_end", provider_id, contract_id, blank(ends_on=today()))


@router.post("/{contract_id}/einde")
def end(request: Request, work: Manager, provider_id: UUID, contract_id: UUID, data: FormFields) -> Response:
    """Let a contract end."""
    _of_provider(work, provider_id, contract_id)
    tried = attempt(
        work.session,
        parse(Ending, data),
        lambda ending: end_contract(work.session, work.actor, contract_id, ending.ends_on),
    )
    if tried.done is None:
        return _about(request, work, "contract_end", provider_id, contract_id, tried.form, tried.status)
    return _back(request, provider_id, _("De laatste dag van het contract is vastgelegd."))


def _back(request: Request, provider_id: UUID, said: str) -> Response:
    return flash.redirect(request, f"/netwerk/providers/{provider_id}", said)


def _terms(request: Request, work: Work, provider_id: UUID, form: Form[Terms], status: int = 200) -> Response:
    provider = find_provider(work.session, work.actor, provider_id)
    return show(request, work, "open/network_manager/contract_new.html", status=status, provider=provider, form=form)


def _about(
    request: Request, work: Work, page: str, provider_id: UUID, contract_id: UUID, form: Form[Any], status: int = 200
) -> Response:
    return show(
        request,
        work,
        f"open/network_manager/{page}.html",
        status=status,
        provider=find_provider(work.session, work.actor, provider_id),
        contract=_of_provider(work, provider_id, contract_id),
        form=form,
    )


def _of_provider(work: Work, provider_id: UUID, contract_id: UUID) -> ContractView:
    """Return the contract, when it is one with this provider."""
    for contract in list_contracts(work.session, work.actor, provider_id, 1, MOST).items:
        if contract.id == contract_id:
            return contract
    raise NotFound(_("Dit contract is niet gevonden."))
