"""Causes of absence and types of intervention: the facts of rules chapter 7, read once from the data files."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType

from core.errors import FieldError, Invalid
from core.language import _, language

DATA = Path(__file__).resolve().parent / "data"


class ReferralClass(StrEnum):
    """Who may refer: only an occupational physician, or also somebody with a mandate (R1, R2)."""

    MEDICAL = "M"
    NON_MEDICAL = "NM"


class Disclosure(StrEnum):
    """What employer and insurer may know: the type, or nothing but that there was an intervention (rules 2.1)."""

    OPEN = "OPEN"
    CONF = "CONF"


@dataclass(frozen=True, slots=True)
class Cause:
    """A reason behind an absence; `referral_class` is a usual value, never a judgement on a case (R3)."""

    code: str
    group: str
    group_en: str
    label: str
    label_en: str
    referral_class: ReferralClass
    interventions_year_1: tuple[str, ...]
    interventions_year_2: tuple[str, ...]

    @property
    def name(self) -> str:
        """The label in the language of the person."""
        return self.label_en if language() == "en" else self.label

    def interventions_in(self, sickness_year: int | None) -> tuple[str, ...]:
        """Return the codes that fit in the year, the most obvious first; without a year those of both years."""
        if sickness_year is None:
            return tuple(dict.fromkeys(self.interventions_year_1 + self.interventions_year_2))
        return self.interventions_year_1 if sickness_year == 1 else self.interventions_year_2


@dataclass(frozen=True, slots=True)
class Intervention:
    """A type of intervention with its two independent attributes, its years of sickness and its advised weeks."""

    code: str
    label: str
    label_en: str
    disclosure: Disclosure
    referral_class: ReferralClass
    sickness_years: tuple[int, ...]
    week_from: int
    week_until: int

    @property
    def name(self) -> str:
        """The label in the language of the person."""
        return self.label_en if language() == "en" else self.label

    def advised_in(self, week: int) -> bool:
        """Tell whether a week of sickness lies in the advised window, its ends included."""
        return self.week_from <= week <= self.week_until


@cache
def causes() -> Mapping[str, Cause]:
    """Return all causes by code, in the order of the file."""
    return MappingProxyType({row["code"]: _cause(row) for row in _rows("causes.csv")})


@cache
def interventions() -> Mapping[str, Intervention]:
    """Return all types of intervention by code, in the order of the file."""
    return MappingProxyType({row["code"]: _intervention(row) for row in _rows("interventions.csv")})


def find_cause(code: str, field: str = "cause") -> Cause:
    """Return the cause with this code; refuse an unknown one with a sentence that names the known ones."""
    found = causes().get(code)
    if found is None:
        raise Invalid(*_unknown(code, field, causes()))
    return found


def find_intervention(code: str, field: str = "intervention") -> Intervention:
    """Return the intervention with this code; refuse an unknown one with a sentence that names the known ones."""
    found = interventions().get(code)
    if found is None:
        raise Invalid(*_unknown(code, field, interventions()))
    return found


def unknown_code(code: str, known: Iterable[str]) -> str:
    """Return the sentence for a code that the taxonomy does not have."""
    # What was typed is shortened, so that a hostile value cannot fill the answer.
    return _("Onbekende code '%(code)s'. Bekend zijn: %(known)s.") % {"code": code[:12], "known": ", ".join(known)}


def fitting(cause: str, sickness_year: int | None) -> tuple[Intervention, ...]:
    """Return what fits a cause in a year of sickness (1 or 2; none means both), the most obvious first (R28)."""
    return tuple(interventions()[code] for code in find_cause(cause).interventions_in(sickness_year))


def stricter(*disclosures: Disclosure) -> Disclosure:
    """Return the stricter of the disclosures of intervention, provider and decision: CONF wins (rules 2.1)."""
    return Disclosure.CONF if Disclosure.CONF in disclosures else Disclosure.OPEN


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _cause(row: dict[str, str]) -> Cause:
    return Cause(
        code=row["code"],
        group=row["group"],
        group_en=row["group_en"],
        label=row["label"],
        label_en=row["label_en"],
        referral_class=ReferralClass(row["referral_class"]),
        interventions_year_1=tuple(row["interventions_year_1"].split()),
        interventions_year_2=tuple(row["interventions_year_2"].split()),
    )


def _intervention(row: dict[str, str]) -> Intervention:
    return Intervention(
        code=row["code"],
        label=row["label"],
        label_en=row["label_en"],
        disclosure=Disclosure(row["disclosure"]),
        referral_class=ReferralClass(row["referral_class"]),
        sickness_years=tuple(int(year) for year in row["sickness_years"].split()),
        week_from=int(row["week_from"]),
        week_until=int(row["week_until"]),
    )


def _unknown(code: str, field: str, known: Iterable[str]) -> tuple[str, tuple[FieldError, ...]]:
    sentence = unknown_code(code, known)
    return sentence, (FieldError(field, sentence),)
