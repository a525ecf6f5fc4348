"""Through which day a provider's registrations carry an intervention (R30, R31)."""

from datetime import date
from uuid import UUID

from sqlmodel import Session, col, func, select

from network.registers import CARE_REGISTERS, registers_of
from network.tables import Registration, RegistrationKind


def registered_through(session: Session, provider_id: UUID, intervention: str) -> date:
    """Return the last day on which the provider may do this work by its registrations and its insurance.

    The first day there is when a register that must be there is not, the last when nothing sets an end.
    """
    last = dict(
        session.exec(
            select(Registration.kind, func.max(col(Registration.valid_until)))
            .where(Registration.provider_id == provider_id)
            .group_by(col(Registration.kind))
        ).all()
    )
    kinds = registers_of(intervention)
    ends = [last[kind] for kind in kinds if kind in last]
    if not ends and kinds == CARE_REGISTERS:
        return date.min
    return min(max(ends, default=date.max), last.get(RegistrationKind.INSURANCE, date.max))
