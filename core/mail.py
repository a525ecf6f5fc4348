"""Sending mail: the one gateway to an SMTP server, and the folder that takes its place where none is set."""

import hashlib
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID

from core.clock import now
from core.settings import Settings

TIMEOUT = 20.0  # seconds that the server may take for each answer
REFUSED_FOR_GOOD = 500
"""From this code on a server says that trying again will not help (RFC 5321)."""


class MailRefusedError(Exception):
    """The server will never take this message, or not for this address."""


class Post(Protocol):
    """What takes a message away."""

    def send(self, message: EmailMessage) -> None:
        """Hand `message` over; raises MailRefusedError for good, and OSError when one may try again."""
        ...


def write_mail(mail_id: UUID, to: str, subject: str, text: str, settings: Settings) -> EmailMessage:
    """Return a message of the house; sent again it has the same Message-ID, by which mail programs know it."""
    message = EmailMessage()
    message["From"] = f"Providerboog <{settings.mail_from}>"
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(now())
    message["Message-ID"] = f"<{mail_id}@{urlsplit(settings.base_url).hostname}>"
    message["Auto-Submitted"] = "auto-generated"  # no absence note is sent in answer (RFC 3834)
    message.set_content(text)
    return message


@dataclass(frozen=True)
class SmtpPost:
    """An SMTP server. `smtps://` is encrypted from the start, `smtp://` from before the password or any message,
    unless its address ends with `?starttls=off`, for a server on the same machine or network."""

    url: str

    def send(self, message: EmailMessage) -> None:
        """Hand `message` over to the server."""
        with self._server() as server:
            try:
                server.send_message(message)
            except smtplib.SMTPRecipientsRefused as fault:
                if all(code >= REFUSED_FOR_GOOD for code, _said in fault.recipients.values()):
                    raise MailRefusedError from fault
                raise
            except smtplib.SMTPResponseException as fault:
                if fault.smtp_code >= REFUSED_FOR_GOOD:
                    raise MailRefusedError from fault
                raise

    @contextmanager
    def _server(self) -> Iterator[smtplib.SMTP]:
        place = urlsplit(self.url)
        host, secure = place.hostname or "", ssl.create_default_context()
        if place.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, place.port or 465, timeout=TIMEOUT, context=secure)
        else:
            server = smtplib.SMTP(host, place.port or 587, timeout=TIMEOUT)
        with server:
            if place.scheme == "smtp" and parse_qs(place.query).get("starttls") != ["off"]:
                server.starttls(context=secure)
            if place.username:
                server.login(unquote(place.username), unquote(place.password or ""))
            yield server


@dataclass(frozen=True)
class FolderPost:
    """A folder of files, one for each message, in a folder for each address: what is read in the demo."""

    folder: Path

    def send(self, message: EmailMessage) -> None:
        """Write `message` to its file; the same message again is the same file."""
        place = self._of(str(message["To"]))
        place.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(str(message["Message-ID"]).encode()).hexdigest()[:32]
        made = place / f"{name}.part"
        made.write_bytes(message.as_bytes(policy=policy.SMTP))
        made.rename(place / f"{name}.eml")

    def received_by(self, address: str) -> tuple[EmailMessage, ...]:
        """Return the messages to an address, the newest first."""
        files = sorted(self._of(address).glob("*.eml"), key=lambda file: file.stat().st_mtime, reverse=True)
        return tuple(message_from_bytes(file.read_bytes(), policy=policy.default) for file in files)

    def _of(self, address: str) -> Path:
        return self.folder / hashlib.sha256(address.casefold().encode()).hexdigest()[:32]


def post_for(settings: Settings) -> Post:
    """Return what takes mail away under these settings."""
    if settings.smtp_url is None:
        return folder_of(settings)
    return SmtpPost(settings.smtp_url.get_secret_value())


def folder_of(settings: Settings) -> FolderPost:
    """Return the folder in the data directory."""
    return FolderPost(settings.data_dir / "mail")
