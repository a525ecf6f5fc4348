"""Which registers stand behind which intervention (rules chapter 4), and which of them must be there (R31)."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from types import MappingProxyType

from sqlalchemy import ColumnElement, Text, and_, cast, exists, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased
from sqlmodel import col

from network.tables import Offering, Registration
from network.tables import RegistrationKind as Kind
from network.taxonomy import ReferralClass, interventions

# A medical intervention needs one valid entry here: a BIG professional, or the AGB code of an institution (R31).
CARE_REGISTERS = (Kind.BIG, Kind.AGB)

# The marks of the other interventions are no duty; but whoever has shown one must keep one valid (R30).
QUALITY_MARKS: Mapping[str, tuple[Kind, ...]] = MappingProxyType(
    {
        "PERSP": (Kind.BLIK_OP_WERK, Kind.OVAL),
        "ADO": (Kind.SRA,),
        "BMW": (Kind.REGISTERPLEIN,),
        "COA": (Kind.NOBCO,),
        "WEP": (Kind.BLIK_OP_WERK, Kind.OVAL),
        "SHV": (Kind.NVVK,),
        "WPO": (Kind.HFNL,),
        "LWO": (Kind.SRA,),
        "HBO": (Kind.BLIK_OP_WERK, Kind.OVAL),
        "SP2": (Kind.BLIK_OP_WERK, Kind.OVAL),
        "MED": (Kind.MFN,),
        "OPL": (Kind.BLIK_OP_WERK,),
        "OUT": (Kind.NOLOC, Kind.OVAL),
        "CNF": (Kind.MFN, Kind.RSC),
        "CAS": (Kind.RSC,),
        "LPB": (Kind.NOLOC, Kind.OVAL),
    }
)


def registers_of(intervention: str) -> tuple[Kind, ...]:
    """Return the registers of which a provider of this intervention keeps at least one entry valid."""
    if interventions()[intervention].referral_class is ReferralClass.MEDICAL:
        return CARE_REGISTERS
    return QUALITY_MARKS.get(intervention, ())


@cache
def interventions_by_registers() -> Mapping[tuple[Kind, ...], tuple[str, ...]]:
    """Return the interventions that share the same registers, by these registers."""
    grouped: dict[tuple[Kind, ...], tuple[str, ...]] = {}
    for code in interventions():
        if kinds := registers_of(code):
            grouped[kinds] = (*grouped.get(kinds, ()), code)
    return MappingProxyType(grouped)


@cache
def medical_interventions() -> tuple[str, ...]:
    """Return the codes of the interventions that only a physician refers to."""
    return tuple(code for code, kind in interventions().items() if kind.referral_class is ReferralClass.MEDICAL)


def is_latest() -> ColumnElement[bool]:
    """Return whether a row of `Registration` is the last one of its provider, register and holder.

    An earlier one was replaced, for instance under a new number; its end is no reason to worry.
    """
    other = aliased(Registration)
    return ~exists().where(
        col(other.provider_id) == col(Registration.provider_id),
        col(other.kind) == col(Registration.kind),
        col(other.holder) == col(Registration.holder),
        col(other.valid_until) > col(Registration.valid_until),
    )


def valid_marks(on: date | ColumnElement[date]) -> ColumnElement[list[str]]:
    """Return the registers and quality marks in which the provider of a row of `Offering` stands on a day."""
    found = select(marks_valid_on(on)).where(col(Registration.provider_id) == col(Offering.provider_id))
    return found.correlate(Offering).scalar_subquery()


def marks_valid_on(on: date | ColumnElement[date]) -> ColumnElement[list[str]]:
    """Return which of some rows of `Registration` are valid on a day, as one list of registers and marks."""
    counts = and_(col(Registration.valid_until) >= on, col(Registration.kind) != Kind.INSURANCE)
    found = func.array_agg(cast(Registration.kind, Text).distinct()).filter(counts)
    return func.coalesce(found, cast([], ARRAY(Text)))
