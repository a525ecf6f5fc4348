"""Which gateway the settings choose."""

from functools import lru_cache

from billing.paying.gateway import PaymentGateway
from billing.paying.gateway_local import LocalGateway
from billing.paying.gateway_stripe import PAGES, StripeGateway
from core.settings import Settings


def gateway_of(settings: Settings) -> PaymentGateway:
    """Return Stripe where there is a key for it, and the local gateway elsewhere."""
    key, secret = settings.stripe_secret_key, settings.stripe_webhook_secret
    if key is None or secret is None:
        return local_gateway_of(settings)
    return _stripe(key.get_secret_value(), secret.get_secret_value(), settings.base_url, settings.stripe_api_url)


def local_gateway_of(settings: Settings) -> LocalGateway:
    """Return the gateway that keeps its money in the data directory."""
    file, key = settings.data_dir / "payments.sqlite", settings.secret_key.get_secret_value()
    return LocalGateway(settings.base_url, file, key)


def pages_outside(settings: Settings) -> tuple[str, ...]:
    """Return the origins of the pages on which people pay or make themselves known; the local ones are our own."""
    return () if settings.stripe_secret_key is None else PAGES


@lru_cache(maxsize=4)
def _stripe(key: str, secret: str, base_url: str, api_url: str | None) -> StripeGateway:
    return StripeGateway(key, secret, base_url, api_url)
