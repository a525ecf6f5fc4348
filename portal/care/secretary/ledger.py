"""The trial balance: what stands on every account of the arbodienst, which together is nothing."""

from typing import Annotated

from fastapi import Request
from starlette.responses import Response

from billing.ledger import trial_balance
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from portal.care.secretary.navigation import BALANCE
from portal.care.show import show

router = Section(prefix=BALANCE)


@router.get("")
def balance(request: Request, work: Annotated[Work, care(Permission.RUN_CHARGES)]) -> Response:
    """Show the trial balance."""
    accounts = trial_balance(work.session, work.actor)
    return show(
        request,
        work,
        "care/secretary/balance.html",
        accounts=accounts,
        debit_cents=sum(account.cents for account in accounts if account.cents > 0),
        credit_cents=-sum(account.cents for account in accounts if account.cents < 0),
    )
