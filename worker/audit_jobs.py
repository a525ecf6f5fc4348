"""Jobs that keep the audit trail provable: an anchor a day, signed, in the database and in a file outside it."""

import logging

from core.database import Database, Door
from identity.audit_anchors import anchor_chain, export_anchors, exported_until, kept_anchors
from worker.open_jobs import seal_everything
from worker.stage import acting, tenants

log = logging.getLogger(__name__)


def anchor_audit(database: Database) -> None:
    """Seal what is left, sign where the chain of every tenant stands, and write what is new to the folder of anchors.

    The file follows the database, so that one that could not be written is caught up with the next time.
    """
    signer, folder = database.settings.signer, database.settings.anchor_folder
    if not signer:
        log.warning("no anchors are signed: PROVIDERBOOG_ANCHOR_KEYS is not set")
        return
    seal_everything(database)
    for tenant_id in tenants(database):
        with acting(database, Door.OPEN, tenant_id) as (session, actor):
            anchor_chain(session, actor, signer)
        with acting(database, Door.OPEN, tenant_id) as (session, _actor):
            last = exported_until(folder / f"{tenant_id}.jsonl")
            export_anchors(folder, tenant_id, kept_anchors(session, last))
