"""Files that go with a referral: sealed when they come in, and opened by whoever they are for, while it runs.

Until a referral is sent, whoever prepares and signs it can open them; from then on the addressed provider alone.
"""

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from cases.consents import consent_in_force
from cases.tables import ConsentScope
from core.clock import now
from core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from core.language import _
from core.received_files import FileKind, ReceivedFile
from core.rows import append
from identity import audit
from identity.actor import Actor
from identity.policy import Permission, require
from identity.roles import Role
from medical.cases.disclosures import write_disclosure
from medical.disclosed_tables import Attachment, AttachmentContent, Disclosed, DisclosedTo
from medical.referrals.moves import move, parties, whose
from medical.referrals.states import Action
from medical.referrals.terms import NOT_SENT, WITH_PROVIDER
from medical.referrals.views import AttachmentView
from medical.tables import Referral
from network.taxonomy import Disclosure

MOST_FILES = 5
GOES_ALONG = WITH_PROVIDER | NOT_SENT


@dataclass(frozen=True)
class OpenedFile:
    """A file as its addressee gets it."""

    name: str
    kind: FileKind
    content: bytes


def add_attachment(session: Session, actor: Actor, referral_id: UUID, file: ReceivedFile) -> AttachmentView:
    """Seal a file and let it go with a referral; the same file again is the one that is there.

    Raises NotFound and Forbidden for what is not the actor's, Conflict for a referral that is over or, once it is
    sent, without the consent that it needs (R23, R24), and Invalid for one file too many.
    """
    require(actor, Permission.DRAFT_REFERRAL)
    referral = _hold(session, actor, referral_id)
    same = _attached(session, referral_id, file.sha256)
    if same is not None:
        _record(session, actor, same, "known")
        return _view(same)
    if _count(session, referral_id) >= MOST_FILES:
        many = _("Er gaan hooguit %(n)s bijlagen mee. Haal er eerst een weg.") % {"n": MOST_FILES}
        raise Invalid(many, [FieldError("file", many)])
    attachment = Attachment(
        **parties(referral),
        content_id=_keep(session, referral, file.content),
        name=file.name,
        kind=file.kind,
        size=len(file.content),
        sha256=file.sha256,
        added_by=actor.account,
    )
    session.add(attachment)
    _write_down(session, actor, referral, attachment, "added")
    return _view(attachment)


def remove_attachment(session: Session, actor: Actor, referral_id: UUID, attachment_id: UUID) -> None:
    """Take a file back: from now on it is there for nobody; that it was there stays written down."""
    require(actor, Permission.DRAFT_REFERRAL)
    referral = _hold(session, actor, referral_id, removing=True)
    attachment = _find(session, referral_id, attachment_id)
    attachment.removed_at, attachment.removed_by = now(), actor.account
    session.add(attachment)
    _write_down(session, actor, referral, attachment, "removed")


def open_attachment(session: Session, actor: Actor, referral_id: UUID, attachment_id: UUID) -> OpenedFile:
    """Return what is in a file, as it was before it was sealed.

    Raises NotFound for what is not the actor's, is over or was removed after its term, and Forbidden for who may know
    that it is there and is not the one for whom it is meant.
    """
    require(actor, Permission.SEE_REFERRALS)
    attachment = _find(session, referral_id, attachment_id)
    kept = session.exec(select(AttachmentContent).where(AttachmentContent.id == attachment.content_id)).one_or_none()
    if kept is None:
        if actor.role is Role.PROVIDER:
            raise NotFound(_("Deze bijlage is er niet meer: de verwijzing is voorbij."))
        raise Forbidden(_("Wat is verstuurd, opent alleen de provider aan wie het is gericht."))
    if kept.content is None:
        raise NotFound(_("Deze bijlage is verwijderd na de bewaartermijn."))
    _record(session, actor, attachment, "opened")
    return OpenedFile(attachment.name, attachment.kind, kept.content)


def pass_on_attachments(session: Session, actor: Actor, old: Referral, new: Referral) -> int:
    """Let the files of a referral go with the one that replaces it, still sealed (R11); returns how many."""
    rows = session.exec(_of(old.id)).all()
    for row in rows:
        kept = row.model_dump(include={"content_id", "name", "kind", "size", "sha256"})
        passed = Attachment(**parties(new), **kept, added_by=actor.account)
        session.add(passed)
        _record(session, actor, passed, "added")
        _tell_provider(session, new, actor)
    session.flush()
    return len(rows)


def tell_of_attachments(session: Session, referral: Referral, actor: Actor) -> None:
    """Write down, when a draft is sent, that its files go to the provider (R27)."""
    for _file in attachments_of(session, referral.id):
        _tell_provider(session, referral, actor)


def attachments_of(session: Session, referral_id: UUID) -> tuple[AttachmentView, ...]:
    """Return the files that go with a referral, for use cases that record what they show."""
    return tuple(_view(row) for row in session.exec(_of(referral_id)))


def _hold(session: Session, actor: Actor, referral_id: UUID, *, removing: bool = False) -> Referral:
    """Lock a referral of which the actor may change what goes along, so that nobody counts past another."""
    referral = session.exec(
        select(Referral)
        .where(Referral.id == referral_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if referral is None:
        raise NotFound(_("Deze verwijzing is niet gevonden."))
    if referral.state not in GOES_ALONG:
        raise Conflict(_("Deze verwijzing is voorbij. Er gaat niets meer mee."), code="over")
    is_draft = referral.state in NOT_SENT
    if actor.role is Role.DELEGATE and not is_draft and referral.issued_by != actor.account_id:
        raise Forbidden(_("Deze verwijzing is niet door u verstuurd. De bedrijfsarts gaat hierover."))
    if not is_draft and not removing and not _is_told(session, referral):
        raise Conflict(
            _("De werknemer stemt er niet meer mee in dat zijn gegevens naar de provider gaan."), code="consent_missing"
        )
    return referral


def _is_told(session: Session, referral: Referral) -> bool:
    """Tell whether something new may still go to the provider (R23, R24)."""
    if referral.disclosure is Disclosure.OPEN:
        return True
    return consent_in_force(session, referral.case_id, ConsentScope.PROVIDER) is not None


def _keep(session: Session, referral: Referral, content: bytes) -> UUID:
    content_id = uuid4()
    facts = {name: value for name, value in whose(referral).items() if name != "referral_id"}
    append(session, AttachmentContent, id=content_id, **facts, content=content)
    return content_id


def _of(referral_id: UUID) -> SelectOfScalar[Attachment]:
    return (
        select(Attachment)
        .where(Attachment.referral_id == referral_id, col(Attachment.removed_at).is_(None))
        .order_by(col(Attachment.created_at), col(Attachment.id))
    )


def _find(session: Session, referral_id: UUID, attachment_id: UUID) -> Attachment:
    found = session.exec(_of(referral_id).where(Attachment.id == attachment_id)).one_or_none()
    if found is None:
        raise NotFound(_("Deze bijlage is er niet."))
    return found


def _attached(session: Session, referral_id: UUID, sha256: str) -> Attachment | None:
    return next((row for row in session.exec(_of(referral_id)) if row.sha256 == sha256), None)


def _count(session: Session, referral_id: UUID) -> int:
    return session.exec(select(func.count()).select_from(_of(referral_id).subquery())).one()


def _write_down(session: Session, actor: Actor, referral: Referral, attachment: Attachment, act: str) -> None:
    """Record an act; what goes with a draft is part of what is signed, and so makes a new version of it."""
    session.flush()
    _record(session, actor, attachment, act, referral.physician_account_id)
    if referral.state in NOT_SENT:
        move(session, referral, actor, Action.REVISE)
    elif act == "added":
        _tell_provider(session, referral, actor)


def _tell_provider(session: Session, referral: Referral, actor: Actor) -> None:
    """Write down that the provider is told what is in a file, and under which consent (R27)."""
    write_disclosure(
        session, referral, actor, Disclosed.ATTACHMENT, DisclosedTo.PROVIDER, consent_id=referral.consent_id
    )


def _record(session: Session, actor: Actor, attachment: Attachment, act: str, physician: UUID | None = None) -> None:
    audit.record(
        session,
        actor,
        f"medical:attachment:{act}",
        attachment.id,
        data_subject_id=attachment.employee_id,
        responsible_account_id=physician,
    )


def _view(row: Attachment) -> AttachmentView:
    return AttachmentView(row.id, row.name, row.kind, row.size, row.sha256, row.created_at)
