"""What the arbodienst's own services of a month cost its employers, over JSON; for the medical secretariat."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from api.money import Money, money
from api.paged import Paged, PageQuery
from billing.charging.month_input import MonthInput
from billing.charging.services import MOST_AT_ONCE, NewService, keep_services, list_services
from billing.service_tables import ServiceBasis
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission

router = Section(prefix="/services", tags=["charging"])
Keeper = Annotated[Work, care(Permission.KEEP_SERVICES)]


class ServiceIn(BaseModel):
    """What the services cost one employer; fixed means that he knows the amount beforehand."""

    model_config = ConfigDict(extra="forbid")

    employer_id: UUID
    basis: ServiceBasis
    net_cents: int = Field(gt=0, le=100_000_000_00)


class ServicesIn(BaseModel):
    """The services of a month."""

    model_config = ConfigDict(extra="forbid")

    month: MonthInput
    amounts: list[ServiceIn] = Field(min_length=1, max_length=MOST_AT_ONCE)


class KeptOut(BaseModel):
    """For how many employers an amount was kept."""

    month: str
    kept: int


class ServiceOut(BaseModel):
    """An employer with what its services cost, if that is known."""

    employer_id: UUID
    employer_name: str
    basis: ServiceBasis | None
    net: Money | None
    charged: bool


class ServicesOut(Paged[ServiceOut]):
    """A page of employers, by name."""


class ServicesQuery(PageQuery):
    """Of which month."""

    month: MonthInput


@router.put("")
def keep(work: Keeper, body: ServicesIn) -> KeptOut:
    """Write down what services cost; an amount that is not charged yet is replaced."""
    amounts = [NewService(each.employer_id, each.basis, each.net_cents) for each in body.amounts]
    kept = keep_services(work.session, work.actor, body.month, amounts)
    return KeptOut(month=f"{body.month:%Y-%m}", kept=kept)


@router.get("")
def services(work: Keeper, query: Annotated[ServicesQuery, Query()]) -> ServicesOut:
    """Return the employers with what their services of a month cost."""
    found = list_services(work.session, work.actor, query.month, query.page, query.page_size)
    return ServicesOut(
        total=found.total,
        page=found.page,
        page_size=found.page_size,
        results=[
            ServiceOut(
                employer_id=each.employer_id,
                employer_name=each.employer_name,
                basis=each.basis,
                net=None if each.net_cents is None else money(each.net_cents),
                charged=each.is_charged,
            )
            for each in found.items
        ],
    )
