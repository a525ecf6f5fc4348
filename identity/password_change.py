"""Another password: chosen by its owner, who knows the old one; he is signed out everywhere else."""

from sqlmodel import Session

from core.errors import FieldError, Invalid
from core.language import _
from core.settings import Settings
from identity.actor import Actor
from identity.audit import record
from identity.notice_tables import Happened
from identity.owner_notices import put_notice
from identity.password_rules import refuse_weak
from identity.passwords import check_password, hash_password
from identity.policy import Permission, require
from identity.tables import Account
from identity.visits import end_visits_of


def change_password(session: Session, actor: Actor, old: str, new: str, settings: Settings) -> None:
    """Set another password; raises Invalid when the old one is wrong, or the new one too easy."""
    require(actor, Permission.SEE_SELF)
    account = session.get_one(Account, actor.account)
    if not check_password(old, account.password_hash)[0]:
        said = _("Dit is niet uw huidige wachtwoord.")
        raise Invalid(said, (FieldError("old", said),))
    refuse_weak(new, settings, (actor.name, actor.email, actor.organisation_name), "new")
    account.password_hash = hash_password(new)
    session.add(account)
    session.flush()
    end_visits_of(session, account.id, but=actor.session_id)
    record(session, actor, "identity:password:changed")
    put_notice(session, account.id, Happened.PASSWORD_CHANGED)
