"""What an id_token must be to be believed; and the links in the database, of which raw SQL makes none for another."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.clock import now
from core.database import Door
from core.errors import Conflict, NotFound, Unauthenticated, Unavailable
from core.identity_providers import IdentityProvider, refuse_unsafe
from core.outward import Outward
from identity.provider_directory import Directory
from identity.provider_journeys import Known, Underway, seal, unseal
from identity.provider_links import link_provider
from identity.provider_tokens import read_token
from identity.roles import Role
from tests.world import World

ISSUER = "https://login.example.nl"
PROVIDER = IdentityProvider(
    tenant=uuid4(), issuer=ISSUER, client_id="we", client_secret=SecretStr("s" * 40), label="Arbo Voorbeeld"
)
KEY = RSAKey.generate_key(2048, parameters={"kid": "one", "use": "sig", "alg": "RS256"})
LATER = RSAKey.generate_key(2048, parameters={"kid": "two", "use": "sig", "alg": "RS256"})
STRANGE = RSAKey.generate_key(2048, parameters={"kid": "one"})
SHARED = OctKey.import_key("s" * 40, parameters={"kid": "one"})


@dataclass(frozen=True)
class Said(Outward):
    """Answers without a network."""

    keys: list[Any] = field(default_factory=lambda: [KEY])
    metadata: dict[str, str] = field(default_factory=dict)

    def fetch(self, address: str, form: object = None, authorization: str | None = None) -> bytes:
        """Answer as a provider would."""
        if address.endswith("/keys"):
            return json.dumps(KeySet(self.keys).as_dict(private=False)).encode()
        said = {"issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/in", "token_endpoint": f"{ISSUER}/token"}
        return json.dumps(said | {"jwks_uri": f"{ISSUER}/keys"} | self.metadata).encode()


def claims(**changed: object) -> dict[str, object]:
    moment = int(now().timestamp())
    made = {"iss": ISSUER, "aud": "we", "sub": "her", "nonce": "n", "iat": moment, "exp": moment + 300} | changed
    return {name: value for name, value in made.items() if value is not None}


def signed(key: Any = KEY, alg: str = "RS256", **changed: Any) -> str:
    return jwt.encode({"alg": alg, "kid": key.kid}, claims(**changed), key, algorithms=[alg])


def read(token: str, outward: Outward | None = None) -> str:
    directory = Directory((PROVIDER,), outward or Said())
    return read_token(directory, PROVIDER, token, "n", timedelta(minutes=15)).subject


def test_what_is_right_is_believed() -> None:
    assert read(signed()) == "her"
    assert read(signed(aud=["we"])) == "her"
    assert read(signed(aud=["we", "others"], azp="we")) == "her"


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://login.example.nl/"}, {"iss": "https://other.example.nl"}, {"iss": None},
        {"aud": "others"}, {"aud": ["others"]}, {"aud": ["we", "others"]}, {"aud": None}, {"aud": {"we": 1}},
        {"aud": ["we", "others"], "azp": "others"}, {"azp": "others"},
        {"exp": 1_000}, {"exp": None}, {"exp": "tomorrow"}, {"exp": True},
        {"iat": 1_000}, {"iat": 9_999_999_999}, {"iat": None},
        {"nonce": "m"}, {"nonce": None}, {"nonce": ["n"]},
        {"sub": None}, {"sub": ""}, {"sub": 7}, {"sub": "x" * 256}, {"sub": "a\nb"},
    ],
)  # fmt: skip
def test_what_is_of_another_for_another_or_of_then_is_not_believed(changed: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        read(signed(**changed))


def without_signature() -> str:
    _head, body, _signature = signed().split(".")
    return f"eyJhbGciOiJub25lIn0.{body}."


def with_another_body() -> str:
    return ".".join((signed().split(".")[0], signed(sub="him").split(".")[1], signed().split(".")[2]))


@pytest.mark.parametrize(
    "forged",
    [
        without_signature,
        with_another_body,
        lambda: signed(STRANGE),
        lambda: signed(LATER),
        lambda: signed(SHARED, "HS256"),
        lambda: "",
        lambda: "a.b.c",
        lambda: "a.b.c.d.e",
    ],
)
def test_only_a_key_of_the_provider_signs(forged: Callable[[], str]) -> None:
    """Never `none`, and never a secret that two share."""
    with pytest.raises(Unauthenticated):
        read(forged(), Said(keys=[KEY, SHARED]))


def test_a_new_key_is_fetched_when_it_is_first_seen() -> None:
    outward = Said(keys=[KEY])
    directory = Directory((PROVIDER,), outward)
    assert read_token(directory, PROVIDER, signed(), "n", timedelta(0)).subject == "her"
    outward.keys.append(LATER)
    directory._signs[ISSUER] = (now() - timedelta(seconds=11), directory._signs[ISSUER][1])
    assert read_token(directory, PROVIDER, signed(LATER), "n", timedelta(0)).subject == "her"


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://other.example.nl"},
        {"authorization_endpoint": "https://other.example.nl/in"},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
)
def test_a_provider_that_names_another_is_not_followed(metadata: dict[str, str]) -> None:
    directory = Directory((PROVIDER,), Said(metadata=metadata))
    with pytest.raises(Unavailable):
        directory.metadata(PROVIDER)


def test_what_a_browser_keeps_opens_only_as_what_it_was_sealed_as(world: World) -> None:
    vault = world.database.settings.passing_vault
    underway = Underway(provider=PROVIDER.id)
    sealed = seal(underway, vault)
    assert unseal(Underway, sealed, vault) == underway
    assert underway.nonce not in sealed
    assert unseal(Known, sealed, vault) is None
    changed = sealed[:30] + ("A" if sealed[30] != "A" else "B") + sealed[31:]
    assert [unseal(Underway, each, vault) for each in (changed, "", "é", "AAAA", sealed[:-8])] == [None] * 5


def test_providers_are_set_safely() -> None:
    plain = PROVIDER.model_copy(update={"issuer": "http://127.0.0.1:9000"})
    refuse_unsafe((PROVIDER, plain), loopback=True)
    for wrong in ((plain,), (PROVIDER, PROVIDER)):
        with pytest.raises(ValueError, match="PROVIDERBOOG_OIDC"):
            refuse_unsafe(wrong, loopback=False)
    for issuer in ("login.example.nl", "https://", "https://a@b.nl", "https://b.nl/?x=1", "https://b.nl/#x"):
        with pytest.raises(ValueError, match="an issuer"):
            IdentityProvider.model_validate({**PROVIDER.model_dump(), "issuer": issuer})
    assert "s" * 40 not in repr(PROVIDER)


def test_a_provider_of_another_arbodienst_is_not_there(world: World) -> None:
    actor = world.actor(Role.PHYSICIAN)
    with world.acting(Door.IDENTITY, actor) as session, pytest.raises(NotFound):
        link_provider(session, actor, PROVIDER, "her")


def test_an_account_has_one_person_at_a_provider(world: World) -> None:
    actor = world.actor(Role.PHYSICIAN)
    provider = PROVIDER.model_copy(update={"tenant": actor.tenant_id})
    with world.acting(Door.IDENTITY, actor) as session:
        link_provider(session, actor, provider, uuid4().hex)
        with pytest.raises(Conflict):
            link_provider(session, actor, provider, uuid4().hex)


LINK = text(
    "INSERT INTO identity.provider_link (id, account_id, issuer, subject, created_at)"
    " VALUES (gen_random_uuid(), :account, 'https://evil.example', :subject, now())"
)
UNLINK = text("UPDATE identity.provider_link SET removed_at = now() WHERE account_id = :account")
BACK = text("UPDATE identity.provider_link SET removed_at = NULL WHERE account_id = :account")
TURN = text("UPDATE identity.provider_link SET subject = 'me' WHERE account_id = :account")


def test_raw_sql_links_and_unlinks_nobody_else(world: World) -> None:
    """R69: behind the door of signing in only who acts as the owner does; behind the others nobody even sees it."""
    victim, other = world.actor(Role.PHYSICIAN), world.actor(Role.SECRETARY)
    of_victim = {"account": victim.account, "subject": uuid4().hex}
    with world.acting(Door.IDENTITY, victim) as session:
        session.execute(LINK, of_victim)
    for statement in (LINK, UNLINK, TURN):
        with world.database.transaction(Door.IDENTITY) as session, pytest.raises(DBAPIError):
            session.execute(statement, {**of_victim, "subject": uuid4().hex})
        for door, actor in ((Door.IDENTITY, other), (Door.OPEN, other), (Door.CARE, victim)):
            with world.acting(door, actor) as session, pytest.raises(DBAPIError):
                session.execute(statement, {**of_victim, "subject": uuid4().hex})
    with world.acting(Door.IDENTITY, other) as session, pytest.raises(DBAPIError, match="uq_provider_link_kept"):
        session.execute(LINK, {**of_victim, "account": other.account})
    with world.acting(Door.IDENTITY, victim) as session:
        session.execute(UNLINK, {"account": victim.account})
    with world.acting(Door.IDENTITY, victim) as session, pytest.raises(DBAPIError, match="stays removed"):
        session.execute(
            text("UPDATE identity.provider_link SET removed_at = NULL WHERE account_id = :account"), of_victim
        )
