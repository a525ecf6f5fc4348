"""What was measured of a provider, beside what was measured of the network (R32, R34, R75)."""

from typing import Annotated

from fastapi import Request
from starlette.responses import Response

from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from network.figures import own_figures
from network.taxonomy import interventions
from portal.offering_words import reached_words
from portal.open.provider.navigation import FIGURES
from portal.open.show import show

router = Section(prefix=FIGURES)


@router.get("")
def figures(request: Request, work: Annotated[Work, open_side(Permission.SEE_OWN_FIGURES)]) -> Response:
    """Show the own figures beside the network's."""
    return show(
        request,
        work,
        "open/provider/measured.html",
        found=own_figures(work.session, work.actor),
        interventions=interventions(),
        reached_words=reached_words,
    )
