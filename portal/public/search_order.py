"""How the order of results comes about, for everybody to read: referrers, providers, employees (R33, R36)."""

from fastapi import Request
from starlette.responses import Response

from core.routing import Section
from identity.guard import public
from portal.csrf import remember_visitor
from portal.page import render
from search import ranking
from search.ranking_explained import parts

router = Section()


@router.get("/zoekvolgorde")
@public
def search_order(request: Request) -> Response:
    """Explain the order "fit" from the weights with which it is made."""
    page = render(request, "public/search_order.html", parts=parts(), rotations=ranking.ROTATIONS)
    return remember_visitor(request, page)
