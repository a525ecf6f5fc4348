"""Which figures of providers, and of all of them together, are over enough to be let out (R10, R75)."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import RowMapping

from medical.hatch.values import SMALLEST_OUTCOME_SAMPLE


def over_enough(rows: Iterable[RowMapping], tenant_id: UUID, counted: str) -> list[RowMapping]:
    """Return the rows that tell enough; that of the tenant itself, which is of all together, counts `counted` of all.

    Of all together enough has to be left once those of any one provider are taken off, which he could do.
    """
    found = list(rows)
    largest = max((row[counted] for row in found if row["organisation_id"] != tenant_id), default=0)
    return [
        row
        for row in found
        if row[counted] - (largest if row["organisation_id"] == tenant_id else 0) >= SMALLEST_OUTCOME_SAMPLE
    ]
