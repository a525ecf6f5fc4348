"""For whom the pages of a provider are."""

from typing import Annotated

from identity.guard import Work, care
from identity.policy import Permission

# Physician and delegate may see and act on referrals too, on pages of their own. What a provider alone may do keeps
# them off these; what each act needs beyond that, its use case asks.
Provider = Annotated[Work, care(Permission.SEND_PROVIDER_INVOICE)]
