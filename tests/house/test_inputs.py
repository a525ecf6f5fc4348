"""Nobody sets a field that he was not asked for: every input names its fields, and takes no other."""

import ast
import inspect
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel
from sqlmodel import SQLModel

from application import build
from core.database import Database
from tests.house.sources import ROOT, modules

FILES_ONLY = {"Body_added_api_v1_referrals__referral_id__attachments_post"}
"""A body of one file, which FastAPI reads by its name."""


@pytest.fixture(scope="module")
def app(database: Database) -> FastAPI:
    return build(database.settings, database)


def objects(schema: Any, named: dict[str, Any], seen: set[str], name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object within a schema, those that it refers to included."""
    if isinstance(schema, list):
        yield from (pair for each in schema for pair in objects(each, named, seen, name))
    elif isinstance(schema, dict):
        target = str(schema.get("$ref", "")).rpartition("/")[2]
        if target and target not in seen:
            seen.add(target)
            yield from objects(named[target], named, seen, target)
        if schema.get("type") == "object":
            yield name, schema
        yield from (pair for key, each in schema.items() for pair in objects(each, named, seen, name or key))


def test_every_body_of_the_api_names_its_fields(app: FastAPI) -> None:
    document = app.openapi()
    named, seen = document["components"]["schemas"], set[str]()
    found = [
        pair
        for path in document["paths"].values()
        for operation in path.values()
        for content in operation.get("requestBody", {}).get("content", {}).values()
        for pair in objects(content.get("schema", {}), named, seen)
    ]
    assert len(found) > 40
    assert {name for name, schema in found if schema.get("additionalProperties") is not False} <= FILES_ONLY


def test_every_query_of_the_api_names_its_fields(app: FastAPI) -> None:
    loose = []
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, APIRoute) and str(route.path).startswith("/api/"):
            for parameter in inspect.signature(inspect.unwrap(route.original_route.endpoint)).parameters.values():
                model = getattr(parameter.annotation, "__origin__", parameter.annotation)
                if isinstance(model, type) and issubclass(model, BaseModel):
                    loose += [] if model.model_config.get("extra") == "forbid" else [f"{route.path}: {model.__name__}"]
    assert loose == []


def test_no_form_takes_more_than_it_names() -> None:
    """A form that forgets to forbid drops what it does not know; none keeps it."""
    read = 0
    for file, tree in modules().items():
        if file.relative_to(ROOT).parts[0] != "portal":
            continue
        module = sys.modules.get(".".join(file.relative_to(ROOT).with_suffix("").parts))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "parse" and node.args:
                model = getattr(module, getattr(node.args[0], "id", ""), None)
                if isinstance(model, type) and issubclass(model, BaseModel):
                    read += 1
                    assert model.model_config.get("extra") != "allow", model
                    assert not issubclass(model, SQLModel), model
    assert read > 50
