"""The form by which an intervention is interrupted; the same for who referred and for the provider."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from medical.referrals.reasons import InterruptReason, reason_label
from portal.typed import TypedDay


class Interruption(BaseModel):
    """Why an intervention stands still and until when, for the version that was on the screen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Annotated[int, Field(ge=1)]
    reason: InterruptReason
    until: TypedDay


def interruption_choices() -> list[tuple[str, str]]:
    """Return the reasons to choose from."""
    return [(reason.value, reason_label(reason.value)) for reason in InterruptReason]
