"""The whole API as every role: no fault of ours, answers as documented, and no more than the policy gives."""

import json
import subprocess
import sys
from typing import Any

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy import text

import schema
from application import build
from identity.roles import Role
from tests.fuzz.budget import IN_THE_SUITE, SECONDS
from tests.house.sources import ROOT
from tests.house.test_routes import dependants
from tests.journeys.house import House

pytestmark = pytest.mark.timeout(7_200)

WHO = {
    Role.PHYSICIAN: "ba", Role.DELEGATE: "cmtd", Role.SECRETARY: "secretariaat", Role.PROVIDER: "psycholoog",
    Role.NETWORK_MANAGER: "netwerk", Role.CASE_MANAGER: "cm", Role.EMPLOYER: "werkgever", Role.INSURER: "verzekeraar",
    Role.EMPLOYEE: "werknemer", Role.AUDITOR: "fg",
}  # fmt: skip
NOBODY = "nobody"


def policy(house: House) -> dict[str, list[str]]:
    """Return who may do each operation, as the guards of the routes and the policy page say."""
    found: dict[str, list[str]] = {}
    for route in iter_route_contexts(build(house.settings, house.database).routes):
        if not isinstance(route.original_route, APIRoute) or not str(route.path).startswith("/api/"):
            continue
        held = [getattr(each.call, "permissions", None) for each in dependants(route.dependant)]
        guards = [permissions for permissions in held if permissions is not None]
        roles = [role for role in WHO if all(any(role in each.roles for each in guard) for guard in guards)]
        for method in route.methods or ():
            found[f"{method} {route.path}"] = [*roles, *(() if guards else (NOBODY,))]
    return found


def ids(house: House) -> list[str]:
    """Return some ids of everything that has one."""
    found: list[str] = []
    with house.database.owner.connect() as connection:
        for table in schema.metadata.sorted_tables:
            if "id" in table.columns and table.columns["id"].primary_key:
                found += [
                    str(each) for each in connection.execute(text(f"SELECT id FROM {table.fullname} LIMIT 6")).scalars()
                ]
    return found


def asked(house: House) -> dict[str, Any]:
    """Ask everything, in a process of its own."""
    tokens = {role.value: house.token(f"{name}@demo.test") for role, name in WHO.items()} | {NOBODY: ""}
    task = {
        "address": house.address,
        "tokens": tokens,
        "policy": policy(house),
        "ids": ids(house),
        "seconds": 1 if IN_THE_SUITE else SECONDS,
        "examples": 1 if IN_THE_SUITE else 6,
        "seed": 6 if IN_THE_SUITE else None,
    }
    said = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.asking"],
        input=json.dumps(task),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert said.returncode == 0, said.stderr[-3_000:]
    found: dict[str, Any] = json.loads(said.stdout)
    return found


def test_every_operation_as_every_role(house: House) -> None:
    """No fault, nothing undocumented, and no way in that the policy does not name; and the run would see each."""
    found = asked(house)
    sys.stdout.write(json.dumps({key: value for key, value in found.items() if key != "findings"}) + "\n")
    assert found["findings"] == {}
    assert found["operations"] > 200
    assert found["pairs"] == found["operations"] * (len(WHO) + 1)
    assert found["statuses"].get("200", 0) > 100
    assert len(found["would_see"]) >= 3, found["would_see"]
