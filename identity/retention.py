"""What left at the end of its term: the certificates of it, and the terms of the audit trail and of accounts (R71)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlmodel import Session, col, func, select

from core.errors import NotFound
from core.language import _
from core.paging import Page, offset
from core.signing import Proof, Signature, Signer, written
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require, require_system
from identity.retention_tables import Kept, RemovalCertificate

MOST_EVENTS = 5_000
REMOVE_LOG = text("SELECT app.remove_log(:most)")
REMOVE_ACCOUNTS = text("SELECT identity.remove_accounts(:most)")
REMOVE_PERSONS = text("SELECT identity.remove_persons(:most)")


@dataclass(frozen=True)
class Certificate:
    """A certificate as the auditor reads it: what was removed by which term, how much, and who signed that."""

    id: UUID
    at: datetime
    kept: Kept
    years: int
    until: date
    things: int
    rows: int
    facts: dict[str, object]
    signature: Signature | None
    proof: Proof

    @property
    def written(self) -> dict[str, object]:
        """The certificate as a file: what is signed, word by word, and the signature."""
        signed = self.signature
        return {
            "certificate": self.facts,
            "key": signed.key_id if signed else None,
            "signature": written(signed.value) if signed else None,
        }


def list_certificates(
    session: Session, actor: Actor, signer: Signer, page: int = 1, page_size: int = 50
) -> Page[Certificate]:
    """Return the certificates of the tenant, the newest first."""
    require(actor, Permission.VERIFY_AUDIT)
    total = session.exec(select(func.count()).select_from(RemovalCertificate)).one()
    found = select(RemovalCertificate).order_by(col(RemovalCertificate.created_at).desc(), col(RemovalCertificate.id))
    rows = session.exec(found.limit(page_size).offset(offset(page, page_size))).all()
    return Page(tuple(_certificate(row, signer) for row in rows), total, page, page_size)


def get_certificate(session: Session, actor: Actor, signer: Signer, certificate_id: UUID) -> Certificate:
    """Return one certificate; raises NotFound."""
    require(actor, Permission.VERIFY_AUDIT)
    row = session.exec(select(RemovalCertificate).where(RemovalCertificate.id == certificate_id)).one_or_none()
    if row is None:
        raise NotFound(_("Dit certificaat is niet gevonden."))
    return _certificate(row, signer)


def sign_certificate(session: Session, signer: Signer, certificate_id: UUID) -> None:
    """Sign the certificate that the database just wrote, where there is a key; what it is of, its use case records."""
    row = session.exec(select(RemovalCertificate).where(RemovalCertificate.id == certificate_id)).one()
    if signer:
        signature = signer.sign(row.content)
        row.signature, row.key_id = signature.value, signature.key_id
        session.add(row)
        session.flush()


def remove_log(session: Session, actor: Actor, signer: Signer, most: int = MOST_EVENTS) -> bool:
    """Remove the oldest events of the trail whose term is over, at most `most`; tell whether there were any.

    Without a key nothing is removed: what is left could not be proven. Runs as a job.
    """
    require_system(actor)
    return bool(signer) and _removed(session, actor, signer, REMOVE_LOG, most, "identity:audit:removed")


def remove_accounts(session: Session, actor: Actor, signer: Signer, most: int) -> bool:
    """Remove what opened the accounts of who left, at most `most`, and what ended as long ago in those that go on.

    Tell whether there was anything. The name stays, for trail and files. Runs as a job.
    """
    require_system(actor)
    return _removed(session, actor, signer, REMOVE_ACCOUNTS, most, "identity:account:removed")


def remove_persons(session: Session, actor: Actor, signer: Signer, most: int) -> bool:
    """Remove who left, at most `most`, once neither trail nor file names them; tell whether there were any; a job."""
    require_system(actor)
    return _removed(session, actor, signer, REMOVE_PERSONS, most, "identity:person:removed")


def _removed(session: Session, actor: Actor, signer: Signer, remove: TextClause, most: int, tag: str) -> bool:
    """Let the database remove and certify; sign that and record it, unless there was nothing."""
    certificate_id = session.execute(remove, {"most": most}).scalar_one()
    if certificate_id is None:
        return False
    sign_certificate(session, signer, certificate_id)
    record(session, actor, tag, certificate_id)
    return True


def _certificate(row: RemovalCertificate, signer: Signer) -> Certificate:
    signed = Signature(row.key_id, row.signature) if row.key_id and row.signature else None
    return Certificate(
        id=row.id,
        at=row.created_at,
        kept=row.kept,
        years=row.years,
        until=row.until,
        things=row.things,
        rows=row.rows,
        facts=row.facts,
        signature=signed,
        proof=row.proof(signer),
    )
