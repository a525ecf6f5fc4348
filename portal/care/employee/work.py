"""For whom the pages of an employee are: for himself, and nobody else."""

from typing import Annotated

from identity.guard import Work, care
from identity.policy import Permission

Myself = Annotated[Work, care(Permission.SEE_OWN_FILE)]
