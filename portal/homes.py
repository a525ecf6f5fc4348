"""Where each role lands: its worklist."""

from identity.roles import Role

HOMES = {
    Role.PHYSICIAN: "/arts",
    Role.DELEGATE: "/arts",
    Role.SECRETARY: "/secretariaat",
    Role.PROVIDER: "/provider",
    Role.EMPLOYEE: "/werknemer",
    Role.EMPLOYER: "/werkgever",
    Role.INSURER: "/verzekeraar",
    Role.CASE_MANAGER: "/regie",
    Role.NETWORK_MANAGER: "/netwerk",
    Role.AUDITOR: "/toezicht",
}


def home_of(role: Role) -> str:
    """Return the address of the worklist of `role`."""
    return HOMES[role]
