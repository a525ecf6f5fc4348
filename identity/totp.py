"""An app that shows codes of six digits (TOTP, RFC 6238): offered, confirmed by a first code, and each code once."""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pyotp
from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from core.clock import now
from core.errors import FieldError, Invalid, NotFound
from core.language import _
from core.settings import Settings
from core.vault import Sealed, Vault
from identity.second_factor_tables import FactorKind, SecondFactor
from identity.second_factors import refuse_too_many

ISSUER = "Providerboog"
STEP_SECONDS = 30
STEPS = (0, -1, 1)
"""A clock may be half a minute off, either way."""
OFFERED = timedelta(minutes=30)
DEMO_DOMAIN = "@demo.test"


@dataclass(frozen=True)
class OfferedApp:
    """What an app has to be told, once: the secret, also as the address that a QR code holds."""

    secret: str
    address: str


def offer_app(session: Session, account_id: UUID, email: str, vault: Vault) -> OfferedApp:
    """Return the secret for a new app; the same one for half an hour, so that a page may be loaded again."""
    refuse_too_many(session, account_id)
    factor = _offered(session, account_id)
    if factor is None:
        factor = sealed_app(account_id, random_secret(), vault)
        session.add(factor)
        session.flush()
    secret = _secret_of(factor, vault)
    return OfferedApp(secret, pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER))


def sealed_app(account_id: UUID, secret: str, vault: Vault) -> SecondFactor:
    """Return the row of an app that nobody has confirmed yet; its secret opens only as part of this very row."""
    factor_id = uuid4()
    sealed = vault.seal(secret.encode(), about(factor_id))
    return SecondFactor(
        id=factor_id,
        account_id=account_id,
        kind=FactorKind.TOTP,
        name=_("App"),
        secret=sealed.content,
        key_id=sealed.key_id,
    )


def random_secret() -> str:
    """Return a secret of 160 random bits, as RFC 4226 advises."""
    return pyotp.random_base32()


def confirm_app(session: Session, account_id: UUID, code: str, name: str, vault: Vault) -> UUID:
    """Let the app that was offered count from now on; raises Invalid when its code is wrong."""
    factor = _offered(session, account_id)
    if factor is None or not _use(session, factor, code, vault):
        said = _("Deze code klopt niet. Neem de nieuwste uit uw app.")
        raise Invalid(said, (FieldError("code", said),))
    factor.confirmed_at, factor.name = now(), name
    session.add(factor)
    session.flush()
    return factor.id


def use_code(session: Session, account_id: UUID, code: str, vault: Vault) -> bool:
    """Tell whether `code` is that of one of the account's apps, now and for the first time."""
    return any(_use(session, factor, code, vault) for factor in _apps(session, account_id))


def demo_code(session: Session, account_id: UUID, email: str, settings: Settings) -> str:
    """Return a code that a demo account can use now; raises NotFound outside of the demo, and for everybody else."""
    if not (settings.demo and settings.on_loopback and email.endswith(DEMO_DOMAIN)):
        raise NotFound(_("Niet gevonden."))
    for factor in _apps(session, account_id):
        app, current = pyotp.TOTP(_secret_of(factor, settings.factor_vault)), _step()
        for step in sorted(current + nearby for nearby in STEPS):
            if factor.last_step is None or step > factor.last_step:
                return app.generate_otp(step)
    return ""


def _use(session: Session, factor: SecondFactor, code: str, vault: Vault) -> bool:
    """Use up a code: of several who send the same one, one gets through."""
    typed = "".join(code.split()).encode()
    app, current = pyotp.TOTP(_secret_of(factor, vault)), _step()
    fitting = [
        current + nearby for nearby in STEPS if hmac.compare_digest(app.generate_otp(current + nearby).encode(), typed)
    ]
    if not fitting:
        return False
    used = session.execute(
        update(SecondFactor)
        .where(
            col(SecondFactor.id) == factor.id,
            or_(col(SecondFactor.last_step).is_(None), col(SecondFactor.last_step) < fitting[0]),
        )
        .values(last_step=fitting[0], last_used_at=now())
        .returning(col(SecondFactor.id))
    )
    return used.first() is not None


def _step() -> int:
    return int(now().timestamp()) // STEP_SECONDS


def _apps(session: Session, account_id: UUID) -> list[SecondFactor]:
    return list(
        session.exec(
            select(SecondFactor).where(
                SecondFactor.account_id == account_id,
                SecondFactor.kind == FactorKind.TOTP,
                col(SecondFactor.confirmed_at).is_not(None),
                col(SecondFactor.removed_at).is_(None),
            )
        )
    )


def _offered(session: Session, account_id: UUID) -> SecondFactor | None:
    return session.exec(
        select(SecondFactor)
        .where(
            SecondFactor.account_id == account_id,
            SecondFactor.kind == FactorKind.TOTP,
            col(SecondFactor.confirmed_at).is_(None),
            col(SecondFactor.removed_at).is_(None),
            SecondFactor.created_at > now() - OFFERED,
        )
        .order_by(col(SecondFactor.created_at).desc())
        .limit(1)
    ).first()


def _secret_of(factor: SecondFactor, vault: Vault) -> str:
    if factor.secret is None or factor.key_id is None:
        raise RuntimeError("an app has a secret; the table sees to it")
    return vault.open(Sealed(factor.key_id, factor.secret), about(factor.id)).decode()


def about(factor_id: UUID) -> str:
    """Return to what the secret of an app is bound."""
    return f"identity.second_factor:{factor_id}"
