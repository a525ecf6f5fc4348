"""Removes medical files, and papers that belong to none, when their term is over, unless they are held (R71)."""

from sqlalchemy import text
from sqlmodel import Session

from core.signing import Signer
from identity.actor import Actor
from identity.audit import record
from identity.policy import require_system
from identity.retention import sign_certificate
from medical.keys import shred, shred_papers

PAST_TERM = text("SELECT medical.files_past_term(:most)")
REMOVE = text("SELECT medical.remove_files(:cases)")
PAPERS = text("SELECT medical.papers_past_term(:most)")
REMOVE_PAPERS = text("SELECT medical.remove_papers(:papers)")


def remove_files(session: Session, actor: Actor, signer: Signer, most: int) -> int:
    """Remove the medical files whose term is over, at most `most`; return how many. Runs as a job.

    The database checks the term of each once more, and takes away every row of the medical room that belongs to it.
    """
    require_system(actor)
    cases = list(session.execute(PAST_TERM, {"most": most}).scalars())
    if cases:
        for case_id in cases:
            shred(session, actor, case_id)  # first: what was copied before stays, and reads no more
        certificate_id = session.execute(REMOVE, {"cases": cases}).scalar_one()
        sign_certificate(session, signer, certificate_id)
        record(session, actor, "medical:file:removed", certificate_id)
    return len(cases)


def remove_papers(session: Session, actor: Actor, signer: Signer, most: int) -> int:
    """Remove papers of providers that belong to no file, at most `most`; return how many. Runs as a job.

    They are what an employer's own provider specified, and invoices for which no referral was found.
    """
    require_system(actor)
    papers = list(session.execute(PAPERS, {"most": most}).scalars())
    if papers:
        shred_papers(session, actor, papers)
        certificate_id = session.execute(REMOVE_PAPERS, {"papers": papers}).scalar_one()
        sign_certificate(session, signer, certificate_id)
        record(session, actor, "medical:paper:removed", certificate_id)
    return len(papers)
