"""Telling people by mail that something waits for them: once a day, with a link and nothing else (R65).

A message says nothing of what waits, for whom or how much: mail is read by others, and a subject on a locked screen.
"""

from collections.abc import Iterable
from email.message import EmailMessage
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core import outbox
from core.clock import now, today
from core.language import _, speaking
from core.mail import MailRefusedError, Post, write_mail
from core.settings import Settings
from identity.actor import Actor
from identity.policy import Permission, require
from identity.tables import Account, Digest, Membership

TASK = "identity.send_digest"


def wants_digests(session: Session, actor: Actor) -> bool:
    """Return whether the actor wants to be told by mail."""
    require(actor, Permission.SEE_SELF)
    return session.exec(select(Account.reminders).where(Account.id == actor.account)).one()


def choose_digests(session: Session, actor: Actor, wanted: bool) -> None:
    """Tell the actor by mail from now on, or no more; it holds for all his roles."""
    require(actor, Permission.SEE_SELF)
    session.execute(update(Account).where(col(Account.id) == actor.account).values(reminders=wanted))


def put_digests(session: Session, actor: Actor, account_ids: Iterable[UUID]) -> int:
    """Put down that these accounts are told today, each once however often this is asked; return how many are new.

    Left out are those who do not want it, and those who can no longer sign in.
    """
    day, count = today(), 0
    for account_id in sorted(_willing(session, set(account_ids))):
        row = {"id": uuid4(), "tenant_id": actor.tenant_id, "account_id": account_id, "day": day, "created_at": now()}
        new = insert(Digest).values(row).on_conflict_do_nothing().returning(col(Digest.id))
        digest_id = session.execute(new).scalar_one_or_none()
        if digest_id is not None:
            outbox.put(session, TASK, digest_id=digest_id, tenant_id=actor.tenant_id)
            count += 1
    return count


def send_digest(session: Session, digest_id: UUID, post: Post, settings: Settings) -> bool:
    """Send one digest, unless that was done before; return whether it went.

    It is held while it is on its way, so that no two workers send it. When the process dies between the server's
    yes and the end of the transaction it goes twice, under one Message-ID, by which mail programs know it again.
    """
    digest = session.exec(select(Digest).where(Digest.id == digest_id).with_for_update(skip_locked=True)).one_or_none()
    if digest is None or digest.sent_at is not None or digest.refused_at is not None:
        return False
    email, language = session.exec(select(Account.email, Account.language).where(Account.id == digest.account_id)).one()
    with speaking(language):
        message = compose(digest.id, email, settings)
    try:
        post.send(message)
    except MailRefusedError:
        digest.refused_at = now()
    else:
        digest.sent_at = now()
    session.add(digest)
    return digest.sent_at is not None


def compose(digest_id: UUID, to: str, settings: Settings) -> EmailMessage:
    """Return the message, in the language that is spoken: the same words for everybody, whatever waits."""
    words = _(
        "Er staat iets voor u klaar in Providerboog.\n\n"
        "Bekijk uw werklijst: %(link)s\n\n"
        "Om de privacy van anderen te beschermen staat hier niet wat het is.\n"
        "Wilt u deze berichten niet meer? Zet ze uit: %(off)s"
    )
    said = {"link": f"{settings.base_url}/", "off": f"{settings.base_url}/account/meldingen"}
    return write_mail(digest_id, to, _("Er staat iets voor u klaar in Providerboog"), words % said, settings)


def _willing(session: Session, account_ids: set[UUID]) -> set[UUID]:
    found = (
        select(Account.id)
        .join(Membership, col(Membership.account_id) == Account.id)
        .where(
            col(Account.id).in_(account_ids),
            col(Account.reminders),
            col(Account.disabled_at).is_(None),
            col(Membership.ended_at).is_(None),
        )
    )
    return set(session.exec(found))
