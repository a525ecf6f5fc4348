"""Pictures that somebody sends along: decoded to the last line, within bounds, and nothing kept but what is seen.

A camera writes where and when it was, whose it is and sometimes a small picture of before it was cut; none of that is
for whoever opens an attachment (ASVS 14.2.8).
"""

from io import BytesIO

from PIL import Image, ImageOps

from core.language import _

MOST_PIXELS = 30_000_000  # an A4 scanned at 600 dpi is more; at 300 dpi it is a third of this
FORMATS = ("PNG", "JPEG")
PACKING = 4  # of 9: a large scan is packed in a second, hardly larger than at its best
ENDS = (b"IEND\xae\x42\x60\x82", b"\xff\xd9")
UNREADABLE = (OSError, SyntaxError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError, EOFError)
"""What the library raises for a picture that is broken."""


def bare_image(content: bytes) -> bytes:
    """Return a PNG or JPEG that holds what is seen in it and nothing else, turned as it was meant to be looked at.

    Raises ValueError with the reason for one that is broken, too large or more than a picture.
    """
    if not content.rstrip(b"\x00\r\n ").endswith(ENDS):
        raise ValueError(_("Dit plaatje is niet heel, of er staat nog iets anders achter."))
    try:
        return _drawn_anew(content)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise ValueError(_("Dit plaatje is te groot om te openen: hooguit 30 miljoen beeldpunten.")) from fault
    except UNREADABLE as fault:
        raise ValueError(_("Dit plaatje is niet te lezen.")) from fault


def _drawn_anew(content: bytes) -> bytes:
    drawn = BytesIO()
    with Image.open(BytesIO(content), formats=FORMATS) as picture:
        # The header says how large it will be, before a single line of it is decoded.
        if picture.width * picture.height > MOST_PIXELS:
            raise Image.DecompressionBombError
        picture.load()
        ImageOps.exif_transpose(picture, in_place=True)
        if picture.format == "PNG":
            picture.save(drawn, "PNG", compress_level=PACKING, icc_profile=None, exif=b"")
        else:
            picture.save(drawn, "JPEG", quality="keep", comment=b"")
    return drawn.getvalue()
