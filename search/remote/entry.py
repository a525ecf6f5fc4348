"""What the server keeps of an offering: its facts to filter and count by, its terms, its places among equals."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from network.tables import PriceUnit
from network.taxonomy import Disclosure
from search.areas import areas_of
from search.document import OfferingDocument
from search.ranking import ROTATIONS, WAIT_POINTS, standing, tie, wait_step
from search.remote.expressions import plain
from search.terms import text_terms

VERSION = 1  # to be raised when fields or their meaning change: an index of another version is not read

# Waits are counted cumulatively, as the filter takes them: at most so many days.
WAIT_LIMITS = (7, 14, 28, 56)
# Facts that decide about points and take few values; together they are the kind of offering that counts as one.
KEY = ("intervention", "week_from", "week_until")
BEYOND_STEPS = 1_000  # days; stands for every wait that gets no points


@cache
def index_settings() -> dict[str, Any]:
    """Return how the server has to index."""
    settings: dict[str, Any] = json.loads((Path(__file__).parent / "index.json").read_text(encoding="utf-8"))
    return settings


def entry_of(offering: OfferingDocument) -> dict[str, Any]:
    """Return the offering as a document of the server."""
    entry = {
        "id": str(offering.offering_id),
        **_facts(offering),
        **_numbers(offering),
        **_places(offering),
        **_texts(offering),
        "fit_key": fit_key(offering),
        "source": offering.model_dump_json(),
    }
    return {name: value for name, value in entry.items() if value is not None}


def offering_in(entry: Mapping[str, Any]) -> OfferingDocument:
    """Return the offering that an entry was made of."""
    return OfferingDocument.model_validate_json(entry["source"])


def fit_key(offering: OfferingDocument) -> str:
    """Return what decides about the points of an offering, besides its place, its price and how fresh its wait is."""
    days = offering.stated_wait_days
    facts = [*(getattr(offering, name) for name in KEY), None if days is None else _longest_wait(days)]
    # Double quotes cannot be asked for.
    return json.dumps(facts).replace('"', "'")


def offering_like(key: str, **fields: Any) -> OfferingDocument:
    """Return an offering that gets the same points as all with this key; only what is asked for points is in it."""
    *facts, wait = json.loads(key.replace("'", '"'))
    known = dict(zip(KEY, facts, strict=True))
    usual = {"stated_wait_days": wait, "price_cents": 1, "price_unit": PriceUnit.SESSION, "disclosure": Disclosure.OPEN}
    return OfferingDocument.model_construct(**(known | usual | fields))


def _longest_wait(days: int) -> int:
    """Return the longest wait that gets the same points."""
    step = wait_step(days)
    return WAIT_POINTS[step][0] if step < len(WAIT_POINTS) else BEYOND_STEPS


def _facts(offering: OfferingDocument) -> dict[str, Any]:
    return {
        "tenant": str(offering.tenant_id),
        "provider": str(offering.provider_id),
        "kind": offering.kind,
        "intervention": offering.intervention,
        "disclosure": offering.disclosure,
        "cause": _all(offering.causes),
        "sickness_year": _all(offering.sickness_years),
        "online": offering.online,
        "nationwide": offering.nationwide,
        "postcode": offering.postcode,
        "area": None if offering.postcode is None else _all(areas_of(offering.postcode)),
        "travel": str(offering.travel_step_km),
    }


def _numbers(offering: OfferingDocument) -> dict[str, Any]:
    days = offering.stated_wait_days
    return {
        "wait_days": days,
        "wait_limit": None if days is None else next((str(limit) for limit in WAIT_LIMITS if days <= limit), None),
        "stated_day": None if offering.stated_on is None else offering.stated_on.toordinal(),
        "price_cents": offering.price_cents,
    }


def _places(offering: OfferingDocument) -> dict[str, int]:
    ties = {tie_field(turn): tie(offering.offering_id, turn) for turn in range(ROTATIONS)}
    return {"standing": standing(offering.offering_id), **ties}


def tie_field(turn: int) -> str:
    """Return the field that orders equals in a turn."""
    return f"tie_{turn}"


def _texts(offering: OfferingDocument) -> dict[str, Any]:
    heading = [text_terms(text) for text in offering.heading]
    texts = heading + [text_terms(text) for text in offering.body]
    return {
        "heading": _all(term for text in heading for term in text.terms),
        "text": _all(term for text in texts for term in text.terms),
        "words": _all(word for text in texts for word in text.words),
    }


def _all(values: Iterable[object]) -> list[str]:
    return sorted({plain(str(value)) for value in values})
