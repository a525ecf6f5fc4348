"""Makes the providers of the demo and what they offer, spread over the Netherlands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

from core.clock import now
from demo.bulk import Draft, draft
from demo.catalogue import DESCRIPTIONS, PLACES_IN_NAMES, PRACTICES, PRICES, VARIANTS, Practice
from demo.numbers import make_big, make_digits, make_iban, make_vat_id
from demo.people import ARBO, ARBO_2, ORGANISATIONS, DemoOrganisation, Kind, demo_id
from network.postcodes import Place, places
from network.spoken import SPOKEN
from network.tables import (
    Contract,
    Evidence,
    MeasuredIntervention,
    MeasuredOutcome,
    MeasuredWait,
    Offering,
    OfferingState,
    OrganisationProfile,
    Registration,
    RegistrationKind,
)
from network.taxonomy import causes, interventions

OFFERINGS_EACH = 5
FEWEST_PROVIDERS = 66
SECOND_TENANT_SHARE = 8  # one in so many providers belongs to the second arbodienst
MORE_LANGUAGES = ("en", "de", "fr", "pl", "tr", "ar", "uk", "es")
STREETS = ("Hoofdstraat", "Dorpsstraat", "Stationsweg", "Lindelaan", "Kerkplein", "Molenweg", "Parkweg", "Singel")
NAMES_TAKEN = {organisation.name for organisation in ORGANISATIONS}  # two of one name cannot be told apart in a search


@dataclass(frozen=True)
class DemoProvider:
    """A provider of the demo, its kind and its place."""

    organisation: DemoOrganisation
    practice: Practice
    place: Place
    index: int


def providers(offerings: int) -> Iterator[DemoProvider]:
    """Yield providers for at least `offerings` offerings; the two that one can sign in as come first."""
    by_key = {organisation.key: organisation for organisation in ORGANISATIONS}
    practice_of = {practice.key: practice for practice in PRACTICES}
    for index, key in enumerate(("psy", "ad")):
        known = by_key[key]
        yield DemoProvider(known, practice_of[key], places()[known.postcode[:4]], index)
    for index in range(2, max(FEWEST_PROVIDERS, -(-offerings // OFFERINGS_EACH) + 1)):
        yield _provider(index)


def rows_of(provider: DemoProvider, today: date) -> list[Draft]:
    """Return what the network knows of a provider; a few registrations have ended or soon will."""
    random = Random(f"provider-{provider.index}")  # noqa: S311 -- the same demo every time, no secret
    organisation, practice = provider.organisation, provider.practice
    profile = draft(
        OrganisationProfile,
        organisation_id=organisation.id,
        tenant_id=organisation.tenant_id,
        kvk=make_digits(random, 8),
        vat_id=make_vat_id(random),
        iban=make_iban(random),
        agb=make_digits(random, 8) if RegistrationKind.AGB in practice.registers else None,
        street=organisation.street,
        postcode=organisation.postcode,
        city=organisation.city,
        email=f"info@{organisation.key}.demo.test",
        name_reveals_care=practice.reveals_care,
    )
    contract = draft(
        Contract,
        id=demo_id(f"contract:{organisation.key}"),
        tenant_id=organisation.tenant_id,
        provider_id=organisation.id,
        starts_on=today - timedelta(days=random.randrange(300, 1500)),
        own_organisation=provider.index % 23 == 7,
    )
    kinds = (*practice.registers, RegistrationKind.INSURANCE)
    return [profile, contract, *(_registration(provider, kind, random, today) for kind in kinds)]


def offerings_of(provider: DemoProvider, today: date) -> list[Draft]:
    """Return what a provider offers; now and then one still waits for approval."""
    random = Random(f"offering-{provider.index}")  # noqa: S311 -- the same demo every time, no secret
    codes = provider.practice.interventions
    return [
        _offering(provider, codes[nth % len(codes)], nth, random, today)
        for nth in range(max(OFFERINGS_EACH, len(codes)))
    ]


def measured_wait_of(offering: Draft) -> Draft | None:
    """Return a measured wait for two in three of the approved offerings, near to what is stated."""
    values = offering.values
    random = Random(f"wait-{values['id']}")  # noqa: S311 -- the same demo every time, no secret
    if values["state"] != OfferingState.APPROVED or random.random() < 0.35:
        return None
    median = max(1, round(values["stated_wait_days"] * random.uniform(0.7, 1.7)))
    return draft(
        MeasuredWait,
        offering_id=values["id"],
        tenant_id=values["tenant_id"],
        median_days=median,
        p80_days=round(median * random.uniform(1.2, 1.9)) + 1,
        n=random.randrange(6, 60),
    )


def measured_outcome_of(offering: Draft) -> Draft | None:
    """Return a measured outcome for half of the approved offerings."""
    values = offering.values
    random = Random(f"outcome-{values['id']}")  # noqa: S311 -- the same demo every time, no secret
    if values["state"] != OfferingState.APPROVED or random.random() < 0.5:
        return None
    return draft(
        MeasuredOutcome,
        offering_id=values["id"],
        tenant_id=values["tenant_id"],
        reached_percent=random.randrange(35, 92),
        n=10 + 6 * random.randrange(0, 8),
    )


def measured_type(tenant_id: UUID, intervention: str) -> MeasuredIntervention:
    """Return what was measured of a type of intervention over the whole network."""
    random = Random(f"type-{intervention}")  # noqa: S311 -- the same demo every time, no secret
    median = random.randrange(8, 45)
    return MeasuredIntervention(
        tenant_id=tenant_id,
        intervention=intervention,
        median_days=median,
        p80_days=round(median * random.uniform(1.3, 1.8)),
        wait_n=random.randrange(40, 300),
        reached_percent=random.randrange(50, 80),
        outcome_n=random.randrange(60, 500),
    )


def _provider(index: int) -> DemoProvider:
    random = Random(f"place-{index}")  # noqa: S311 -- the same demo every time, no secret
    practice = PRACTICES[index % len(PRACTICES)]
    postcode, place = _all_places()[random.randrange(len(_all_places()))]
    name = f"{random.choice(practice.names)} {PLACES_IN_NAMES[index // len(PRACTICES) % len(PLACES_IN_NAMES)]}"
    if index >= len(PRACTICES) * len(PLACES_IN_NAMES) or name in NAMES_TAKEN:
        name = f"{name} {place.place}"
    organisation = DemoOrganisation(
        key=f"{practice.key}-{index}",
        tenant=ARBO_2 if index % SECOND_TENANT_SHARE == 5 else ARBO,
        kind=Kind.PROVIDER,
        name=name,
        street=f"{random.choice(STREETS)} {random.randrange(1, 180)}",
        postcode=f"{postcode} {random.choice('ABCDEFGHJKLMNPRSTVWXZ')}{random.choice('ABCDEFGHJKLMNPRSTVWXZ')}",
        city=place.place,
    )
    return DemoProvider(organisation, practice, place, index)


@cache
def _all_places() -> list[tuple[str, Place]]:
    return sorted(places().items())


def _registration(provider: DemoProvider, kind: RegistrationKind, random: Random, today: date) -> Draft:
    days = random.randrange(120, 1400)
    if provider.index % 31 == 11:
        days = -random.randrange(3, 40)
    elif provider.index % 13 == 9:
        days = random.randrange(5, 40)
    big = provider.practice.big
    number = make_big(random, big) if kind == RegistrationKind.BIG and big else make_digits(random, 8)
    return draft(
        Registration,
        id=demo_id(f"registration:{provider.organisation.key}:{kind.value}"),
        tenant_id=provider.organisation.tenant_id,
        provider_id=provider.organisation.id,
        kind=kind,
        number=number,
        holder="" if kind in (RegistrationKind.INSURANCE, RegistrationKind.AGB) else "Hoofdbehandelaar",
        valid_until=today + timedelta(days=days),
    )


def _offering(provider: DemoProvider, code: str, nth: int, random: Random, today: date) -> Draft:
    intervention, price = interventions()[code], PRICES[code]
    variant = VARIANTS[nth // len(provider.practice.interventions) % len(VARIANTS)]
    label = intervention.label.split(" (")[0].split(" / ")[0]
    online = variant == "met online begeleiding" or random.random() < 0.18
    waiting = provider.index % 9 == 4 and nth == 0
    return draft(
        Offering,
        id=demo_id(f"offering:{provider.organisation.key}:{nth}"),
        tenant_id=provider.organisation.tenant_id,
        provider_id=provider.organisation.id,
        title=f"{label}{', ' + variant if variant else ''} in {provider.place.place}"[:160],
        description=DESCRIPTIONS[code],
        intervention=code,
        causes=_causes_for(code),
        sickness_years=list(intervention.sickness_years),
        online=online,
        nationwide=online and random.random() < 0.5,
        radius_km=random.choice((0, 0, 0, 25, 40)),
        postcode=provider.organisation.postcode[:4],
        region=provider.place.province,
        **_people(provider, variant),
        latitude=provider.place.lat,
        longitude=provider.place.lon,
        price_cents=random.randrange(price.low * 100, price.high * 100, 50),
        price_unit=price.unit,
        vat_rate=price.vat_rate,
        price_valid_from=today - timedelta(days=200),
        programme_weeks=price.weeks,
        evidence=random.choice((Evidence.GUIDELINE, Evidence.OUTCOME, Evidence.PRACTICE)),
        stated_wait_days=random.choice((2, 4, 5, 7, 9, 12, 14, 18, 21, 28, 42, 70)),
        stated_on=today - timedelta(days=random.choice((1, 3, 6, 10, 18, 26, 37, 55))),
        state=OfferingState.SUBMITTED if waiting else OfferingState.APPROVED,
        decided_by=None if waiting else demo_id("account:netwerk"),
        decided_at=None if waiting else now(),
    )


def _people(provider: DemoProvider, variant: str) -> dict[str, Any]:
    """Return who does it: languages, genders, and whether he takes somebody who is referred today."""
    random = Random(f"people-{provider.index}-{variant}")  # noqa: S311 -- the same demo every time, no secret
    spoken = {"nl", *random.sample(MORE_LANGUAGES, random.choice((0, 0, 1, 1, 2)))}
    if variant == "Engels mogelijk":
        spoken.add("en")
    return {
        "languages": [code for code in SPOKEN if code in spoken],
        "genders": random.choice((["female"], ["male"], ["female", "male"], ["female", "male"])),
        "accepts_new": random.random() < 0.93,
    }


@cache
def _causes_for(code: str) -> list[str]:
    return [cause.code for cause in causes().values() if code in cause.interventions_in(None)]
