"""What the server keeps of an offering: its facts to filter and count by, its terms, its places among equals."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from network.tables import PriceUnit
from search.areas import areas_of
from search.document import OfferingDocument, weeks_of
from search.query import LIMITED, LIMITS
from search.ranking import OUTCOME_POINTS, ROTATIONS, WAIT_POINTS, standing, tie, wait_step
from search.remote.expressions import plain
from search.terms import text_terms

VERSION = 2  # to be raised when fields or their meaning change: an index of another version is not read

# The longest wait that matters to a window of weeks, and a wait beyond every step of points.
MOST_WEEKS = 104
NO_ID = UUID(int=0)


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
    """Return what decides about the points of an offering, besides its place, its price and how fresh its wait is.

    What gets the same points has the same key: a wait stands for the longest that does.
    """
    counts = offering.wait_days is not None and offering.accepts_now
    outcome = offering.outcome_percent
    facts = (
        offering.intervention,
        offering.week_from,
        offering.week_until,
        _longest_wait(offering.wait_days) if counts and offering.wait_days is not None else None,
        None if outcome is None else next((least for least, _points in OUTCOME_POINTS if outcome >= least), None),
    )
    # Double quotes cannot be asked for.
    return json.dumps(facts).replace('"', "'")


@lru_cache(maxsize=20_000)
def offering_like(key: str, wait_on: date | None) -> OfferingDocument:
    """Return an offering that gets the same points as all with this key; only what is asked for points is in it."""
    intervention, week_from, week_until, wait_days, outcome_percent = json.loads(key.replace("'", '"'))
    known: dict[str, Any] = {
        "offering_id": NO_ID,
        "intervention": intervention,
        "week_from": week_from,
        "week_until": week_until,
        "wait_days": wait_days,
        "wait_on": wait_on,
        "outcome_percent": outcome_percent,
        "price_cents": 1,
        "price_unit": PriceUnit.SESSION,
    }
    return OfferingDocument.model_construct(**known)


def _longest_wait(days: int) -> int:
    """Return the longest wait that gets the same points and takes as many weeks."""
    step = wait_step(days)
    longest = 7 * min(weeks_of(days), MOST_WEEKS)
    return min(longest, WAIT_POINTS[step][0]) if step < len(WAIT_POINTS) else longest


def written(value: object) -> str:
    """Return a fact as it is kept and asked for."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _facts(offering: OfferingDocument) -> dict[str, Any]:
    facts: dict[str, object] = {
        "tenant": offering.tenant_id,
        "provider": offering.provider_id,
        "kind": offering.kind,
        "intervention": offering.intervention,
        "disclosure": offering.disclosure,
        "online": offering.online,
        "nationwide": offering.nationwide,
        "accepts_now": offering.accepts_now,
        "postcode": offering.postcode,
        "travel": offering.travel_step_km,
    }
    several: dict[str, Iterable[object]] = {
        "cause": offering.causes,
        "sickness_year": offering.sickness_years,
        "region": offering.in_regions,
        "language": offering.languages,
        "mark": offering.marks,
        "gender": offering.genders,
        "area": areas_of(offering.postcode) if offering.postcode else (),
    }
    return {
        **{name: None if value is None else plain(written(value)) for name, value in facts.items()},
        **{name: _all(values) for name, values in several.items()},
    }


def _numbers(offering: OfferingDocument) -> dict[str, Any]:
    return {
        "wait_days": offering.wait_days,
        **{f"{name}_limit": _limit(name, getattr(offering, field)) for name, field in LIMITED.items()},
        "wait_day": None if offering.wait_on is None else offering.wait_on.toordinal(),
        "price_cents": offering.price_cents,
    }


def _limit(name: str, value: int | None) -> str | None:
    """Return the smallest limit that a value does not exceed: what is counted is made of these."""
    return None if value is None else next((str(limit) for limit in LIMITS[name] if value <= limit), None)


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
    return sorted({plain(written(value)) for value in values})
