"""Events of the audit trail leave after their term from the beginning, and what remains is still proven (R71)."""

from datetime import timedelta

from cases.holds import Hold, hold_file
from core.clock import standing_at
from core.database import Door
from identity.audit_anchors import anchor_chain
from identity.audit_chain import verify
from identity.retention import remove_log
from identity.retention_tables import HoldReason
from tests.identity.test_audit_chain import as_superuser, seal_all, write_events
from tests.identity.test_retention import SIGNER, ago, certificates
from tests.medical.stage import Stage, set_stage
from tests.world import World


def logged(world: World, stage: Stage, most: int = 100) -> bool:
    with world.acting(Door.CARE, stage.system) as session:
        return remove_log(session, stage.system, SIGNER, most)


def anchor(world: World, stage: Stage) -> None:
    with world.acting(Door.OPEN, stage.system) as session:
        anchor_chain(session, stage.system, SIGNER)


def test_the_oldest_events_leave_and_the_rest_is_still_proven(world: World) -> None:
    """R68, R71."""
    stage = set_stage(world)
    with standing_at(ago(5)):
        write_events(world, 7)
    seal_all(world)
    assert not logged(world, stage)  # no anchor has covered them yet
    with standing_at(ago(5) + timedelta(minutes=1)):
        anchor(world, stage)
    write_events(world, 3)
    seal_all(world)
    anchor(world, stage)
    assert logged(world, stage, 4)
    assert logged(world, stage, 4)
    assert not logged(world, stage, 4)
    seal_all(world)
    with world.acting(Door.OPEN, stage.auditor) as session:
        found = verify(session, stage.auditor, SIGNER)
        assert (found.whole, found.removed, found.sealed) == (True, 7, 5)  # two more tell of the removals
    as_superuser(
        world, "UPDATE identity.removal_certificate SET digest = '' WHERE tenant_id = :tenant AND position = 7"
    )
    with world.acting(Door.OPEN, stage.auditor) as session:
        assert verify(session, stage.auditor, SIGNER).fault == "certificate_unproven"


def test_events_that_somebody_took_away_himself_are_missed(world: World) -> None:
    """R68, R71: without a signed certificate nothing may be missing at the beginning."""
    stage = set_stage(world)
    with standing_at(ago(5)):
        write_events(world, 4)
    seal_all(world)
    as_superuser(
        world,
        "DELETE FROM identity.audit_event WHERE id IN"
        " (SELECT event_id FROM identity.audit_link WHERE tenant_id = :tenant AND position <= 2);"
        "DELETE FROM identity.audit_link WHERE tenant_id = :tenant AND position <= 2",
    )
    with world.acting(Door.OPEN, stage.auditor) as session:
        assert verify(session, stage.auditor, SIGNER).fault == "link_missing"


def test_events_about_somebody_who_is_held_stay_and_all_behind_them(world: World) -> None:
    """R71."""
    stage = set_stage(world)
    with standing_at(ago(6)):
        write_events(world, 2)
        stage.judge(medical=True)
        write_events(world, 2)
        seal_all(world)
        anchor(world, stage)
    with stage.acting(stage.physician) as session:
        hold_file(session, stage.physician, stage.case_id, Hold(reason=HoldReason.COMPLAINT))
    assert logged(world, stage)
    assert not logged(world, stage)
    (made,) = certificates(world)
    assert made.position == 2
