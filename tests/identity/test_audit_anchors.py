"""Anchors show whoever kept them that a chain was written anew, even by the owner of the database."""

import json
import tracemalloc
from argparse import Namespace
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from commands import audit_verify
from core.clock import now, standing_at
from core.database import Door
from core.errors import Forbidden, Invalid
from core.signing import Proof, Signature, Signer
from identity import audit_chain
from identity.actor import system
from identity.audit_anchors import (
    Anchor,
    anchor_chain,
    export_anchors,
    kept_anchors,
    lines_of,
    list_anchors,
    read_anchors,
)
from identity.audit_chain import START, Verification, digest, verify
from identity.roles import Role
from identity.tables import AuditEvent, AuditLink
from tests.identity.test_audit_chain import as_superuser, seal_all, write_events
from tests.world import World
from worker import audit_jobs

SIGNER = Signer((b"a" * 32,))
STRANGER = Signer((b"b" * 32,))
THIRD = "(SELECT event_id FROM identity.audit_link WHERE tenant_id = :tenant AND position = 3)"


def anchored(world: World, count: int = 6) -> Anchor:
    """Seal `count` events and sign where that leaves the chain."""
    write_events(world, count)
    seal_all(world)
    actor = system(world.tenant_id)
    with world.acting(Door.OPEN, actor) as session:
        made = anchor_chain(session, actor, SIGNER)
    assert made is not None
    return made


def verified(world: World, *kept: Anchor, signer: Signer = SIGNER) -> Verification:
    auditor = world.actor(Role.AUDITOR)
    with world.acting(Door.OPEN, auditor) as session:
        return verify(session, auditor, signer, kept)


def rewrite_chain(world: World) -> None:
    """What the owner of the database can do: chain all that there is anew, with the same public arithmetic."""
    with world.database.owner.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        rows = connection.execute(
            select(AuditLink.position, *AuditEvent.__table__.columns)  # type: ignore[attr-defined]
            .join(AuditEvent, col(AuditEvent.id) == AuditLink.event_id)
            .where(AuditLink.tenant_id == world.tenant_id)
            .order_by(col(AuditLink.position))
        ).all()
        connection.execute(
            text("DELETE FROM identity.audit_link WHERE tenant_id = :tenant"), {"tenant": world.tenant_id}
        )
        previous = START
        for position, row in enumerate(rows, 1):
            previous = digest(previous, row)
            connection.execute(
                text("INSERT INTO identity.audit_link VALUES (:tenant, :position, :event, :digest)"),
                {"tenant": world.tenant_id, "position": position, "event": row.id, "digest": previous},
            )


def test_a_whole_chain_fits_its_anchors(world: World) -> None:
    first, second = anchored(world), anchored(world, 3)
    assert verified(world) == Verification(whole=True, sealed=9, unsealed=0, anchors=2)
    assert verified(world, first, second).anchors == 4
    actor = system(world.tenant_id)
    with world.acting(Door.OPEN, actor) as session:
        assert anchor_chain(session, actor, SIGNER) is None  # nothing came since
        assert anchor_chain(session, actor, Signer(())) is None  # nobody to sign


@pytest.mark.parametrize(
    "deed",
    [
        f"UPDATE identity.audit_event SET tag = 'medical:case:other' WHERE id = {THIRD}",
        f"DELETE FROM identity.audit_event WHERE id = {THIRD}",
        "INSERT INTO identity.audit_event (id, tenant_id, at, tag, role, subject_kind, ground) VALUES"
        " (gen_random_uuid(), :tenant, now(), 'medical:case:read', 'physician', 'case', 'physician');"
        "INSERT INTO identity.audit_link SELECT :tenant, 0, id, '' FROM identity.audit_event WHERE tenant_id = :tenant"
        " ORDER BY seq DESC LIMIT 1",
        "UPDATE identity.audit_link SET position = 100 - position WHERE tenant_id = :tenant",
    ],
)
def test_a_chain_that_was_written_anew_does_not_fit_an_anchor(world: World, deed: str) -> None:
    """R68."""
    kept = anchored(world)
    as_superuser(world, deed)
    rewrite_chain(world)
    assert verified(world, signer=Signer(())).whole  # the arithmetic alone is content again
    found = verified(world)
    assert not found.whole
    assert found.fault in ("anchor_differs", "chain_shorter")
    as_superuser(world, "DELETE FROM identity.audit_anchor WHERE tenant_id = :tenant")
    assert verified(world).whole  # whoever owns the database takes its anchors away too
    assert verified(world, kept).fault == found.fault  # and not those that were kept elsewhere


def test_a_chain_that_lost_its_end_is_shorter_than_its_anchor(world: World) -> None:
    """R68."""
    kept = anchored(world)
    as_superuser(
        world,
        f"DELETE FROM identity.audit_event WHERE id = {THIRD};"
        "DELETE FROM identity.audit_link WHERE tenant_id = :tenant AND position >= 3",
    )
    seal_all(world)
    assert verified(world, kept).fault in ("anchor_differs", "chain_shorter")
    as_superuser(
        world,
        "DELETE FROM identity.audit_event WHERE tenant_id = :tenant;"
        "DELETE FROM identity.audit_link WHERE tenant_id = :tenant",
    )
    assert verified(world, kept) == Verification(False, 0, 0, 1, "chain_shorter")


def test_an_event_of_before_the_anchor_cannot_be_added_behind_it(world: World) -> None:
    """R68."""
    anchored(world)
    long_ago = now() - timedelta(days=400)
    with standing_at(long_ago):
        write_events(world, 1)
    seal_all(world)
    found = verified(world)
    assert (found.fault, found.broken_at) == ("event_backdated", 7)


def test_an_anchor_that_was_not_signed_here_proves_nothing(world: World) -> None:
    """R68."""
    kept = anchored(world)
    forged = replace(kept, digest=bytes(32))
    assert verified(world, forged).fault == "anchor_forged"
    assert forged.proof(SIGNER) is Proof.FORGED
    moved = replace(kept, at=kept.at + timedelta(days=1))
    assert verified(world, moved).fault == "anchor_forged"
    signature = STRANGER.sign(kept.content)
    assert verified(world, replace(kept, signature=signature)).unproven == 1
    mislabelled = replace(kept, signature=Signature(kept.signature.key_id, signature.value))
    assert verified(world, mislabelled).fault == "anchor_forged"
    as_superuser(world, "UPDATE identity.audit_anchor SET digest = '' WHERE tenant_id = :tenant")
    assert verified(world).fault == "anchor_forged"


def test_anchors_of_an_older_key_still_count(world: World) -> None:
    kept = anchored(world)
    renewed = Signer((b"c" * 32, *SIGNER.keys))
    assert verified(world, kept, signer=renewed).anchors == 2


def test_anchors_of_another_arbodienst_say_nothing_of_this_one(world: World) -> None:
    anchored(world)
    elsewhere = anchored(World(world.database), 2)
    assert verified(world, elsewhere) == Verification(True, 6, 0, anchors=1)


def test_nobody_changes_an_anchor_and_only_the_system_signs(world: World) -> None:
    """R68."""
    anchored(world)
    for statement in ("UPDATE identity.audit_anchor SET position = 1", "DELETE FROM identity.audit_anchor"):
        with pytest.raises(Exception, match="append-only"), world.database.owner.begin() as connection:
            connection.execute(text(statement))
    auditor = world.actor(Role.AUDITOR)
    with world.acting(Door.OPEN, auditor) as session:
        assert list_anchors(session, auditor, 1, 10).total == 1
        with pytest.raises(Forbidden):
            anchor_chain(session, auditor, SIGNER)
    manager = world.actor(Role.NETWORK_MANAGER)
    with world.acting(Door.OPEN, manager) as session:
        assert kept_anchors(session) == ()
        with pytest.raises(Forbidden):
            list_anchors(session, manager, 1, 10)
    insert = "INSERT INTO identity.audit_anchor VALUES (:tenant, 99, '', now(), 'k', '')"
    with pytest.raises(Exception, match="row-level security"), world.acting(Door.OPEN, auditor) as session:
        session.execute(text(insert), {"tenant": world.tenant_id})


def test_the_file_follows_and_is_never_written_anew(world: World, tmp_path: Path) -> None:
    anchors = [anchored(world), anchored(world, 2)]
    assert export_anchors(tmp_path, world.tenant_id, anchors[:1]) == 1
    assert export_anchors(tmp_path, world.tenant_id, anchors) == 1
    assert export_anchors(tmp_path, world.tenant_id, anchors) == 0
    file = tmp_path / f"{world.tenant_id}.jsonl"
    assert read_anchors(file.read_text()) == tuple(anchors)
    half = file.read_text()[:-20]  # the machine stopped while it wrote
    file.write_text(half)
    assert export_anchors(tmp_path, world.tenant_id, anchors) == 1
    assert read_anchors(file.read_text()) == tuple(anchors)


@pytest.mark.parametrize("lines", ["{}", "x", '{"tenant": "x"}', "[1]"])
def test_what_is_no_file_of_anchors_is_refused(lines: str) -> None:
    with pytest.raises(Invalid):
        read_anchors(lines)


def test_a_line_with_more_than_it_says_is_refused(world: World) -> None:
    line = json.loads(lines_of([anchored(world)]))
    with pytest.raises(Invalid):
        read_anchors(json.dumps(line | {"note": "x"}))
    with pytest.raises(Invalid):
        read_anchors(json.dumps(line | {"signature": "?"}))


def test_a_long_chain_needs_no_more_memory_than_a_short_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """R68."""
    monkeypatch.setattr(audit_chain, "PIECE", audit_chain.PIECE.limit(50))
    peaks = []
    for count in (200, 1_800):
        write_events(world, count)
        while seal_all(world):
            pass
        tracemalloc.start()
        assert verified(world).whole
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5


def test_the_command_holds_the_trail_against_the_files_of_the_worker(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """R68."""
    write_events(world, 4)
    seal_all(world)
    settings = world.database.settings.model_copy(update={"data_dir": tmp_path})
    monkeypatch.setattr(world.database, "settings", settings)
    monkeypatch.setattr(audit_jobs, "tenants", lambda _database: (world.tenant_id,))
    monkeypatch.setattr(audit_verify, "tenants", lambda _database: (world.tenant_id,))
    monkeypatch.setattr(audit_verify, "opened", lambda _settings, _server: nullcontext(world.database))
    audit_jobs.anchor_audit(world.database)
    audit_jobs.anchor_audit(world.database)
    audit_verify.run(settings, Namespace(anchors=[]), None)
    assert "whole: 4 links, 2 anchors fit" in capsys.readouterr().out
    as_superuser(
        world,
        f"UPDATE identity.audit_event SET reason = 'x' WHERE id = {THIRD};"
        "DELETE FROM identity.audit_anchor WHERE tenant_id = :tenant",
    )
    rewrite_chain(world)
    with pytest.raises(SystemExit):
        audit_verify.run(settings, Namespace(anchors=[]), None)
    assert "broken at link 4: anchor_differs" in capsys.readouterr().out
    with pytest.raises(Invalid, match="nowhere"):
        audit_verify.read_file(tmp_path / "nowhere")
