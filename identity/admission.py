"""Who comes in and who goes: invitations to a role, taken back or accepted once, and an end that holds at once (R22).

Whoever cannot see the medical side lets nobody in there: netwerkbeheer admits parties, a physician admits colleagues.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from core import outbox
from core.clock import now
from core.errors import Conflict, FieldError, Invalid, NotFound
from core.language import _
from identity.actor import Actor
from identity.audit import record
from identity.link_tables import LinkKind, OneTimeLink
from identity.links import LASTING, put_link
from identity.policy import Permission, allows, refusal
from identity.roles import OrganisationKind, Role
from identity.tables import Account, ApiToken, Assignment, CalendarAddress, Membership, Organisation, Person, WebSession

ADMITS = {
    Permission.ADMIT_PARTIES: {
        Role.PROVIDER: OrganisationKind.PROVIDER,
        Role.EMPLOYER: OrganisationKind.EMPLOYER,
        Role.INSURER: OrganisationKind.INSURER,
        Role.CASE_MANAGER: OrganisationKind.CASE_MANAGEMENT,
        Role.NETWORK_MANAGER: OrganisationKind.ARBODIENST,
    },
    Permission.ADMIT_COLLEAGUES: {
        Role.PHYSICIAN: OrganisationKind.ARBODIENST,
        Role.DELEGATE: OrganisationKind.ARBODIENST,
        Role.SECRETARY: OrganisationKind.ARBODIENST,
    },
}
REGISTERED = frozenset({Role.PHYSICIAN, Role.DELEGATE})
MOST = 500
LEFT = "cases.end_mandates"


@dataclass(frozen=True)
class Invitation:
    """Whom to let in, where and as what."""

    email: str
    name: str
    organisation_id: UUID
    role: Role
    registration_number: str | None = None
    registered_until: date | None = None


@dataclass(frozen=True)
class PlaceView:
    """An organisation in which somebody may be let in, and as what."""

    organisation_id: UUID
    organisation: str
    role: Role


@dataclass(frozen=True)
class PersonView:
    """Somebody with a role, or an invitation to one; `since` is when it began or was sent."""

    id: UUID
    name: str
    email: str
    organisation: str
    role: Role
    since: datetime


def admitted_roles(actor: Actor) -> dict[Role, OrganisationKind]:
    """Return the roles that the actor lets people in to, with the kind of organisation; raises for who lets in none."""
    found = {role: kind for held, roles in ADMITS.items() if allows(actor.role, held) for role, kind in roles.items()}
    if not found:
        raise refusal(actor, _("Uw rol mag dit niet."))
    return found


def places(session: Session, actor: Actor) -> tuple[PlaceView, ...]:
    """Return where the actor may let people in, and as what."""
    roles = admitted_roles(actor)
    organisations = session.exec(
        select(Organisation)
        .where(Organisation.tenant_id == actor.tenant_id, col(Organisation.kind).in_(set(roles.values())))
        .order_by(col(Organisation.name))
        .limit(MOST)
    )
    return tuple(
        PlaceView(found.id, found.name, role)
        for found in organisations
        for role, kind in roles.items()
        if kind == found.kind
    )


def invite(session: Session, actor: Actor, wanted: Invitation) -> UUID:
    """Mail somebody a link with which he begins in a role; who is there already begins anew with it.

    Raises Invalid for a role or organisation that is not the actor's to give, and for what that role asks.
    """
    _check_place(session, actor, wanted)
    email = wanted.email.strip().lower()
    if email == actor.email:
        raise Invalid(_("U kunt uzelf niet uitnodigen."), (FieldError("email", _("U kunt uzelf niet uitnodigen.")),))
    kind = _kind_of(session, actor, email, wanted)
    link = OneTimeLink(
        kind=kind,
        email=email,
        expires_at=now() + LASTING[kind],
        tenant_id=actor.tenant_id,
        organisation_id=wanted.organisation_id,
        role=wanted.role,
        name=wanted.name,
        invited_by=actor.account,
        registration_number=wanted.registration_number if wanted.role in REGISTERED else None,
        registered_until=wanted.registered_until if wanted.role in REGISTERED else None,
        responsible_account_id=actor.account if wanted.role == Role.DELEGATE else None,
    )
    put_link(session, link)
    record(session, actor, "identity:invitation:sent", link.id, reason=f"{kind.value}:{wanted.role.value}")
    return link.id


def list_invitations(session: Session, actor: Actor) -> tuple[PersonView, ...]:
    """Return the invitations to the actor's roles that nobody has used yet, newest first."""
    rows = session.exec(
        select(OneTimeLink, Organisation)
        .join(Organisation, col(Organisation.id) == OneTimeLink.organisation_id)
        .where(
            OneTimeLink.tenant_id == actor.tenant_id,
            col(OneTimeLink.role).in_(admitted_roles(actor)),
            col(OneTimeLink.used_at).is_(None),
            col(OneTimeLink.revoked_at).is_(None),
            OneTimeLink.expires_at > now(),
        )
        .order_by(col(OneTimeLink.created_at).desc())
        .limit(MOST)
    )
    return tuple(
        PersonView(link.id, link.name or "", link.email, place.name, link.role, link.created_at)
        for link, place in rows
        if link.role is not None
    )


def withdraw_invitation(session: Session, actor: Actor, link_id: UUID) -> None:
    """Take an invitation back; raises NotFound for one that is not the actor's to give."""
    if link_id not in {each.id for each in list_invitations(session, actor)}:
        raise NotFound(_("Niet gevonden."))
    session.execute(update(OneTimeLink).where(col(OneTimeLink.id) == link_id).values(revoked_at=now()))
    record(session, actor, "identity:invitation:withdrawn", link_id)


def list_people(session: Session, actor: Actor) -> tuple[PersonView, ...]:
    """Return who has one of the actor's roles now, by name."""
    rows = session.exec(
        select(Membership, Account, Person, Organisation)
        .join(Account, col(Account.id) == Membership.account_id)
        .join(Person, col(Person.id) == Account.person_id)
        .join(Organisation, col(Organisation.id) == Membership.organisation_id)
        .where(
            Membership.tenant_id == actor.tenant_id,
            col(Membership.role).in_(admitted_roles(actor)),
            col(Membership.ended_at).is_(None),
        )
        .order_by(col(Person.name), col(Membership.id))
        .limit(MOST)
    )
    return tuple(
        PersonView(member.id, person.name, account.email, place.name, member.role, member.created_at)
        for member, account, person, place in rows
    )


def end_membership(session: Session, actor: Actor, membership_id: UUID) -> None:
    """End somebody's role at once: with it go his sessions, tokens, calendars and assignments in that role.

    Raises NotFound for one that is not the actor's to end, Conflict for his own.
    """
    member = session.get(Membership, membership_id)
    if (
        member is None
        or member.tenant_id != actor.tenant_id
        or member.role not in admitted_roles(actor)
        or member.ended_at is not None
    ):
        raise NotFound(_("Niet gevonden."))
    if member.account_id == actor.account:
        raise Conflict(_("Uw eigen toegang beëindigt u niet zelf. Vraag het een collega."))
    moment = now()
    for statement in (
        update(WebSession)
        .where(col(WebSession.membership_id) == membership_id, col(WebSession.ended_at).is_(None))
        .values(ended_at=moment),
        update(ApiToken)
        .where(col(ApiToken.membership_id) == membership_id, col(ApiToken.revoked_at).is_(None))
        .values(revoked_at=moment),
        update(CalendarAddress)
        .where(col(CalendarAddress.membership_id) == membership_id, col(CalendarAddress.revoked_at).is_(None))
        .values(revoked_at=moment),
        update(Assignment)
        .where(col(Assignment.membership_id) == membership_id, col(Assignment.ended_at).is_(None))
        .values(ended_at=moment),
    ):
        session.execute(statement)
    session.execute(update(Membership).where(col(Membership.id) == membership_id).values(ended_at=moment))
    if member.role in REGISTERED:
        # A mandate counts no more from this moment; that it has ended is written beside it seconds later (R7).
        outbox.put(session, LEFT, account_id=member.account_id, tenant_id=actor.tenant_id)
    record(session, actor, "identity:membership:ended", membership_id, reason=member.role.value)


def _check_place(session: Session, actor: Actor, wanted: Invitation) -> None:
    kind = admitted_roles(actor).get(wanted.role)
    organisation = session.get(Organisation, wanted.organisation_id)
    if kind is None or organisation is None or organisation.tenant_id != actor.tenant_id or organisation.kind != kind:
        said = _("Hier kunt u niemand toegang geven.")
        raise Invalid(said, (FieldError("place", said),))
    if wanted.role in REGISTERED and (not wanted.registration_number or wanted.registered_until is None):
        said = _("Vul het registratienummer in, en tot wanneer de registratie geldt.")
        raise Invalid(said, (FieldError("registration_number", said),))


def _kind_of(session: Session, actor: Actor, email: str, wanted: Invitation) -> LinkKind:
    """Return whether this is somebody new in the role, or who begins anew.

    Beginning anew takes every second factor away. Of who has roles beyond the actor's reach it is not his to do.
    """
    held = session.exec(
        select(Membership)
        .join(Account, col(Account.id) == Membership.account_id)
        .where(Account.email == email, col(Membership.ended_at).is_(None))
        .limit(MOST)
    ).all()
    if not any(each.organisation_id == wanted.organisation_id and each.role == wanted.role for each in held):
        return LinkKind.INVITATION
    if any(each.tenant_id != actor.tenant_id or each.role not in admitted_roles(actor) for each in held):
        said = _("Dit account heeft ook rollen waar u niet over gaat. Deze persoon begint niet via u opnieuw.")
        raise Invalid(said, (FieldError("email", said),))
    return LinkKind.ANEW
