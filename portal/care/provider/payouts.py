"""What a provider was paid and when, by his own numbers, and the account to which it goes."""

from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse, Response

from billing.paying.gateway_local import LocalGateway
from billing.paying.gateway_local_acts import Outside
from billing.paying.gateways import gateway_of
from billing.paying.payable_accounts import look_after_account, own_account, start_onboarding
from core.errors import NotFound
from core.language import _
from core.routing import Section
from identity.guard import Work, care, database_of, settings_of
from identity.policy import Permission
from medical.invoices.payables import list_own_payables
from portal import flash
from portal.care.provider.work import Provider
from portal.care.show import show
from portal.forms import parse
from portal.open.provider.navigation import PAYOUTS

router = Section(prefix=PAYOUTS)
PAGE_SIZE = 25
Holder = Annotated[Work, care(Permission.SEND_PROVIDER_INVOICE, fresh=True)]


class PayoutFilters(BaseModel):
    """Which page."""

    page: int = Field(default=1, ge=1, le=100_000)


@router.get("")
def payouts(request: Request, work: Provider) -> Response:
    """Show what was paid and what will be; whoever comes back from the provider of payments sees how it stands now."""
    account = own_account(work.session, work.actor)
    if account is not None and not account.is_ready:
        look_after_account(work.session, work.actor, gateway_of(settings_of(request)), database_of(request))
        account = own_account(work.session, work.actor)
    page = (parse(PayoutFilters, request.query_params).value or PayoutFilters()).page
    return show(
        request,
        work,
        "care/provider/payouts.html",
        account=account,
        found=list_own_payables(work.session, work.actor, page, PAGE_SIZE),
    )


@router.post("/aanmelden")
def onboard(request: Request, work: Holder) -> Response:
    """Go to the page on which the provider makes himself known to the provider of payments."""
    settings = settings_of(request)
    url = start_onboarding(work.session, work.actor, gateway_of(settings), f"{settings.base_url}{PAYOUTS}")
    return RedirectResponse(url, status_code=303)


@router.get("/aanmelden")
def local_onboarding(request: Request, work: Holder) -> Response:
    """Stand in for that page where there is no provider of payments: the account is ready at once."""
    gateway, account = gateway_of(settings_of(request)), own_account(work.session, work.actor)
    if not isinstance(gateway, LocalGateway) or account is None:
        raise NotFound(_("Niet gevonden."))
    Outside(gateway).make_ready(account.reference)
    look_after_account(work.session, work.actor, gateway, database_of(request))
    return flash.redirect(request, PAYOUTS, _("Uw rekening is klaar. Dit was geen echte betaaldienst."))
