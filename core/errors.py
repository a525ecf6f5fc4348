"""Refusals that carry their own status. Rooms raise them; the doors turn them into a page or a problem document."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class FieldError:
    """One fault of one field: its name as the caller wrote it, and a sentence in the caller's language."""

    field: str
    message: str


class Refusal(Exception):
    """A request that is understood and not granted; `status` is its HTTP status, `code` a stable word for machines."""

    status = 400
    code = "refused"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class Unauthenticated(Refusal):
    """Nobody is signed in, or the token is not (or no longer) valid."""

    status = 401
    code = "unauthenticated"


class Forbidden(Refusal):
    """A member may know that the thing exists but may not do this; the message says why."""

    status = 403
    code = "forbidden"


class NotFound(Refusal):
    """Not there, or not yours: the two are one answer (R70)."""

    status = 404
    code = "not_found"


class Conflict(Refusal):
    """The act does not fit the present state; `possible` names the acts that do."""

    status = 409
    code = "conflict"

    def __init__(self, message: str, *, code: str | None = None, possible: Sequence[str] = ()) -> None:
        super().__init__(message, code=code)
        self.possible = tuple(possible)


class TooLarge(Refusal):
    """The body is larger than the door accepts."""

    status = 413
    code = "too_large"


class WrongKind(Refusal):
    """The body is of a kind that is not read here."""

    status = 415
    code = "wrong_kind"


class Misdirected(Refusal):
    """The request names a host that is not ours."""

    status = 421
    code = "misdirected"


class TooMany(Refusal):
    """More was asked than is granted at once; after `seconds` there is room again."""

    status = 429
    code = "too_many"

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class Invalid(Refusal):
    """Bad input: every fault at once, each with its field."""

    status = 422
    code = "invalid"

    def __init__(self, message: str, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(message)
        self.errors = tuple(errors)


class Unavailable(Refusal):
    """An outside service does not answer in time; trying again later may help."""

    status = 503
    code = "unavailable"


AGAIN = 5  # seconds after which a service that did not answer may be asked again


def retry_after(refusal: Refusal) -> dict[str, str]:
    """Return the header that says when to come back, for a refusal after which that helps."""
    if isinstance(refusal, TooMany):
        return {"Retry-After": str(refusal.seconds)}
    return {"Retry-After": str(AGAIN)} if refusal.status == 503 else {}
