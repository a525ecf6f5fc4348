"""Files that leave the house: always to be kept, never shown inside a page of ours."""

from collections.abc import Iterator
from typing import IO
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

PIECE = 64 * 1024
"""Bytes that are sent at a time."""

SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""Whatever a file turns out to be, a browser that opens it lets it run nothing and reach nothing."""


def download_file(name: str, content: IO[bytes], media_type: str) -> Response:
    """Return a file that was written out of memory, a piece at a time; the same as `download` otherwise."""
    answer = download(name, b"", media_type)
    headers = {key: value for key, value in answer.headers.items() if key != "content-length"}
    return StreamingResponse(_pieces(content), media_type=media_type, headers=headers)


def _pieces(content: IO[bytes]) -> Iterator[bytes]:
    with content:
        while piece := content.read(PIECE):
            yield piece


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
