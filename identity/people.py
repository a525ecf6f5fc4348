"""From a membership to the actor that it makes, behind the identity door."""

from sqlmodel import Session

from identity.actor import Actor
from identity.tables import Account, Membership, Organisation, Person


def actor_for(session: Session, membership: Membership, client: str | None) -> Actor:
    """Return the actor that a membership makes."""
    account = session.get_one(Account, membership.account_id)
    person = session.get_one(Person, account.person_id)
    organisation = session.get_one(Organisation, membership.organisation_id)
    return Actor(
        role=membership.role,
        tenant_id=membership.tenant_id,
        organisation_id=membership.organisation_id,
        account_id=account.id,
        membership_id=membership.id,
        person_id=person.id,
        subject_id=membership.subject_id,
        email=account.email,
        name=person.name,
        organisation_name=organisation.name,
        language=account.language,
        client=client,
    )
