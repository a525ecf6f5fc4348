"""Doing what a form asks: all of it, or nothing and the form again with what is wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel
from sqlmodel import Session

from core.errors import Conflict, FieldError, Forbidden, Invalid
from portal.forms import Form

M = TypeVar("M", bound=BaseModel)
R = TypeVar("R")


@dataclass(frozen=True)
class Attempt(Generic[R]):
    """What came of it: `done`, or else the form to show again with its status."""

    form: Form[Any]
    status: int = 200
    done: R | None = None


def attempt(session: Session, form: Form[M], act: Callable[[M], R]) -> Attempt[R]:
    """Do `act` with the value of a form, when it has one.

    A refusal becomes part of the form, and nothing stays behind in the database of what was done before it: the
    request goes on and will commit. What is not there at all is refused as everywhere else.
    """
    if form.value is None:
        return Attempt(form, 422)
    try:
        with session.begin_nested():
            return Attempt(form, done=act(form.value))
    except Invalid as refusal:
        return Attempt(form.refused(refusal.errors or (FieldError("", refusal.message),)), refusal.status)
    except (Conflict, Forbidden) as refusal:
        return Attempt(form.refused((FieldError("", refusal.message),)), refusal.status)
