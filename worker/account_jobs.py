"""Jobs of accounts: mail with links that work once; this module never imports `medical`."""

from uuid import UUID

from core.database import Database, Door
from core.mail import post_for
from identity.links import send_link
from identity.owner_notices import send_notice


def tell_owner(database: Database, *, notice_id: str) -> None:
    """Tell the owner of an account what changed in it."""
    with database.transaction(Door.IDENTITY) as session:
        send_notice(session, UUID(notice_id), post_for(database.settings), database.settings)


def send(database: Database, *, link_id: str) -> None:
    """Send one link."""
    with database.transaction(Door.IDENTITY) as session:
        send_link(session, UUID(link_id), post_for(database.settings), database.settings)
