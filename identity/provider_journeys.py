"""Somebody on his way to the identity provider of his arbodienst and back: what his browser keeps for us, sealed."""

import hashlib
from base64 import b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from core.clock import now
from core.errors import Unavailable
from core.identity_providers import IdentityProvider
from core.settings import Settings
from core.vault import Sealed, Vault, key_id
from identity.authentication import new_secret
from identity.provider_directory import Metadata

LASTS = timedelta(minutes=10)


def _later() -> datetime:
    return now() + LASTS


class Passing(BaseModel, frozen=True):
    """What a browser keeps for us for a short while and cannot read or change; `once` is by what it is used up."""

    provider: UUID
    once: str = Field(default_factory=new_secret)
    until: AwareDatetime = Field(default_factory=_later)


class Underway(Passing, frozen=True):
    """Somebody who was sent to a provider: `once` is the state that he comes back with."""

    nonce: str = Field(default_factory=new_secret)
    verifier: str = Field(default_factory=new_secret)
    links: bool = False
    back: str = ""


class Known(Passing, frozen=True):
    """Somebody whom a provider recognised, who now chooses a role or confirms that he links it."""

    subject: str
    name: str
    in_two_ways: bool = False
    links: bool = False
    back: str = ""


Kept = TypeVar("Kept", bound=Passing)


def seal(kept: Passing, vault: Vault) -> str:
    """Return what goes into the cookie."""
    sealed = vault.seal(kept.model_dump_json().encode(), type(kept).__name__)
    return urlsafe_b64encode(sealed.content).decode()


def unseal(kind: type[Kept], cookie: str, vault: Vault) -> Kept | None:
    """Return what a cookie keeps; None for one that is too old, not ours, or of another kind."""
    try:
        content = vault.open(
            Sealed(key_id(vault.keys[0]), b64decode(cookie.encode(), altchars=b"-_", validate=True)), kind.__name__
        )
        kept = kind.model_validate_json(content)
    except (Unavailable, ValidationError, NotBase64, ValueError):
        return None
    return kept if kept.until > now() else None


def way_back(provider: IdentityProvider, settings: Settings) -> str:
    """Return the address to which a provider sends people back: another for each."""
    return f"{settings.base_url}/account/aanbieder/{provider.id}/terug"


def way_there(provider: IdentityProvider, said: Metadata, underway: Underway, settings: Settings) -> str:
    """Return the address at which somebody signs in at a provider (code flow with PKCE, S256)."""
    digest = hashlib.sha256(underway.verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": way_back(provider, settings),
        "scope": "openid profile email",
        "state": underway.once,
        "nonce": underway.nonce,
        "code_challenge": urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    if provider.trusts_second_factor:  # what was shown long ago there counts here no more than our own
        asked["max_age"] = str(settings.step_up_minutes * 60)
    return f"{said.authorization_endpoint}{'&' if '?' in said.authorization_endpoint else '?'}{urlencode(asked)}"
