"""The one gapless series of document numbers of an arbodienst and year (R49)."""

from sqlalchemy import text
from sqlmodel import Session

from identity.actor import Actor

TAKE = text(
    "INSERT INTO billing.number_series (tenant_id, year, last_number) VALUES (:tenant, :year, :count)"
    " ON CONFLICT (tenant_id, year) DO UPDATE SET last_number = number_series.last_number + :count"
    " RETURNING last_number"
)


def take_numbers(session: Session, actor: Actor, year: int, count: int) -> tuple[str, ...]:
    """Return the next `count` numbers, such as "2026-000001".

    The row of the series stays locked until the transaction ends: others wait, and a rollback gives the numbers back,
    so that no gap arises. Take them last, for as short a lock as can be.
    """
    values = {"tenant": actor.tenant_id, "year": year, "count": count}
    last = int(session.execute(TAKE, values).scalar_one())
    return tuple(f"{year}-{number:06}" for number in range(last - count + 1, last + 1))
