"""Pictures that somebody sends along: decoded to the last line, within bounds, and nothing hidden behind them."""

from io import BytesIO

from PIL import Image

from core.language import _

MOST_PIXELS = 30_000_000  # an A4 scanned at 600 dpi is more; at 300 dpi it is a third of this
FORMATS = ("PNG", "JPEG")
ENDS = (b"IEND\xae\x42\x60\x82", b"\xff\xd9")
UNREADABLE = (OSError, SyntaxError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError, EOFError)
"""What the library raises for a picture that is broken."""


def check_image(content: bytes) -> None:
    """Decode a PNG or JPEG; raises ValueError with the reason for one that is broken, too large or more than that."""
    if not content.rstrip(b"\x00\r\n ").endswith(ENDS):
        raise ValueError(_("Dit plaatje is niet heel, of er staat nog iets anders achter."))
    try:
        _decode(content)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise ValueError(_("Dit plaatje is te groot om te openen: hooguit 30 miljoen beeldpunten.")) from fault
    except UNREADABLE as fault:
        raise ValueError(_("Dit plaatje is niet te lezen.")) from fault


def _decode(content: bytes) -> None:
    with Image.open(BytesIO(content), formats=FORMATS) as picture:
        # The header says how large it will be, before a single line of it is decoded.
        if picture.width * picture.height > MOST_PIXELS:
            raise Image.DecompressionBombError
        picture.load()
