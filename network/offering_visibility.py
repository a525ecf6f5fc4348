"""When an offering can be found and referred to, said once: as a condition for queries, and as reasons why not."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from sqlalchemy import (
    ColumnElement,
    Date,
    Text,
    all_,
    and_,
    any_,
    bindparam,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.selectable import LateralFromClause
from sqlmodel import col

from core.clock import today
from core.language import _
from network.registers import interventions_by_registers, marks_valid_on, medical_interventions
from network.tables import Contract, Offering, OfferingState, Registration, RegistrationKind


class Obstacle(StrEnum):
    """Why an offering cannot be found now."""

    NOT_APPROVED = "not_approved"  # R29
    NO_CONTRACT = "no_contract"
    SUSPENDED = "suspended"
    NO_CARE_REGISTRATION = "no_care_registration"  # R31
    REGISTRATION_EXPIRED = "registration_expired"  # R30
    INSURANCE_EXPIRED = "insurance_expired"  # R30
    PRICE_NOT_VALID = "price_not_valid"  # R35

    @property
    def sentence(self) -> str:
        """The obstacle in the language of the person."""
        return _sentence(self)


OF_REGISTRATION = (Obstacle.NO_CARE_REGISTRATION, Obstacle.REGISTRATION_EXPIRED, Obstacle.INSURANCE_EXPIRED)
"""What must be in order before an offering is approved; the others may still change by themselves."""


TODAY = bindparam("today", callable_=today, type_=Date)
"""The day on which a query is asked, so that queries can be put up once and kept."""


def visible() -> ColumnElement[bool]:
    """Return the condition under which a row of `Offering` can be found today (R29, R30, R31, R35)."""
    contract, register = contracts(), registers()
    return select(literal(1)).select_from(contract, register).where(*free_of(contract, register).values()).exists()


def contracts() -> LateralFromClause:
    """Return, beside a row of `Offering`, what its provider's contracts of today come to, as one row.

    `running` says whether there is one, `suspended` whether one of them is, and `own_organisation` whether the
    provider belongs to the arbodienst's own group (R36).
    """
    return (
        select(
            (func.count() > 0).label("running"),
            func.coalesce(func.bool_or(col(Contract.suspended_at).is_not(None)), false()).label("suspended"),
            func.coalesce(func.bool_or(col(Contract.own_organisation)), false()).label("own_organisation"),
        )
        .where(
            col(Contract.provider_id) == col(Offering.provider_id),
            col(Contract.starts_on) <= TODAY,
            func.coalesce(col(Contract.ends_on) >= TODAY, true()),
        )
        .correlate(Offering)
        .lateral("contracts")
    )


def registers() -> LateralFromClause:
    """Return, beside a row of `Offering`, what its provider's registrations come to, as one row.

    `registered` says whether one behind the intervention is valid today and `insured` whether the insurance is; both
    are NULL when there has been none at all. `marks` are those that are valid.
    """
    valid = col(Registration.valid_until) >= TODAY
    return (
        select(
            func.bool_or(valid).filter(_stands_behind()).label("registered"),
            func.bool_or(valid).filter(col(Registration.kind) == RegistrationKind.INSURANCE).label("insured"),
            marks_valid_on(TODAY).label("marks"),
        )
        .where(col(Registration.provider_id) == col(Offering.provider_id))
        .correlate(Offering)
        .lateral("registers")
    )


def free_of(contract: LateralFromClause, register: LateralFromClause) -> Mapping[Obstacle, ColumnElement[bool]]:
    """Return for each obstacle the condition that it does not stand in the way of a row of `Offering` today.

    For a query that has these `contracts` and `registers` beside the offering.
    """
    return {
        Obstacle.NOT_APPROVED: col(Offering.state) == OfferingState.APPROVED,
        Obstacle.NO_CONTRACT: contract.c.running,
        Obstacle.SUSPENDED: ~contract.c.suspended,
        Obstacle.NO_CARE_REGISTRATION: or_(
            col(Offering.intervention) != all_(_words(medical_interventions())), register.c.registered.is_not(None)
        ),
        Obstacle.REGISTRATION_EXPIRED: func.coalesce(register.c.registered, true()),
        Obstacle.INSURANCE_EXPIRED: func.coalesce(register.c.insured, true()),
        Obstacle.PRICE_NOT_VALID: and_(
            col(Offering.price_valid_from) <= TODAY, func.coalesce(col(Offering.price_valid_until) >= TODAY, true())
        ),
    }


def _stands_behind() -> ColumnElement[bool]:
    """Return whether a register is one that stands behind the intervention of the offering."""
    pairs = [
        f"{code} {kind}" for kinds, codes in interventions_by_registers().items() for code in codes for kind in kinds
    ]
    return func.concat_ws(" ", col(Offering.intervention), col(Registration.kind)) == any_(_words(pairs))


def _words(found: Iterable[str]) -> ColumnElement[Sequence[str]]:
    """Return words as one value, taken apart once for each query: a list of values would make the query long."""
    return cast(select(func.string_to_array(",".join(found), ",")).scalar_subquery(), ARRAY(Text))


def _sentence(obstacle: Obstacle) -> str:
    return {
        Obstacle.NOT_APPROVED: _("Netwerkbeheer heeft dit aanbod niet (meer) goedgekeurd."),
        Obstacle.NO_CONTRACT: _("Met deze provider loopt nu geen contract."),
        Obstacle.SUSPENDED: _("Het contract met deze provider is opgeschort."),
        Obstacle.NO_CARE_REGISTRATION: _("Deze provider heeft geen BIG-registratie of AGB-code, en die is hier nodig."),
        Obstacle.REGISTRATION_EXPIRED: _("De registratie van deze provider is verlopen."),
        Obstacle.INSURANCE_EXPIRED: _("De beroepsaansprakelijkheidsverzekering van deze provider is verlopen."),
        Obstacle.PRICE_NOT_VALID: _("De prijs van dit aanbod geldt vandaag niet."),
    }[obstacle]
