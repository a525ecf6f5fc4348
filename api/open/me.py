"""Who am I: the first thing that a client asks."""

from typing import Annotated

from pydantic import BaseModel

from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from identity.roles import Role

router = Section(tags=["account"])


class Me(BaseModel):
    """The account behind the token, and in which role and organisation it acts."""

    email: str
    role: Role
    organisation: str
    name: str
    language: str


@router.get("/me")
def me(work: Annotated[Work, open_side(Permission.SEE_SELF)]) -> Me:
    """Return the account, role and organisation of the caller."""
    actor = work.actor
    return Me(
        email=actor.email,
        role=actor.role,
        organisation=actor.organisation_name,
        name=actor.name,
        language=actor.language,
    )
