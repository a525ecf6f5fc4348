"""Where the payment provider tells that something happened: its signature is the key, and the answer does not wait."""

from typing import Annotated

from fastapi import Depends, Header, Request, Response

from billing.paying.gateway import LARGEST_EVENT, EventRefused
from billing.paying.gateways import gateway_of
from billing.paying.webhooks import receive_message
from core.database import Door
from core.errors import Refusal, TooLarge
from core.language import _
from core.routing import Section
from identity.guard import database_of, public, settings_of

router = Section(prefix="/webhooks", tags=["webhooks"])


async def signed_body(request: Request) -> bytes:
    """Return the body as it was signed, byte by byte; raises TooLarge before more than the limit was read."""
    read = bytearray()
    async for piece in request.stream():
        read += piece
        if len(read) > LARGEST_EVENT:
            raise TooLarge(_("Dit is te groot: hooguit 256 kB."))
    return bytes(read)


@router.post("/payments", status_code=204)
@public
def payments(
    request: Request,
    body: Annotated[bytes, Depends(signed_body)],
    stripe_signature: Annotated[str, Header(max_length=2_000)] = "",
) -> Response:
    """Store a message of the payment provider, once; 400 for one that it did not sign less than five minutes ago."""
    try:
        event = gateway_of(settings_of(request)).event(body, stripe_signature)
    except EventRefused as refused:
        raise Refusal(_("Dit bericht is niet van de betaaldienst."), code="signature") from refused
    with database_of(request).transaction(Door.SYSTEM_OPEN) as session:
        receive_message(session, event)
    return Response(status_code=204)
