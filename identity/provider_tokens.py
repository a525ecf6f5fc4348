"""Reading an id_token: signed by its provider, for us, now, and in answer to what this browser left with (R69)."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from core.clock import now
from core.errors import Unauthenticated
from core.identity_providers import IdentityProvider
from core.language import _
from identity.provider_directory import Directory

log = structlog.get_logger()

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""Those with a key pair: never `none`, and never a secret that we share with the provider."""
LEEWAY = timedelta(minutes=1)
OLDEST = timedelta(minutes=10)
SHOWN_TWICE = frozenset({"mfa", "hwk"})
"""Words in `amr` (RFC 8176) for a second factor, or a key in hardware."""
LONGEST = 255


@dataclass(frozen=True)
class Recognised:
    """Whom a provider recognised: its own name for him, what he is called, and whether in two ways just now."""

    subject: str
    name: str
    in_two_ways: bool


class NotBelievedError(Exception):
    """An id_token is not what it should be; the word says in what, for the log."""


def read_token(
    directory: Directory, provider: IdentityProvider, token: str, nonce: str, lately: timedelta
) -> Recognised:
    """Return whom an id_token is about; raises Unauthenticated, with one sentence whatever is wrong with it.

    It counts as shown in two ways only when that was at most `lately` ago.
    """
    try:
        claims = _claims(directory, provider, token)
        believe(claims, provider, nonce)
    except (JoseError, NotBelievedError, ValueError, TypeError) as fault:
        word = str(fault) if isinstance(fault, NotBelievedError) else type(fault).__name__
        log.warning("id_token_refused", provider=str(provider.id), why=word)
        raise Unauthenticated(_("De aanmelding bij uw organisatie lukte niet. Probeer het nog een keer.")) from fault
    named = next(
        (each for each in map(claims.get, ("email", "preferred_username", "name")) if isinstance(each, str)), ""
    )
    subject = str(claims["sub"])
    return Recognised(subject, (named or subject)[:LONGEST], _in_two_ways(claims, lately))


def believe(claims: Mapping[str, object], provider: IdentityProvider, nonce: str) -> None:
    """Raise NotBelievedError unless signed claims are of this provider, for us, of now and for this browser."""
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience
    if claims.get("iss") != provider.issuer:
        raise NotBelievedError("iss")
    if not isinstance(audiences, list) or provider.client_id not in audiences:
        raise NotBelievedError("aud")
    if claims.get("azp", None if len(audiences) > 1 else provider.client_id) != provider.client_id:
        raise NotBelievedError("azp")
    moment = now().timestamp()
    ends, made = _instant(claims, "exp"), _instant(claims, "iat")
    if ends <= moment - LEEWAY.total_seconds():
        raise NotBelievedError("exp")
    if not moment - OLDEST.total_seconds() <= made <= moment + LEEWAY.total_seconds():
        raise NotBelievedError("iat")
    said = claims.get("nonce")
    if not isinstance(said, str) or not hmac.compare_digest(said.encode(), nonce.encode()):
        raise NotBelievedError("nonce")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject.isprintable() or not 0 < len(subject) <= LONGEST:
        raise NotBelievedError("sub")


def _claims(directory: Directory, provider: IdentityProvider, token: str) -> Mapping[str, object]:
    try:
        return _decoded(token, directory.keys(provider))
    except InvalidKeyIdError:  # the provider has a new key since we asked
        return _decoded(token, directory.keys(provider, anew=True))


def _decoded(token: str, keys: KeySet) -> Mapping[str, object]:
    if token.count(".") != 2:  # signed, not sealed
        raise NotBelievedError("form")
    claims: Mapping[str, object] = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
    return claims


def _instant(claims: Mapping[str, object], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotBelievedError(name)
    return float(value)


def _in_two_ways(claims: Mapping[str, object], lately: timedelta) -> bool:
    ways, at = claims.get("amr"), claims.get("auth_time")
    if not isinstance(ways, list) or not any(each in SHOWN_TWICE for each in ways if isinstance(each, str)):
        return False
    if isinstance(at, bool) or not isinstance(at, int | float):
        return False
    return at >= (now() - lately - LEEWAY).timestamp()
