"""Takes the employer's reference of an employee off invoices whose term is over (R71)."""

from sqlalchemy import text
from sqlmodel import Session

from core.signing import Signer
from identity.actor import Actor
from identity.audit import record
from identity.policy import require_system
from identity.retention import sign_certificate

REMOVE = text("SELECT billing.remove_references(:most)")


def remove_references(session: Session, actor: Actor, signer: Signer, most: int) -> bool:
    """Take the references off at most `most` invoices; tell whether there were any. Runs as a job.

    Number, parties and amounts stay, and so does the ledger: they tell of nobody.
    """
    require_system(actor)
    certificate_id = session.execute(REMOVE, {"most": most}).scalar_one()
    if certificate_id is not None:
        sign_certificate(session, signer, certificate_id)
        record(session, actor, "billing:reference:removed", certificate_id)
    return certificate_id is not None
