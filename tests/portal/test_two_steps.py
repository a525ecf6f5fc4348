"""Forms in two steps: which button was pressed, and a rehearsal that leaves nothing behind."""

import pytest
from pydantic import BaseModel
from sqlmodel import Session, select
from starlette.datastructures import FormData

from core.database import Door
from core.errors import Conflict
from identity.audit import record
from identity.roles import Role
from identity.tables import AuditEvent
from portal.attempts import attempt
from portal.forms import parse
from portal.rehearsal import rehearse
from portal.two_steps import Step, pressed, reopened
from tests.world import World


class Wish(BaseModel, extra="forbid"):
    """A small form."""

    days: int


@pytest.mark.parametrize(
    ("buttons", "step"),
    [
        ([], Step.CHECK),
        ([("act", "send")], Step.SEND),
        ([("act", "edit")], Step.EDIT),
        ([("act", "more")], Step.MORE),
        ([("act", "")], Step.CHECK),
        ([("act", "delete")], Step.CHECK),
    ],
)
def test_the_button_is_no_field_of_the_form(buttons: list[tuple[str, str]], step: Step) -> None:
    found, fields = pressed(FormData([("days", "3"), *buttons]))
    assert found is step
    assert fields.multi_items() == [("days", "3")]
    assert parse(Wish, fields).value == Wish(days=3)


def test_a_form_that_is_opened_again_holds_what_was_typed_and_no_complaint() -> None:
    form = parse(Wish, FormData([("days", "many")]))
    assert form.errors
    again = reopened(form)
    assert (again.of("days"), dict(again.errors), again.value) == ("many", {}, None)


def tags(world: World) -> list[str]:
    with Session(world.database.owner) as session:
        return list(session.exec(select(AuditEvent.tag).where(AuditEvent.tenant_id == world.tenant_id)))


def test_a_rehearsal_answers_and_is_undone(world: World) -> None:
    actor = world.actor(Role.NETWORK_MANAGER)
    with world.acting(Door.OPEN, actor) as session:
        record(session, actor, "test:before:kept")

        def act() -> str:
            record(session, actor, "test:rehearsal:undone")
            session.flush()
            return "seen"

        assert rehearse(session, act) == "seen"
        record(session, actor, "test:after:kept")
    assert sorted(tags(world)) == ["test:after:kept", "test:before:kept"]


def test_a_refusal_comes_through_a_rehearsal_and_leaves_nothing_either(world: World) -> None:
    actor = world.actor(Role.NETWORK_MANAGER)
    with world.acting(Door.OPEN, actor) as session:

        def act() -> None:
            record(session, actor, "test:rehearsal:undone")
            session.flush()
            raise Conflict("dat kan niet")

        with pytest.raises(Conflict):
            rehearse(session, act)
        form = parse(Wish, FormData([("days", "3")]))
        tried = attempt(session, form, lambda _wish: rehearse(session, act))
        assert (tried.status, tried.form.error("")) == (Conflict.status, "dat kan niet")
        record(session, actor, "test:after:kept")
    assert tags(world) == ["test:after:kept"]
