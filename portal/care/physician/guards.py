"""Who may open these pages at all; what somebody may do there, the use cases ask.

Cases, steps and consents belong to others too, who have pages of their own: none of them comes in by this door.
"""

from typing import Annotated

from identity.guard import Work, care
from identity.policy import Permission

Referrer = Annotated[Work, care(Permission.SEE_MEDICAL_CASE)]
"""The work of a physician, or of a delegate."""

Physician = Annotated[Work, care(Permission.JUDGE_CAUSE)]
"""The work of a physician alone."""

Signer = Annotated[Work, care(Permission.SIGN_MANDATE, fresh=True)]
"""The work of a physician who gives others his authority: he has shown his second factor just now."""
