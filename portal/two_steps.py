"""A form in two steps: filled in, looked at with what will be sent to whom, and only then done.

Between the two what was typed travels along in hidden fields, so that nothing half-done has to be kept anywhere.
"""

from enum import StrEnum
from typing import TypeVar

from pydantic import BaseModel
from starlette.datastructures import FormData

from portal.forms import Form

M = TypeVar("M", bound=BaseModel)
BUTTON = "act"


class Step(StrEnum):
    """Which button was pressed."""

    CHECK = "check"  # look at it first
    SEND = "send"  # it is right: do it
    EDIT = "edit"  # back to the form, as it was typed
    MORE = "more"  # the same form, with room for one row more


def pressed(data: FormData) -> tuple[Step, FormData]:
    """Return which button was pressed, and the fields without it; whoever pressed none wants to look first."""
    button = data.get(BUTTON)
    step = Step(button) if isinstance(button, str) and button in set(Step) else Step.CHECK
    return step, FormData([(name, value) for name, value in data.multi_items() if name != BUTTON])


def reopened(form: Form[M]) -> Form[M]:
    """Return a form as it was typed, to change it; nothing is called wrong before it is sent again."""
    return Form(typed=form.typed)
