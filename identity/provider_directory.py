"""What identity providers say of themselves: where people sign in, and with which keys it signs; asked seldom."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote_plus, urlsplit
from uuid import UUID

import structlog
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.clock import now
from core.errors import NotFound, Unauthenticated, Unavailable
from core.identity_providers import IdentityProvider
from core.language import _
from core.outward import Outward, UnreachableError

log = structlog.get_logger()

KEPT = timedelta(minutes=10)
SILENT = timedelta(seconds=10)
"""How long one that did not answer is not asked again, so that it does not keep others waiting."""
ASYMMETRIC = frozenset({"RSA", "EC", "OKP"})


class Metadata(BaseModel):
    """What a provider says of itself, as far as we use it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    issuer: str
    authorization_endpoint: str = Field(max_length=1_000)
    token_endpoint: str = Field(max_length=1_000)
    jwks_uri: str = Field(max_length=1_000)
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class Keys(BaseModel):
    """The keys of a provider."""

    keys: tuple[dict[str, object], ...] = Field(max_length=100)


class Redeemed(BaseModel):
    """What a provider gives for a code, as far as we use it; its other tokens are not kept."""

    id_token: str = Field(max_length=20_000)


@dataclass
class Directory:
    """The providers that are set, and what they said lately."""

    providers: tuple[IdentityProvider, ...]
    outward: Outward
    _said: dict[str, tuple[datetime, Metadata]] = field(default_factory=dict)
    _signs: dict[str, tuple[datetime, KeySet]] = field(default_factory=dict)
    _silent: dict[str, datetime] = field(default_factory=dict)

    def provider(self, provider_id: UUID) -> IdentityProvider:
        """Return a provider; raises NotFound."""
        found = next((each for each in self.providers if each.id == provider_id), None)
        if found is None:
            raise NotFound(_("Niet gevonden."))
        return found

    def of_tenant(self, tenant_id: UUID) -> tuple[IdentityProvider, ...]:
        """Return the providers of one arbodienst."""
        return tuple(each for each in self.providers if each.tenant == tenant_id)

    def metadata(self, provider: IdentityProvider) -> Metadata:
        """Return what a provider says of itself; raises Unavailable.

        It names itself as it was set, and people sign in at the very host that was set.
        """
        kept = self._said.get(provider.issuer)
        if kept is not None and kept[0] > now() - KEPT:
            return kept[1]
        address = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
        try:
            said = Metadata.model_validate_json(self._fetch(provider, address))
        except ValidationError as fault:
            raise self._unusable(provider, "metadata") from fault
        if said.issuer != provider.issuer or _host(said.authorization_endpoint) != _host(provider.issuer):
            raise self._unusable(provider, "another issuer")
        self._said[provider.issuer] = (now(), said)
        return said

    def keys(self, provider: IdentityProvider, anew: bool = False) -> KeySet:
        """Return the keys with which a provider signs, `anew` when one was missing; raises Unavailable."""
        kept = self._signs.get(provider.issuer)
        if kept is not None and kept[0] > now() - (SILENT if anew else KEPT):
            return kept[1]
        content = self._fetch(provider, self.metadata(provider).jwks_uri)
        try:
            usable = [_public(each) for each in Keys.model_validate_json(content).keys if _signs(each)]
            found = KeySet.import_key_set({"keys": usable})  # type: ignore[typeddict-item]
        except (ValidationError, JoseError, ValueError, TypeError) as fault:
            raise self._unusable(provider, "keys") from fault
        self._signs[provider.issuer] = (now(), found)
        return found

    def redeem(self, provider: IdentityProvider, code: str, verifier: str, back: str) -> str:
        """Return the id_token that a code is worth, once; raises Unauthenticated for one that is worth nothing."""
        said = self.metadata(provider)
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        secret = provider.client_secret.get_secret_value()
        authorization = None
        if "client_secret_basic" in said.token_endpoint_auth_methods_supported:
            named = f"{quote_plus(provider.client_id)}:{quote_plus(secret)}"
            authorization = f"Basic {b64encode(named.encode()).decode()}"
        else:
            form |= {"client_id": provider.client_id, "client_secret": secret}
        content = self._fetch(provider, said.token_endpoint, form, authorization)
        try:
            return Redeemed.model_validate_json(content).id_token
        except ValidationError as fault:
            raise self._unusable(provider, "tokens") from fault

    def _fetch(
        self,
        provider: IdentityProvider,
        address: str,
        form: Mapping[str, str] | None = None,
        authorization: str | None = None,
    ) -> bytes:
        if self._silent.get(provider.issuer, now() - KEPT) > now() - SILENT:
            raise _silent()
        try:
            return self.outward.fetch(address, form, authorization)
        except UnreachableError as fault:
            log.warning("identity_provider_unreachable", provider=str(provider.id), why=fault.why)
            if fault.why in ("status 400", "status 401") and form is not None:
                raise Unauthenticated(
                    _("De aanmelding bij uw organisatie lukte niet. Probeer het nog een keer.")
                ) from fault
            self._silent[provider.issuer] = now()
            raise _silent() from fault

    def _unusable(self, provider: IdentityProvider, what: str) -> Unavailable:
        log.warning("identity_provider_unusable", provider=str(provider.id), what=what)
        self._silent[provider.issuer] = now()
        return _silent()


def _silent() -> Unavailable:
    return Unavailable(_("De aanmelding van uw organisatie is nu niet bereikbaar. Meld u aan met uw wachtwoord."))


def _host(address: str) -> tuple[str, str]:
    try:
        place = urlsplit(address)
    except ValueError:
        return "", ""
    return place.scheme, place.netloc


def _signs(key: Mapping[str, object]) -> bool:
    """Tell whether a key is one to check signatures with; a secret that two share is never one."""
    return key.get("kty") in ASYMMETRIC and key.get("use", "sig") == "sig"


def _public(key: Mapping[str, object]) -> dict[str, object]:
    return {
        name: value for name, value in key.items() if name in ("kty", "kid", "n", "e", "crv", "x", "y", "alg", "use")
    }
