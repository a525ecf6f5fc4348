"""Makes files for tests: good ones, and everything that somebody might try."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO

from PIL import ExifTags, Image, ImageCms, ImageOps
from PIL.PngImagePlugin import PngInfo
from pypdf import PageObject, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

Change = Callable[[PdfWriter, PageObject], None]


def png(width: int = 40, height: int = 30) -> bytes:
    """Return a small picture."""
    return _saved("PNG", width, height)


def jpeg() -> bytes:
    """Return a small photograph."""
    return _saved("JPEG", 40, 30)


def photograph(form: str, secret: str) -> tuple[bytes, Image.Image]:
    """Return a picture that lies on its side and holds a secret wherever a picture can, and how it is to be seen."""
    taken = Image.linear_gradient("L").convert("RGB").resize((48, 32))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Artist] = exif[ExifTags.Base.ImageDescription] = secret
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = secret
    said, profile = PngInfo(), ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + secret.encode()
    said.add_text("Author", secret)
    said.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta>{secret}</x:xmpmeta>")
    made = BytesIO()
    if form == "PNG":
        taken.save(made, form, exif=exif, pnginfo=said, icc_profile=profile)
    else:
        xmp = f"<x:xmpmeta>{secret}</x:xmpmeta>".encode()
        taken.save(made, form, quality=95, exif=exif, comment=secret, icc_profile=profile, xmp=xmp)
    with Image.open(BytesIO(made.getvalue())) as lying:
        return made.getvalue(), ImageOps.exif_transpose(lying).convert("RGB")


def pdf(change: Change | None = None) -> bytes:
    """Return a PDF of one page, to which something was done."""
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    if change is not None:
        change(writer, page)
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """Return a picture of a few bytes whose header promises `width` by `height` points."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(1_000))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def script(writer: PdfWriter, _page: PageObject) -> None:
    """Let a script run when the PDF is opened."""
    writer.root_object[NameObject("/OpenAction")] = _action("/JavaScript", "/JS", "app.alert(1)")


def launch(_writer: PdfWriter, page: PageObject) -> None:
    """Let a click start a program."""
    link = DictionaryObject({NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Link")})
    link[NameObject("/Rect")] = ArrayObject([FloatObject(0)] * 4)
    link[NameObject("/A")] = _action("/Launch", "/F", "calc.exe")
    page[NameObject("/Annots")] = ArrayObject([link])


def carried_file(writer: PdfWriter, _page: PageObject) -> None:
    """Put another file inside."""
    writer.add_attachment("program.exe", b"MZ" + bytes(100))


def password(writer: PdfWriter, _page: PageObject) -> None:
    """Close it with a password."""
    writer.encrypt("geheim")


def bomb(writer: PdfWriter, page: PageObject) -> None:
    """Let a page of a few hundred kilobytes become 200 megabytes."""
    page[NameObject("/Contents")] = writer._add_object(_packed(200_000_000))


def many_small_bombs(writer: PdfWriter, _page: PageObject) -> None:
    """Let five streams become 50 megabytes each."""
    for name in "abcde":
        writer.root_object[NameObject(f"/{name}")] = writer._add_object(_packed(50_000_000))


def huge_picture(writer: PdfWriter, page: PageObject) -> None:
    """Show a picture of 100,000 by 100,000 points."""
    picture = _packed(1_000)
    for name in ("/Width", "/Height"):
        picture[NameObject(name)] = NumberObject(100_000)
    picture[NameObject("/Subtype")] = NameObject("/Image")
    page[NameObject("/Extra")] = writer._add_object(picture)


def _action(kind: str, entry: str, words: str) -> DictionaryObject:
    return DictionaryObject({NameObject("/S"): NameObject(kind), NameObject(entry): TextStringObject(words)})


def _packed(size: int) -> StreamObject:
    stream = StreamObject()
    stream._data = zlib.compress(bytes(size), 9)
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    return stream


def _saved(kind: str, width: int, height: int) -> bytes:
    made = BytesIO()
    Image.new("RGB", (width, height), "teal").save(made, kind)
    return made.getvalue()


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
