"""Networks of offerings made up for tests: the same for the same seed, as large as wanted."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from network.postcodes import places
from network.tables import Gender, PriceUnit, RegistrationKind
from network.taxonomy import causes, interventions
from search.document import OfferingDocument

TENANT = UUID("11111111-1111-4111-8111-111111111111")
OTHER_TENANT = UUID("22222222-2222-4222-8222-222222222222")
TODAY = date(2026, 11, 16)

FITTING: dict[str, tuple[str, ...]] = {
    intervention: tuple(code for code, cause in causes().items() if intervention in cause.interventions_in(None))
    for intervention in interventions()
}
MARKS = (RegistrationKind.SRA, RegistrationKind.BIG, RegistrationKind.MFN, RegistrationKind.OVAL)
ADJECTIVES = ("Snel", "Persoonlijk", "Praktisch", "Rustig", "Deskundig", "Betrokken", "Nuchter", "Warm")
NAMES = (
    "De Brug",
    "Werkkracht",
    "Het Kompas",
    "Nieuwe Stap",
    "Zichtlijn",
    "Meerwaarde",
    "Op Eigen Benen",
    "Thuishaven",
)
SENTENCES = (
    "Wij starten met een intake en sluiten af met een verslag over wat weer kan.",
    "Samen met werknemer en werkgever werken we aan terugkeer naar werk.",
    "Ervaren begeleiders uit de regio, ook buiten kantooruren.",
    "Korte lijnen met de bedrijfsarts en duidelijke afspraken over de duur.",
)


def offering(**fields: Any) -> OfferingDocument:
    """Return one offering that can be found, with `fields` in the place of the usual ones."""
    code = fields.get("intervention", "ADO")
    kind = interventions()[code]
    usual: dict[str, Any] = {
        "tenant_id": TENANT,
        "offering_id": uuid5(TENANT, repr(sorted(fields.items(), key=str))),
        "provider_id": UUID(int=7, version=4),
        "provider_name": "De Brug",
        "title": kind.label,
        "intervention": code,
        "disclosure": kind.disclosure,
        "causes": FITTING[code],
        "sickness_years": kind.sickness_years,
        "week_from": kind.week_from,
        "week_until": kind.week_until,
        "postcode": "3511",
        "wait_days": 10,
        "wait_on": TODAY,
        "price_cents": 100_000,
        "price_unit": PriceUnit.TRAJECTORY,
    }
    return OfferingDocument(**(usual | fields))


def network(size: int, seed: int = 1, tenant: UUID = TENANT) -> Iterator[OfferingDocument]:
    """Yield a whole network: all interventions, all over the country, waits and prices of every kind."""
    dice = random.Random(seed)
    postcodes = sorted(places())
    providers = [(UUID(int=dice.getrandbits(128), version=4), dice.choice(NAMES)) for _ in range(max(1, size // 5))]
    for _ in range(size):
        yield _offering(dice, tenant, postcodes, dice.choice(providers))


def _offering(dice: random.Random, tenant: UUID, postcodes: list[str], provider: tuple[UUID, str]) -> OfferingDocument:
    kind = dice.choice(list(interventions().values()))
    fitting = FITTING[kind.code]
    only_online = dice.random() < 0.08
    wait = None if dice.random() < 0.05 else dice.randrange(0, 90)
    return OfferingDocument(
        tenant_id=tenant,
        offering_id=UUID(int=dice.getrandbits(128), version=4),
        provider_id=provider[0],
        provider_name=f"{provider[1]} {dice.choice(('Groep', 'Advies', 'Praktijk'))}",
        title=f"{dice.choice(ADJECTIVES)} {kind.label.lower()}",
        summary=" ".join(dice.sample(SENTENCES, 2)),
        intervention=kind.code,
        disclosure=kind.disclosure,
        causes=tuple(sorted(dice.sample(fitting, dice.randint(1, len(fitting))))),
        sickness_years=kind.sickness_years,
        week_from=kind.week_from,
        week_until=kind.week_until,
        online=only_online or dice.random() < 0.15,
        nationwide=dice.random() < 0.05,
        postcode=None if only_online else dice.choice(postcodes),
        travel_radius_km=dice.choice((0, 0, 0, 12, 40, 100)),
        wait_days=wait,
        wait_on=None if wait is None else TODAY - timedelta(days=dice.randrange(0, 60)),
        wait_n=None if wait is None or dice.random() < 0.5 else dice.randrange(6, 60),
        languages=tuple(sorted(dice.sample(("nl", "en", "de", "pl", "tr", "ar"), dice.randint(1, 3)))),
        genders=tuple(gender for gender in Gender if dice.random() < 0.6),
        marks=tuple(dice.sample(MARKS, dice.randint(0, 2))),
        accepts_now=dice.random() < 0.9,
        outcome_percent=None if dice.random() < 0.5 else dice.randrange(30, 90),
        price_cents=dice.randrange(80, 3_000) * 100,
        price_unit=dice.choice(list(PriceUnit)),
    )
