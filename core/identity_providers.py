"""The identity providers through which people of an arbodienst may sign in, as the operator sets them."""

from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

Words = Annotated[str, Field(min_length=1, max_length=255)]


class IdentityProvider(BaseModel):
    """One provider of one arbodienst: what it is called by itself and by people, and as whom we ask there."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    tenant: UUID
    issuer: Words
    client_id: Words
    client_secret: SecretStr = Field(min_length=1, max_length=1_000)
    label: Annotated[str, Field(min_length=1, max_length=60)]
    trusts_second_factor: bool = False

    @field_validator("issuer")
    @classmethod
    def be_an_address(cls, issuer: str) -> str:
        """Refuse what cannot be an issuer; it is compared letter by letter, so nothing of it is changed."""
        place = urlsplit(issuer)
        if place.scheme not in ("https", "http") or not place.hostname or not issuer.isprintable():
            raise ValueError("an issuer reads https://login.example.nl/house")
        if place.query or place.fragment or place.username is not None:
            raise ValueError("an issuer has no query, fragment or name")
        return issuer

    @property
    def id(self) -> UUID:
        """Return by what it is known in our addresses: each has an address of its own to come back to."""
        return uuid5(self.tenant, self.issuer)


def refuse_unsafe(providers: tuple[IdentityProvider, ...], loopback: bool) -> None:
    """Raise ValueError for two of one issuer in one arbodienst, and for one without TLS where that was not allowed."""
    if len({each.id for each in providers}) < len(providers):
        raise ValueError("PROVIDERBOOG_OIDC: an arbodienst has each issuer once")
    if not loopback and any(not each.issuer.startswith("https://") for each in providers):
        raise ValueError("PROVIDERBOOG_OIDC: an issuer begins with https://")
