"""The OpenAPI document: what every call answers, refusals included, as a program may rely on it."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, Field

from api.problems import MEDIA_TYPE

SCHEMAS = "#/components/schemas/"
OF_FASTAPI = ("HTTPValidationError", "ValidationError")
REFUSALS = {
    "400": "The request cannot be read.",
    "401": "There is no token, or it no longer works.",
    "403": "The role may not do this; to employer and insurer this is 404.",
    "404": "Not there, or not yours.",
    "409": "This does not fit the present state; `possible` names what does.",
    "413": "The body is too large.",
    "415": "This kind of body is not read here.",
    "422": "The input is not right; `errors` names every field.",
    "429": "Too much was asked; `Retry-After` says when there is room again.",
    "503": "Not available for the moment; `Retry-After` says when to ask again.",
}
BODY_ONLY = {"413", "415"}


class Fault(BaseModel):
    """What is wrong with one field."""

    field: str
    message: str


class Problem(BaseModel):
    """A refusal (RFC 9457)."""

    type: str = Field(description="A name that stays the same, for machines.")
    title: str
    status: int
    detail: str = Field(description="In the language of the caller.")
    code: str
    errors: list[Fault] | None = Field(default=None, description="With 422: what is wrong with which field.")
    possible: list[str] | None = Field(default=None, description="With 409: the acts that fit the present state.")


def document(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of `app`, made once."""
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        schemas = made["components"]["schemas"]
        schemas.update(_schemas())
        for name in OF_FASTAPI:
            schemas.pop(name, None)
        for operation in _operations(made):
            _complete(operation)
        app.openapi_schema = made
    return app.openapi_schema


def _operations(made: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in made["paths"].values():
        yield from path.values()


def _complete(operation: dict[str, Any]) -> None:
    """Add every refusal that a call may get, each as a problem document."""
    answers = operation["responses"]
    for status, meaning in REFUSALS.items():
        if status in BODY_ONLY and "requestBody" not in operation:
            continue
        content = {MEDIA_TYPE: {"schema": {"$ref": f"{SCHEMAS}Problem"}}}
        answers[status] = {"description": meaning, "content": content}
    for status, answer in answers.items():
        # The same answer for what was sent before is the same document.
        if status == "200" and "content" not in answer and "201" in answers:
            answer["content"] = answers["201"].get("content", {})


def _schemas() -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template=SCHEMAS + "{model}")
    return {**schema.pop("$defs"), "Problem": schema}
