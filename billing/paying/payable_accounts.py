"""The account to which a provider is paid out: opened by himself, ready when the payment provider says so."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from billing.payable_tables import PayoutAccount
from billing.paying.gateway import PaymentGateway
from core.clock import now
from core.database import Database, Door
from core.locks import take_turn
from identity.actor import Actor, system
from identity.audit import record
from identity.policy import Permission, require


@dataclass(frozen=True)
class AccountView:
    """Whether a provider can be paid out; `needs` are the words of the payment provider for what it still asks."""

    reference: str
    is_ready: bool
    needs: tuple[str, ...]


def start_onboarding(session: Session, actor: Actor, gateway: PaymentGateway, back_to: str) -> str:
    """Return the page on which the actor's organisation makes itself known to the payment provider, for one visit."""
    require(actor, Permission.SEE_OWN_PAYOUTS)
    take_turn(session, "payout_account", actor.organisation_id)
    account = _account(session, actor.organisation_id)
    if account is None:
        reference = gateway.create_account(actor.organisation_id)
        account = PayoutAccount(
            tenant_id=actor.tenant_id, provider_id=actor.organisation_id, gateway_reference=reference
        )
        session.add(account)
        session.flush()
        record(session, actor, "billing:payout_account:opened", account.id)
    return gateway.onboarding_url(account.gateway_reference, back_to)


def own_account(session: Session, actor: Actor) -> AccountView | None:
    """Return the account of the actor's organisation, as it was last asked after."""
    require(actor, Permission.SEE_OWN_PAYOUTS)
    account = _account(session, actor.organisation_id)
    return AccountView(account.gateway_reference, account.is_ready, tuple(account.needs)) if account else None


def look_after_account(session: Session, actor: Actor, gateway: PaymentGateway, database: Database) -> None:
    """Ask the payment provider at once how the own account stands, for an owner who comes back from its page.

    The system does so in a transaction of its own: nobody can say himself that he may be paid out.
    """
    account = own_account(session, actor)
    if account is not None:
        teller = system(actor.tenant_id)
        with database.transaction(Door.SYSTEM_OPEN, teller.context) as own:
            follow_accounts(own, teller, [account.reference], gateway)


def follow_accounts(session: Session, actor: Actor, names: list[str], gateway: PaymentGateway) -> None:
    """Bring the accounts that go by one of these names to how they stand at the provider; runs as the system."""
    found = select(PayoutAccount).where(col(PayoutAccount.gateway_reference).in_(names)).with_for_update()
    for account in session.exec(found.execution_options(populate_existing=True)).all():
        facts = gateway.account(account.gateway_reference)
        if facts.is_ready != account.is_ready:
            record(session, actor, f"billing:payout_account:{'ready' if facts.is_ready else 'not_ready'}", account.id)
        account.is_ready, account.needs, account.checked_at = facts.is_ready, list(facts.needs), now()
        session.add(account)
    session.flush()


def _account(session: Session, provider_id: UUID) -> PayoutAccount | None:
    found = select(PayoutAccount).where(PayoutAccount.provider_id == provider_id)
    return session.exec(found.execution_options(populate_existing=True)).first()
