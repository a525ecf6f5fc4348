"""The yearly report of interventions, as the pages of employer and physician ask for it."""

from pydantic import BaseModel, Field


class ReportYear(BaseModel):
    """Of which year; the latest without one."""

    jaar: int | None = Field(default=None, ge=1990, le=2200)
