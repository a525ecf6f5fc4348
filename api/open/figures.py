"""What was measured of the caller's own organisation over JSON, beside the network (R32, R34, R75)."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from network.figures import own_figures

router = Section(prefix="/figures", tags=["providers"])


class FigureOut(BaseModel):
    """Something that was measured; null in its place says that it is over too few to tell."""

    model_config = ConfigDict(from_attributes=True)

    n: int


class WaitFigureOut(FigureOut):
    """The days within which half, and eight in ten, started: over half a year, who still waits counted."""

    median_days: int
    p80_days: int


class BoundsOut(BaseModel):
    """Between which percentages it lies, with 95% confidence."""

    model_config = ConfigDict(from_attributes=True)

    low: int
    high: int


class OutcomeFigureOut(FigureOut):
    """How many per cent reached what was agreed, over two years."""

    reached_percent: int
    bounds: BoundsOut


class AnswerFigureOut(FigureOut):
    """How many per cent of a year's referrals were answered in time, and declined."""

    answered_percent: int
    declined_percent: int


class ShareFigureOut(FigureOut):
    """How many per cent, over two years."""

    percent: int
    bounds: BoundsOut


class ExperienceFiguresOut(BaseModel):
    """How often the start was within its term, and how many employees were satisfied."""

    model_config = ConfigDict(from_attributes=True)

    in_time: ShareFigureOut | None
    satisfied: ShareFigureOut | None


class OfferingFiguresOut(BaseModel):
    """One offering beside its type in the whole network."""

    model_config = ConfigDict(from_attributes=True)

    offering_id: UUID
    title: str
    intervention: str
    wait: WaitFigureOut | None
    network_wait: WaitFigureOut | None
    outcome: OutcomeFigureOut | None
    network_outcome: OutcomeFigureOut | None


class FiguresOut(BaseModel):
    """Everything that was measured of a provider."""

    model_config = ConfigDict(from_attributes=True)

    answers: AnswerFigureOut | None
    network_answers: AnswerFigureOut | None
    experience: ExperienceFiguresOut
    network_experience: ExperienceFiguresOut
    offerings: list[OfferingFiguresOut]


@router.get("")
def figures(work: Annotated[Work, open_side(Permission.SEE_OWN_FIGURES)]) -> FiguresOut:
    """Return the own figures beside the network's."""
    return FiguresOut.model_validate(own_figures(work.session, work.actor))
