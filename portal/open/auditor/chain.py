"""The proof that the audit trail is whole, worked out while the page is asked for."""

from typing import Annotated

from fastapi import Request
from starlette.responses import Response

from core.clock import now
from core.language import _
from core.routing import Section
from identity.audit_chain import BATCH, verify
from identity.guard import Work, open_side
from identity.policy import Permission
from portal.open.auditor.navigation import CHAIN
from portal.open.show import show

router = Section(prefix=CHAIN)


@router.get("")
def chain(request: Request, work: Annotated[Work, open_side(Permission.VERIFY_AUDIT)]) -> Response:
    """Go through the whole chain and say whether it is whole, or where it breaks first."""
    found = verify(work.session, work.actor)
    return show(
        request,
        work,
        "open/auditor/chain.html",
        found=found,
        fault=_faults().get(found.fault or "", ""),
        at=now(),
        many=BATCH,
    )


def _faults() -> dict[str, str]:
    return {
        "link_missing": _("Er ontbreekt een schakel: iemand heeft een zegel weggehaald of verplaatst."),
        "event_missing": _("Er is een gebeurtenis verwijderd die wel verzegeld was."),
        "event_changed": _("Een gebeurtenis is veranderd nadat zij verzegeld was."),
    }
