"""For whom the pages about offerings are."""

from typing import Annotated

from identity.guard import Work, open_side
from identity.policy import Permission

Publisher = Annotated[Work, open_side(Permission.PUBLISH_OFFERING)]
