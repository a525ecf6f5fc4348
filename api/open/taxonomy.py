"""The taxonomy: causes of absence and interventions, the same for everybody."""

from typing import Annotated

from pydantic import BaseModel

from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from network.taxonomy import Cause, Disclosure, Intervention, ReferralClass, causes, interventions

router = Section(tags=["taxonomy"])
Anybody = Annotated[Work, open_side(Permission.SEE_SELF)]


class CauseOut(BaseModel):
    """A cause of absence, with the interventions that usually fit it in each year of sickness."""

    code: str
    group: str
    label: str
    label_en: str
    referral_class: ReferralClass
    interventions_year_1: tuple[str, ...]
    interventions_year_2: tuple[str, ...]


class InterventionOut(BaseModel):
    """A kind of intervention: who may refer to it, who may know of it, and when it usually fits."""

    code: str
    label: str
    label_en: str
    disclosure: Disclosure
    referral_class: ReferralClass
    sickness_years: tuple[int, ...]
    week_from: int
    week_until: int


@router.get("/causes")
def list_causes(_work: Anybody) -> list[CauseOut]:
    """Return the causes in the order of their groups."""
    return [_cause(cause) for cause in causes().values()]


@router.get("/interventions")
def list_interventions(_work: Anybody) -> list[InterventionOut]:
    """Return the interventions."""
    return [_intervention(intervention) for intervention in interventions().values()]


def _cause(cause: Cause) -> CauseOut:
    return CauseOut.model_validate(cause, from_attributes=True)


def _intervention(intervention: Intervention) -> InterventionOut:
    return InterventionOut.model_validate(intervention, from_attributes=True)
