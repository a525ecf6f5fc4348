"""Rows that are copied as a stream: defaults as the tables have them, and nothing lost without a word."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, col, select

from demo.bulk import copy, draft, shape
from network.tables import Contract, Offering, OfferingState, OrganisationProfile, PriceUnit
from tests.network.offers import add_provider
from tests.world import World

DAY = date(2026, 1, 5)


def _offering(world: World, provider_id: UUID) -> dict[str, object]:
    return {
        "id": uuid4(),
        "tenant_id": world.tenant_id,
        "provider_id": provider_id,
        "title": 'Tab\t, "aanhaling" en \\',
        "intervention": "ADO",
        "causes": ["W03", "X02"],
        "price_cents": 120_000,
        "price_unit": PriceUnit.REPORT,
        "price_valid_from": DAY,
        "stated_wait_days": 7,
        "stated_on": DAY,
    }


def test_a_row_comes_out_as_it_went_in_with_the_defaults_of_its_table(world: World) -> None:
    provider_id = add_provider(world)
    values = _offering(world, provider_id)
    with world.database.owner.begin() as connection:
        copy(connection, [draft(Offering, **values), draft(Contract, **_contract(world, provider_id))])
    with Session(world.database.owner) as session:
        kept = session.exec(select(Offering).where(col(Offering.id) == values["id"])).one()
        assert {name: getattr(kept, name) for name in values} == values
        assert (kept.state, kept.sickness_years, kept.version) == (OfferingState.SUBMITTED, [], 1)
        starts = session.exec(select(col(Contract.starts_on)).where(col(Contract.provider_id) == provider_id)).all()
        assert DAY in starts


def _contract(world: World, provider_id: UUID) -> dict[str, object]:
    return {"tenant_id": world.tenant_id, "provider_id": provider_id, "starts_on": DAY}


def test_a_value_that_is_missing_or_has_no_column_is_said() -> None:
    with pytest.raises(TypeError, match="organisation_profile needs organisation_id"):
        shape(OrganisationProfile).row({"tenant_id": uuid4()})
    with pytest.raises(TypeError, match=r"has no \['colour'\]"):
        shape(OrganisationProfile).row({"organisation_id": uuid4(), "tenant_id": uuid4(), "colour": "red"})
