"""`python main.py audit-verify`: whether the audit trail is whole, held against anchors that were kept elsewhere."""

import argparse
import sys
from pathlib import Path

from commands.opening import opened
from core.database import Door
from core.embedded_postgres import EmbeddedPostgres
from core.errors import Invalid
from core.settings import Settings
from identity.audit_anchors import Anchor, read_anchors
from identity.audit_chain import Verification, prove_chain
from worker.stage import acting, tenants


def run(settings: Settings, options: argparse.Namespace, server: EmbeddedPostgres | None) -> None:
    """Prove the trail of every tenant and say of each what was found; leave with status 1 when one is not whole.

    Without files it takes those that the worker wrote to the data directory.
    """
    files = [Path(name) for name in options.anchors] or sorted(settings.anchor_folder.glob("*.jsonl"))
    kept = tuple(anchor for file in files for anchor in read_file(file))
    whole = True
    with opened(settings, server) as database:
        served = tenants(database)
        for tenant_id in served:
            with acting(database, Door.OPEN, tenant_id) as (session, actor):
                found = prove_chain(session, actor, settings.signer, kept)
            print(tenant_id, sentence(found))  # noqa: T201 -- the answer itself
            whole = whole and found.whole
        gone = {anchor.tenant_id for anchor in kept} - set(served)
    for tenant_id in sorted(gone):
        print(tenant_id, "broken: there are anchors of it, and no trail")  # noqa: T201 -- the answer itself
    if gone or not whole:
        sys.exit(1)


def read_file(path: Path) -> tuple[Anchor, ...]:
    """Return the anchors of a file; raises Invalid with its name when it cannot be read as one."""
    try:
        return read_anchors(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, Invalid) as fault:
        raise Invalid(f"{path}: {fault}", ()) from fault


def sentence(found: Verification) -> str:
    """Return what was found in one line."""
    if not found.whole:
        return f"broken at link {found.broken_at}: {found.fault}"
    parts = [f"whole: {found.sealed} links", f"{found.anchors} anchors fit", f"{found.unsealed} events wait for a seal"]
    if found.removed:
        parts.append(f"{found.removed} links left at the end of their term")
    if found.unproven:
        parts.append(f"{found.unproven} anchors were signed with a key that is not known here")
    return ", ".join(parts)
