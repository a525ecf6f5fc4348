"""Files that somebody sends: taken for what they are, and refused with a reason for everything else."""

import hashlib
from io import BytesIO

import pytest
from PIL import Image, ImageChops

from core.errors import Invalid
from core.received_files import LARGEST_FILE, FileKind, receive
from tests.core import files

PDF, PNG, JPEG = files.pdf(), files.png(), files.jpeg()


@pytest.mark.parametrize(
    ("name", "declared", "content", "kind"),
    [
        ("Rapport 2026.pdf", "application/pdf", PDF, FileKind.PDF),
        ("FOTO.PNG", "image/png", PNG, FileKind.PNG),
        ("foto.jpg", "image/jpeg", JPEG, FileKind.JPEG),
        ("foto.jpeg", "image/jpg; charset=binary", JPEG, FileKind.JPEG),
        ("zonder type.pdf", "", PDF, FileKind.PDF),
        ("onbekend.png", "application/octet-stream", PNG, FileKind.PNG),
        ("één regel.pdf", "application/pdf", PDF, FileKind.PDF),
    ],
)
def test_what_is_what_it_says_is_taken(name: str, declared: str, content: bytes, kind: FileKind) -> None:
    found = receive(name, declared, content)
    assert (found.name, found.kind) == (name, kind)
    assert kind is not FileKind.PDF or found.content == content
    assert found.sha256 == hashlib.sha256(found.content).hexdigest()


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_picture_is_kept_without_what_its_camera_wrote(form: str) -> None:
    """Where, when and whose stay out; it lies as its camera meant it to, and looks as it did."""
    content, seen = files.photograph(form, "Geheim 52.1N")
    assert b"Geheim" in content
    found = receive(f"foto.{form.lower()}", "", content)
    assert b"Geheim" not in found.content
    with Image.open(BytesIO(found.content)) as kept:
        assert (kept.format, kept.size) == (form, seen.size)
        assert not kept.getexif()
        assert not {"comment", "exif", "xmp", "icc_profile", "Author"} & set(kept.info)
        assert max(ImageChops.difference(kept.convert("RGB"), seen).tobytes()) <= 8


@pytest.mark.parametrize(
    ("name", "declared", "content"),
    [
        ("plaatje.pdf", "application/pdf", PNG),
        ("brief.png", "image/png", PDF),
        ("foto.png", "image/png", JPEG),
        ("foto.png", "image/jpeg", PNG),
        ("foto.png.exe", "image/png", PNG),
        ("foto", "image/png", PNG),
    ],
)
def test_what_lies_about_its_type_is_refused(name: str, declared: str, content: bytes) -> None:
    with pytest.raises(Invalid, match="zegt iets anders te zijn"):
        receive(name, declared, content)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("leeg.pdf", b"", "leeg"),
        ("groot.pdf", PDF + bytes(LARGEST_FILE), "hooguit 5 MB"),
        ("pagina.html", b"<html><script>alert(1)</script>", "geen PDF, PNG of JPEG"),
        ("archief.zip", b"PK\x03\x04" + bytes(50), "geen PDF, PNG of JPEG"),
        ("plaatje.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "geen PDF, PNG of JPEG"),
        ("kapot.pdf", b"%PDF-1.7\nniets", "niet te lezen"),
        ("half.png", PNG[: len(PNG) // 2], "niet heel"),
        ("gebroken.png", PNG[:40] + b"!!!!" + PNG[44:], "niet te lezen"),
        ("half.jpg", JPEG[:100], "niet heel"),
        ("met meer.png", PNG + b"PK\x03\x04archief", "niet heel"),
        ("met meer.jpg", JPEG + b"<script>", "niet heel"),
    ],
)
def test_what_is_broken_or_something_else_is_refused(name: str, content: bytes, says: str) -> None:
    with pytest.raises(Invalid, match=says) as refused:
        receive(name, "", content)
    assert [fault.field for fault in refused.value.errors] == ["file"]


@pytest.mark.parametrize("side", [6_000, 11_000, 60_000])
def test_a_picture_that_swells_is_refused_before_it_is_decoded(side: int) -> None:
    with pytest.raises(Invalid, match="te groot om te openen"):
        receive("bom.png", "image/png", files.png_that_claims(side, side))


@pytest.mark.parametrize("change", [files.bomb, files.many_small_bombs, files.huge_picture])
def test_a_pdf_that_swells_is_refused(change: files.Change) -> None:
    with pytest.raises(Invalid, match="wordt te groot"):
        receive("bom.pdf", "application/pdf", files.pdf(change))


@pytest.mark.parametrize("change", [files.script, files.launch, files.carried_file])
@pytest.mark.parametrize("hidden", [False, True])
def test_a_pdf_that_acts_or_carries_is_refused(change: files.Change, hidden: bool) -> None:
    content = files.pdf(change)
    if hidden:  # the same names, written as PDF lets one write them too
        for plain, other in ((b"/JavaScript", b"/J#61vaScript"), (b"/JS", b"/J#53"), (b"/Launch", b"/#4caunch")):
            content = content.replace(plain, other)
        content = content.replace(b"/EmbeddedFile", b"/Embedded#46ile").replace(b"/EF", b"/#45F")
    with pytest.raises(Invalid, match="script, een ander bestand of een actie"):
        receive("actief.pdf", "application/pdf", content)


def test_a_script_that_the_table_of_contents_leaves_out_is_found_too() -> None:
    with pytest.raises(Invalid, match="script"):
        receive("los.pdf", "", PDF + b"\n9 0 obj\n<< /S /JavaScript /JS (app.alert(1)) >>\nendobj\n%%EOF\n")


def test_a_pdf_with_a_password_is_refused() -> None:
    with pytest.raises(Invalid, match="wachtwoord"):
        receive("dicht.pdf", "", files.pdf(files.password))


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd.png", "map/foto.png", "map\\foto.png", "C:foto.png", ".png", "", "  ", "a" * 121 + ".png",
     "foto\x00.png", "foto\n.png", "gnp.\u202eexe.png", 'foto".png', "..", "foto<b>.png"],
)  # fmt: skip
def test_a_name_is_just_a_name(name: str) -> None:
    with pytest.raises(Invalid, match="naam"):
        receive(name, "image/png", PNG)
