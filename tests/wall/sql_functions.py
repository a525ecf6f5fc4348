"""Calls of every function of the catalogue, with arguments that name medical tables in each way that a type allows."""

from ast import literal_eval
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from tests.wall.sql_attacks import Hidden
from tests.wall.sql_session import SqlSession

CALLABLE = (
    "SELECT p.oid::int, quote_ident(n.nspname), quote_ident(p.proname), p.prokind::text,"
    " COALESCE((SELECT string_agg(format_type(a, NULL), '|' ORDER BY i)"
    " FROM unnest(p.proargtypes) WITH ORDINALITY x(a, i)), '')"
    " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
    " WHERE has_function_privilege(p.oid, 'EXECUTE') AND has_schema_privilege(n.oid, 'USAGE')"
    " AND p.prokind IN ('f', 'p', 'a')"
    " AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype, 'internal'::regtype)"
    " AND NOT 'internal'::regtype = ANY (p.proargtypes::oid[]) AND p.proname NOT LIKE 'pg_sleep%' ORDER BY 1"
)


@dataclass(frozen=True)
class Function:
    """A function that may be called, and what it takes."""

    name: str
    kind: str
    takes: tuple[str, ...]


def callable_functions(session: SqlSession) -> list[Function]:
    """Return every function that whoever is signed in may call, but for those that only wait."""
    rows = [literal_eval(row) for row in session.ask(CALLABLE).rows]
    return [
        Function(f"{schema}.{name}", kind, tuple(takes.split("|")) if takes else ())
        for _oid, schema, name, kind, takes in rows
    ]


def calls_of(function: Function, table: Hidden, one_id: UUID) -> Iterator[str]:
    """Yield calls: once for each way to say which table is meant."""
    name = table.name.partition(".")[2]
    ways = (table.name, f"SELECT goal FROM {table.name}") if takes_words(function) else (name,)
    for way in ways:
        given = ", ".join(argument(each, way, table.oid, one_id) for each in function.takes)
        verb = "CALL" if function.kind == "p" else "SELECT"
        yield f"{verb} {function.name}({given})"


def takes_words(function: Function) -> bool:
    """Tell whether a name can be handed to a function."""
    return not {"text", "name", "cstring", '"any"', "anyelement"}.isdisjoint(function.takes)


def argument(takes: str, way: str, oid: int, one_id: UUID) -> str:
    """Return an argument of a type, as SQL."""
    known = {
        "oid": f"{oid}::oid",
        "regclass": f"{oid}::oid::regclass",
        "uuid": f"'{one_id}'::uuid",
        "boolean": "true",
        "tid": "'(0,1)'::tid",
        "json": "'{\"a\": 1}'::json",
        "jsonb": "'{\"a\": 1}'::jsonb",
        "date": "current_date",
        "refcursor": "'c'::refcursor",
        '"any"': f"'{way}'::text",
        "anyelement": f"'{way}'::text",
        "anycompatible": f"'{way}'::text",
        "anyarray": f"ARRAY['{way}']",
        "anycompatiblearray": f"ARRAY['{way}']",
    }
    if takes in known:
        return known[takes]
    if takes in ("text", "name", "character varying", "cstring", "bytea", '"char"', "character", "tsquery", "tsvector"):
        return f"'{way}'::{takes}"
    if takes in ("smallint", "integer", "bigint", "numeric", "real", "double precision"):
        return f"1::{takes}"
    if takes.endswith("[]"):
        return f"ARRAY['{way}']::{takes}" if takes in ("text[]", "name[]") else f"NULL::{takes}"
    return f"NULL::{takes}"
