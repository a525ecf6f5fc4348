"""Files that leave the house: always to be kept, never shown inside a page of ours."""

from urllib.parse import quote

from starlette.responses import Response

SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""Whatever a file turns out to be, a browser that opens it lets it run nothing and reach nothing."""


def download(name: str, content: bytes, media_type: str) -> Response:
    """Return a file under a name of its own; a browser neither guesses its type nor lets it act."""
    encoded = quote(name, safe="")
    plain = f'filename="{name}"' if encoded == name else f"filename*=UTF-8''{encoded}"
    return Response(
        content,
        media_type=media_type,
        headers={
            "Content-Disposition": f"attachment; {plain}",
            "Content-Security-Policy": SANDBOX,
            "X-Content-Type-Options": "nosniff",
        },
    )
