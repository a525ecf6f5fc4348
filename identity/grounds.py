"""On what authority something was done or read: the authorisation protocol that an event of the trail names (R68)."""

from enum import StrEnum

from identity.roles import Role


class Ground(StrEnum):
    """Why the software let somebody through; NEN 7513 asks for it beside who and what."""

    PHYSICIAN = "physician"  # the occupational physician, on his own authority
    DELEGATION = "delegation"  # for a physician who answers for it
    MANDATE = "mandate"  # a mandate that a physician signed for this employer and intervention (R2)
    SECRETARIAT = "secretariat"  # the office that matches and pays invoices (R21)
    ADDRESSEE = "addressee"  # what was sent to a provider, while its part runs (R20)
    OWN = "own"  # the employee, about himself (R27)
    OFFICE = "office"  # a party of the open side in its own role, which has no health data before it
    OVERSIGHT = "oversight"  # the data protection officer, about events and never content
    JOB = "job"  # the software by itself
    EMERGENCY = "emergency"  # access that somebody without any other ground opened in an emergency (R22)


OF_ROLE = {
    Role.PHYSICIAN: Ground.PHYSICIAN,
    Role.DELEGATE: Ground.DELEGATION,
    Role.SECRETARY: Ground.SECRETARIAT,
    Role.PROVIDER: Ground.ADDRESSEE,
    Role.EMPLOYEE: Ground.OWN,
    Role.AUDITOR: Ground.OVERSIGHT,
    Role.SYSTEM: Ground.JOB,
}
"""The ground on which a role acts where an event names no other; who is not here acts on the open side."""


def ground_of(role: Role) -> Ground:
    """Return the ground on which `role` acts, unless an event names another."""
    return OF_ROLE.get(role, Ground.OFFICE)
