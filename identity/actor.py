"""Who acts: a frozen value, made once per request, that every use case receives."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.database import Context
from identity.roles import Role


@dataclass(frozen=True)
class Actor:
    """Somebody signed in, in one role for one organisation of one tenant; or a job of that tenant."""

    role: Role
    tenant_id: UUID
    organisation_id: UUID
    account_id: UUID | None = None
    membership_id: UUID | None = None
    person_id: UUID | None = None
    subject_id: UUID | None = None  # the employee that this account is
    email: str = ""
    name: str = ""
    organisation_name: str = ""
    language: str = "nl"
    client: str | None = None
    session_id: UUID | None = None  # of the portal; a token has none
    proved_at: datetime | None = None  # when the second factor was last shown in it
    scopes: tuple[str, ...] | None = None  # of a token that may not do all that its role may
    emergency_id: UUID | None = None  # the emergency access under which all of this is read (R22)
    emergency_case_id: UUID | None = None  # that he reads in an emergency, in this transaction and nothing else (R22)

    @property
    def context(self) -> Context:
        """Return what row-level security has to know of this actor."""
        return Context(self.tenant_id, self.organisation_id, self.account_id, self.role.value, self.subject_id)

    @property
    def account(self) -> UUID:
        """Return the account of a person; a job has none, and then this is a mistake of ours."""
        if self.account_id is None:
            raise RuntimeError("a job has no account")
        return self.account_id


def system(tenant_id: UUID) -> Actor:
    """Return the actor under which jobs of a tenant run."""
    return Actor(role=Role.SYSTEM, tenant_id=tenant_id, organisation_id=tenant_id, name="system")
