"""Passkeys (WebAuthn): made in a browser and asked for again. The one importer of the library that checks them."""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit
from uuid import UUID

from sqlmodel import Session, col, select
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from core.clock import now
from core.errors import FieldError, Invalid
from core.language import _
from core.settings import Settings
from identity.second_factor_tables import FactorKind, SecondFactor
from identity.second_factors import refuse_too_many
from identity.tables import WebSession
from identity.visits import Visit

NAME = "Providerboog"
FRESH = timedelta(minutes=5)
LOOPBACK = "localhost"


@dataclass(frozen=True)
class Place:
    """For which domain passkeys are made here, and on which pages of it."""

    domain: str
    origin: str


def place_of(settings: Settings) -> Place:
    """Return where passkeys work. An address in figures is no domain: on loopback they work under "localhost"."""
    found = urlsplit(settings.base_url)
    host = found.hostname or LOOPBACK
    if _is_loopback(host):
        return Place(LOOPBACK, f"{found.scheme}://{LOOPBACK}" + (f":{found.port}" if found.port else ""))
    return Place(host, f"{found.scheme}://{found.netloc}")


def creation_options(session: Session, visit: Visit, settings: Settings) -> str:
    """Return, as JSON, what a browser needs to make a passkey for the account of this session."""
    refuse_too_many(session, visit.account_id)
    options = generate_registration_options(
        rp_id=place_of(settings).domain,
        rp_name=NAME,
        user_id=visit.account_id.bytes,
        user_name=visit.email,
        user_display_name=visit.email,
        exclude_credentials=_described(_keys(session, visit.account_id)),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
    )
    _keep_challenge(session, visit, options.challenge)
    return options_to_json(options)


def add_passkey(session: Session, visit: Visit, made: str, name: str, settings: Settings) -> UUID:
    """Let the passkey that a browser `made` count from now on; raises Invalid when it is not what was asked for."""
    place, moment = place_of(settings), now()
    try:
        key = verify_registration_response(
            credential=made,
            expected_challenge=_take_challenge(session, visit),
            expected_rp_id=place.domain,
            expected_origin=place.origin,
        )
    except (WebAuthnException, ValueError) as fault:
        raise _refused() from fault
    if session.exec(select(SecondFactor.id).where(SecondFactor.credential_id == key.credential_id)).first():
        raise _refused()
    factor = SecondFactor(
        account_id=visit.account_id,
        kind=FactorKind.PASSKEY,
        name=name,
        credential_id=key.credential_id,
        public_key=key.credential_public_key,
        sign_count=key.sign_count,
        confirmed_at=moment,
        last_used_at=moment,
    )
    session.add(factor)
    session.flush()
    return factor.id


def request_options(session: Session, visit: Visit, settings: Settings) -> str:
    """Return, as JSON, what a browser needs to show a passkey of this account; empty when it has none."""
    keys = _keys(session, visit.account_id)
    if not keys:
        return ""
    options = generate_authentication_options(
        rp_id=place_of(settings).domain,
        allow_credentials=_described(keys),
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    _keep_challenge(session, visit, options.challenge)
    return options_to_json(options)


def use_passkey(session: Session, visit: Visit, shown: str, settings: Settings) -> bool:
    """Tell whether a browser has shown a passkey of this account in answer to what this session was asked last."""
    place = place_of(settings)
    try:
        challenge, answer = _take_challenge(session, visit), parse_authentication_credential_json(shown)
        known = [key for key in _keys(session, visit.account_id) if key.credential_id == answer.raw_id]
        if not known or known[0].public_key is None:
            return False
        verified = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=place.domain,
            expected_origin=place.origin,
            credential_public_key=known[0].public_key,
            credential_current_sign_count=known[0].sign_count,
        )
    except (WebAuthnException, ValueError, Invalid):
        return False
    known[0].sign_count, known[0].last_used_at = verified.new_sign_count, now()
    session.add(known[0])
    session.flush()
    return True


def _keys(session: Session, account_id: UUID) -> list[SecondFactor]:
    return list(
        session.exec(
            select(SecondFactor).where(
                SecondFactor.account_id == account_id,
                SecondFactor.kind == FactorKind.PASSKEY,
                col(SecondFactor.confirmed_at).is_not(None),
                col(SecondFactor.removed_at).is_(None),
            )
        )
    )


def _described(keys: list[SecondFactor]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=key.credential_id) for key in keys if key.credential_id is not None]


def _keep_challenge(session: Session, visit: Visit, challenge: bytes) -> None:
    held = session.get_one(WebSession, visit.session_id)
    held.challenge, held.challenge_at = challenge, now()
    session.add(held)
    session.flush()


def _take_challenge(session: Session, visit: Visit) -> bytes:
    """Return what was asked, which with this has been answered; raises Invalid when that was too long ago."""
    held = session.get_one(WebSession, visit.session_id, with_for_update=True)
    challenge, asked_at = held.challenge, held.challenge_at
    held.challenge = held.challenge_at = None
    session.add(held)
    session.flush()
    if challenge is None or asked_at is None or asked_at < now() - FRESH:
        raise _refused()
    return challenge


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == LOOPBACK


def _refused() -> Invalid:
    said = _("Het lukte niet met deze passkey. Probeer het nog een keer.")
    return Invalid(said, (FieldError("credential", said),))
