"""Mail goes to a real SMTP server, or into the folder that stands for one."""

import shutil
import smtplib
import socket
import ssl
import subprocess
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from pydantic import SecretStr, ValidationError

from core.mail import FolderPost, MailRefusedError, SmtpPost, post_for
from core.settings import Settings

SECRET = "a-secret-for-the-tests-that-is-long-enough"


def message(to: str = "iemand@example.test", number: int = 1) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "post@example.test", to, "Onderwerp"
    made["Message-ID"] = f"<{number}@example.test>"
    made.set_content("Eén regel.")
    return made


class Taker:
    """What a server does with what it gets; the names are those by which the server calls."""

    def __init__(self, answer: str = "250 OK") -> None:
        self.answer = answer
        self.taken: list[Envelope] = []
        self.handle_RCPT = self._recipient
        self.handle_DATA = self._data

    async def _recipient(self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any) -> str:
        if address.startswith("onbekend"):
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def _data(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        if self.answer.startswith("250"):
            self.taken.append(envelope)
        return self.answer


def served(taker: Taker, **how: Any) -> Iterator[str]:
    """Run a server on loopback and yield its host and port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(taker, hostname="127.0.0.1", port=port, **how)
    controller.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        controller.stop()


@pytest.fixture
def taker() -> Taker:
    """Takes everything but what is for nobody known."""
    return Taker()


@pytest.fixture
def plain(taker: Taker) -> Iterator[str]:
    """A server without encryption."""
    yield from served(taker)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for 127.0.0.1 that this process trusts."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl, which makes the certificate, is not installed")
    key, file = tmp_path / "key.pem", tmp_path / "certificate.pem"
    asked = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    command = ["openssl", *asked.split(), "-keyout", str(key), "-out", str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key)
    return context


def test_a_message_arrives(taker: Taker, plain: str) -> None:
    SmtpPost(f"smtp://{plain}?starttls=off").send(message())
    (envelope,) = taker.taken
    assert envelope.rcpt_tos == ["iemand@example.test"]
    assert b"Subject: Onderwerp" in (envelope.original_content or b"")


def test_nothing_goes_unencrypted_unless_that_was_said(taker: Taker, plain: str) -> None:
    with pytest.raises(smtplib.SMTPNotSupportedError):
        SmtpPost(f"smtp://{plain}").send(message())
    assert taker.taken == []


def test_password_and_message_go_encrypted(taker: Taker, certificate: ssl.SSLContext) -> None:
    asked: list[LoginPassword] = []

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        asked.append(data)
        return AuthResult(success=data == LoginPassword(b"naam", b"woord/@"), handled=False)

    how = {"authenticator": authenticate, "auth_required": True, "require_starttls": True, "tls_context": certificate}
    for place in served(taker, **how):
        SmtpPost(f"smtp://naam:woord%2F%40@{place}").send(message())
        with pytest.raises(smtplib.SMTPAuthenticationError):
            SmtpPost(f"smtp://naam:ander@{place}").send(message())
    assert len(taker.taken) == 1
    assert len(asked) >= 2


def test_a_server_that_nobody_vouches_for_gets_nothing(
    taker: Taker, certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    for place in served(taker, tls_context=certificate):
        with pytest.raises(ssl.SSLCertVerificationError):
            SmtpPost(f"smtp://{place}").send(message())
    assert taker.taken == []


def test_what_is_refused_for_good_is_told_apart_from_what_may_be_tried_again(taker: Taker, plain: str) -> None:
    post = SmtpPost(f"smtp://{plain}?starttls=off")
    with pytest.raises(MailRefusedError):
        post.send(message("onbekend@example.test"))
    taker.answer = "451 later"
    with pytest.raises(smtplib.SMTPResponseException):
        post.send(message())
    taker.answer = "554 never"
    with pytest.raises(MailRefusedError):
        post.send(message())


def test_a_server_that_is_away_may_be_tried_again() -> None:
    with pytest.raises(OSError, match="refused"):
        SmtpPost("smtp://127.0.0.1:1?starttls=off").send(message())


def test_the_folder_keeps_each_message_once_and_shows_everybody_his_own(tmp_path: Path) -> None:
    post = FolderPost(tmp_path / "mail")
    for number in (1, 2, 2):
        post.send(message(number=number))
    post.send(message("ander@example.test", 3))
    assert len(post.received_by("Iemand@example.test")) == 2
    (theirs,) = post.received_by("ander@example.test")
    assert (theirs["Subject"], theirs.get_content().strip()) == ("Onderwerp", "Eén regel.")
    assert post.received_by("../iemand@example.test") == ()


def settings(**changes: Any) -> Settings:
    return Settings(secret_key=SecretStr(SECRET), **changes)


def test_the_settings_say_where_mail_goes(tmp_path: Path) -> None:
    assert post_for(settings(data_dir=tmp_path)) == FolderPost(tmp_path / "mail")
    named = settings(SMTP_URL="smtps://mail.example.test:465", mail_from="portaal@example.test")
    assert post_for(named) == SmtpPost("smtps://mail.example.test:465")
    assert "mail.example.test" not in repr(named)


@pytest.mark.parametrize(
    "wrong",
    [
        {"SMTP_URL": "http://mail.example.test", "mail_from": "portaal@example.test"},
        {"SMTP_URL": "smtp://", "mail_from": "portaal@example.test"},
        {"SMTP_URL": "smtp://mail.example.test"},
        {"mail_from": "portaal"},
        {"mail_from": "portaal@example.test\nBcc: ander@example.test"},
    ],
)
def test_settings_with_which_no_mail_would_arrive_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        settings(**wrong)
