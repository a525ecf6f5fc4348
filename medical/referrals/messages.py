"""Words within a referral: why a draft was sent back, what a provider asks, and what he is answered."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from core.rows import append
from identity.actor import Actor
from identity.roles import Role
from medical.referrals.moves import parties
from medical.tables import MessageKind, Referral, ReferralMessage

MOST_MESSAGES = 100


@dataclass(frozen=True)
class MessageView:
    """What somebody wrote, in which act; the name is empty where the reader may not know it."""

    at: datetime
    kind: MessageKind
    role: Role
    name: str
    words: str


def add_message(session: Session, referral: Referral, actor: Actor, kind: MessageKind, words: str) -> None:
    """Write words that belong to the act that comes next; the referral was taken, and moves after this."""
    append(
        session,
        ReferralMessage,
        **parties(referral),
        kind=kind,
        words=words,
        version=referral.version + 1,
        account_id=actor.account,
        role=actor.role,
    )


def messages_of(session: Session, referral_id: UUID) -> list[ReferralMessage]:
    """Return what was written within a referral, as far as the reader may know it, the oldest first."""
    found = select(ReferralMessage).where(ReferralMessage.referral_id == referral_id)
    return list(session.exec(found.order_by(col(ReferralMessage.version)).limit(MOST_MESSAGES)))


def message_view(message: ReferralMessage, names: dict[UUID, str]) -> MessageView:
    """Return a message as it is read."""
    name = names.get(message.account_id, "")
    return MessageView(message.created_at, message.kind, message.role, name, message.words)
