"""No column of the medical room and no way into it is without a canary: a new one fails here until it has one."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from tests.wall.fields import NO_WORDS, columns_of_words
from tests.wall.planted import Planted

NOT_OF_HEALTH = {
    "saved searches": "what somebody looks for in the network, without a case; of his own only",
    "assessments": "a code of the list of causes",
    "money that comes in": "the number of an invoice of ours",
}
"""Calls of the medical side whose words tell of nobody's health, by the heading under which they stand."""


def test_every_column_of_words_had_a_canary(planted: Planted) -> None:
    """R18."""
    columns = columns_of_words()
    assert columns - planted.columns <= set(NO_WORDS)
    assert len(columns & planted.columns) >= 20


def words_of(document: dict[str, Any], shape: dict[str, Any], name: str = "") -> Iterator[str]:
    """Yield the fields of a body in which somebody can write what he likes."""
    if "$ref" in shape:
        shape = document["components"]["schemas"][shape["$ref"].rsplit("/", 1)[1]]
    for key, inner in shape.get("properties", {}).items():
        yield from words_of(document, inner, key)
    for inner in (*shape.get("anyOf", ()), *([shape["items"]] if "items" in shape else ())):
        yield from words_of(document, inner, name)
    if shape.get("type") == "string" and not {"enum", "format", "pattern", "const"} & set(shape):
        yield name


def care_calls(app: FastAPI, document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the path and the description of every call of the care side."""
    for route in iter_route_contexts(app.routes):
        found = route.original_route
        if isinstance(found, APIRoute) and found.endpoint.__module__.startswith("api.care."):
            path = str(route.path_format)
            for method in route.methods or ():
                yield path, document["paths"][path][method.lower()]


def test_every_call_that_takes_words_had_a_canary(app: FastAPI, planted: Planted) -> None:
    """R18: by the description of the API, so that a new call is missed here."""
    document, missed, asked = app.openapi(), set(), 0
    calls = {way.split()[-1].rsplit("/", 1)[-1] for way, _field in planted.ways}
    for path, call in care_calls(app, document):
        asked += 1
        if set(call.get("tags", ())) & set(NOT_OF_HEALTH):
            continue
        for content in call.get("requestBody", {}).get("content", {}).values():
            words = set(words_of(document, content["schema"])) - COUNTED
            if words and path.rsplit("/", 1)[-1] not in calls | {"attachments"}:
                missed.add((path, *sorted(words)))
    assert missed == set()
    assert asked > 80


COUNTED = {"units", "quantity", "cause", "name", "register_number"}
"""Numbers that are written as text; and the name of a doctor of the employer's choice, who is no patient."""
