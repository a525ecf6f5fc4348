"""Attachments over JSON's door: sent as multipart, served to the addressee alone, and refused with every reason."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from core.http import LARGEST_BODY
from medical.referrals.attachments import MOST_FILES
from tests.api.callers import Caller, faulty_fields
from tests.core import files
from tests.medical.stage import MEDICAL, Stage

PDF = files.pdf()


def send(client: TestClient, referral_id: object, name: str, content: bytes, declared: str = "application/pdf") -> Any:
    return client.post(f"/referrals/{referral_id}/attachments", files={"file": (name, content, declared)})


def test_it_is_sent_listed_opened_and_taken_back(stage: Stage, call: Caller) -> None:
    done = stage.issued(MEDICAL)
    physician, provider = call(stage.physician), call(stage.provider)
    answer = send(physician, done.id, "Rapport é.pdf", PDF)
    assert answer.status_code == 201
    made = answer.json()
    assert (made["name"], made["kind"], made["size"], len(made["sha256"])) == ("Rapport é.pdf", "pdf", len(PDF), 64)
    for reader in (physician, provider, call(stage.employee)):
        assert reader.get(f"/referrals/{done.id}").json()["attachments"] == [made]
    path = f"/referrals/{done.id}/attachments/{made['id']}"
    file = provider.get(f"{path}/file")
    assert (file.status_code, file.content, file.headers["content-type"]) == (200, PDF, "application/pdf")
    assert file.headers["content-disposition"] == "attachment; filename*=UTF-8''Rapport%20%C3%A9.pdf"
    assert file.headers["x-content-type-options"] == "nosniff"
    assert file.headers["content-security-policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    for other in (stage.physician, stage.delegate, stage.employee, stage.secretary):
        assert call(other).get(f"{path}/file").status_code == 403
    assert call(stage.elsewhere().provider).get(f"{path}/file").status_code == 404
    assert physician.delete(path).status_code == 204
    assert provider.get(f"{path}/file").status_code == 404
    assert physician.delete(path).status_code == 404


def test_the_header_of_the_secretariat_names_no_file(stage: Stage, call: Caller) -> None:
    """R21."""
    done = stage.issued(MEDICAL)
    send(call(stage.physician), done.id, "Rapport.pdf", PDF)
    answer = call(stage.secretary).get(f"/referrals/{done.id}")
    assert answer.status_code == 200
    assert "attachments" not in answer.json()
    assert "Rapport.pdf" not in answer.text


@pytest.mark.parametrize(
    ("name", "content", "declared"),
    [
        ("leugen.pdf", files.png(), "application/pdf"),
        ("leugen.png", PDF, "image/png"),
        ("bom.png", files.png_that_claims(60_000, 60_000), "image/png"),
        ("script.pdf", files.pdf(files.script), "application/pdf"),
        ("gevuld.pdf", files.pdf(files.carried_file), "application/pdf"),
        ("leeg.pdf", b"", "application/pdf"),
        ("../../weg.pdf", PDF, "application/pdf"),
        ("archief.zip", b"PK\x03\x04", "application/zip"),
    ],
)
def test_bad_files_are_refused_with_the_reason(
    stage: Stage, call: Caller, name: str, content: bytes, declared: str
) -> None:
    done = stage.issued(MEDICAL)
    physician = call(stage.physician)
    answer = send(physician, done.id, name, content, declared)
    assert (answer.status_code, faulty_fields(answer.json())) == (422, ["file"])
    assert physician.get(f"/referrals/{done.id}").json()["attachments"] == []


def test_one_too_many_too_large_and_no_file_at_all(stage: Stage, call: Caller) -> None:
    done = stage.issued(MEDICAL)
    physician = call(stage.physician)
    for width in range(MOST_FILES):
        assert send(physician, done.id, f"{width}.png", files.png(20 + width), "image/png").status_code == 201
    full = send(physician, done.id, "nog een.pdf", PDF)
    assert (full.status_code, faulty_fields(full.json())) == (422, ["file"])
    assert send(physician, done.id, "groot.pdf", PDF + bytes(LARGEST_BODY)).status_code == 413
    assert physician.post(f"/referrals/{done.id}/attachments").status_code == 422
    assert physician.post(f"/referrals/{done.id}/attachments", data={"file": "tekst"}).status_code == 415


def test_others_send_nothing(stage: Stage, call: Caller) -> None:
    done = stage.issued(MEDICAL)
    for other in (stage.provider, stage.employee, stage.secretary):
        assert send(call(other), done.id, "x.pdf", PDF).status_code == 403
    assert send(call(stage.elsewhere().delegate), done.id, "x.pdf", PDF).status_code == 404
