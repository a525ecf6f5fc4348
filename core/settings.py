"""Every setting, read from environment variables once; nothing else in the house reads the environment."""

from ipaddress import ip_address
from pathlib import Path
from secrets import token_urlsafe
from typing import Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.identity_providers import IdentityProvider, refuse_unsafe
from core.inward_links import LOOPBACK, refuse_open_database, refuse_open_server
from core.key_service import EnvironmentKeys, KeyService
from core.signing import Signer
from core.vault import Vault, key_from, read_keys, write_key

ROOT = Path(__file__).resolve().parent.parent
SHORTEST_SECRET = 32


class Settings(BaseSettings):
    """The settings of one process. Prefix PROVIDERBOOG_, except the names that the outside world has fixed."""

    model_config = SettingsConfigDict(
        env_prefix="PROVIDERBOOG_", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    demo: bool = False
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    data_dir: Path = ROOT / ".data"
    secret_key: SecretStr = SecretStr("")
    public_url: str | None = None
    allowed_hosts: str = ""
    trusted_proxies: str = ""
    limit_factor: float = Field(default=1, ge=0, le=1_000)
    demo_offerings: int = Field(default=320, ge=300, le=1_000_000)
    database_url: SecretStr | None = Field(default=None, validation_alias=AliasChoices("DATABASE_URL"))
    database_care_url: SecretStr | None = Field(default=None, validation_alias=AliasChoices("DATABASE_CARE_URL"))
    database_open_url: SecretStr | None = Field(default=None, validation_alias=AliasChoices("DATABASE_OPEN_URL"))
    database_identity_url: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("DATABASE_IDENTITY_URL")
    )
    database_jobs_url: SecretStr | None = Field(default=None, validation_alias=AliasChoices("DATABASE_JOBS_URL"))
    database_system_open_url: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("DATABASE_SYSTEM_OPEN_URL")
    )
    database_system_care_url: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("DATABASE_SYSTEM_CARE_URL")
    )
    meilisearch_url: str | None = Field(default=None, validation_alias=AliasChoices("MEILISEARCH_URL"))
    meilisearch_api_key: SecretStr | None = Field(default=None, validation_alias=AliasChoices("MEILISEARCH_API_KEY"))
    meilisearch_index: str = Field(default="offerings", pattern=r"^[a-z0-9_-]{1,60}$")
    processes: int = Field(default=1, ge=1, le=64)
    stripe_secret_key: SecretStr | None = Field(default=None, validation_alias=AliasChoices("STRIPE_SECRET_KEY"))
    stripe_webhook_secret: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("STRIPE_WEBHOOK_SECRET")
    )
    stripe_api_url: str | None = None
    smtp_url: SecretStr | None = Field(default=None, validation_alias=AliasChoices("SMTP_URL"))
    mail_from: str = Field(default="providerboog@localhost", pattern=r"^[^\s<>@]+@[^\s<>@]+$", max_length=254)
    master_keys: SecretStr = SecretStr("")
    anchor_keys: SecretStr = SecretStr("")
    backup_key: SecretStr = SecretStr("")
    pool_size: int = Field(default=8, ge=1, le=100)
    statement_timeout_ms: int = Field(default=15_000, ge=100)
    requests_at_once: int | None = Field(default=None, ge=1, le=500)
    line_length: int = Field(default=100, ge=0, le=10_000)
    line_seconds: float = Field(default=5.0, gt=0, le=30)
    drain_seconds: float = Field(default=0.0, ge=0, le=120)
    worker_silence_seconds: float = Field(default=30.0, ge=1, le=600)
    metrics_port: int | None = Field(default=None, ge=1, le=65_000)
    traces_url: str | None = Field(default=None, pattern=r"^https?://")
    session_idle_minutes: int = Field(default=60, ge=5)
    session_hours: int = Field(default=12, ge=1)
    care_session_idle_minutes: int = Field(default=30, ge=5)
    care_session_hours: int = Field(default=10, ge=1)
    step_up_minutes: int = Field(default=15, ge=1)
    common_passwords: Path | None = None
    oidc: tuple[IdentityProvider, ...] = ()
    oidc_loopback: bool = False
    token_days: int = Field(default=90, ge=1)
    log_level: str = "INFO"

    @property
    def on_loopback(self) -> bool:
        """Tell whether the app listens where only this machine can reach it."""
        return self.host == "localhost" or ip_address(self.host).is_loopback

    @property
    def base_url(self) -> str:
        """Return the address under which people reach the portal, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def room(self) -> int:
        """Return how many requests are worked on at once: as many as both sides have connections, and a few more."""
        return self.requests_at_once or 2 * self.pool_size + 4

    @property
    def over_tls(self) -> bool:
        """Tell whether people reach the portal over TLS."""
        return self.base_url.startswith("https://")

    @property
    def known_hosts(self) -> frozenset[str]:
        """Return the names under which the portal may be asked for: that of its address, and those that are set."""
        named = {
            urlsplit(self.base_url).hostname or "",
            *(each.strip().lower() for each in self.allowed_hosts.split(",")),
        }
        return frozenset((named | (LOOPBACK if self.on_loopback else set())) - {""})

    @property
    def secure_cookies(self) -> bool:
        """Tell whether cookies must be marked Secure: always, but on loopback."""
        return not self.on_loopback or self.over_tls

    @property
    def key_service(self) -> KeyService:
        """Return who holds the master key; a service of elsewhere that keeps to `KeyService` takes its place here."""
        return EnvironmentKeys(self._masters)

    @property
    def factor_vault(self) -> Vault:
        """Return where the secrets of second factors are sealed: keys that follow from the master keys."""
        return Vault(tuple(key_from(write_key(master), "second factors") for master in self._masters))

    @property
    def _masters(self) -> tuple[bytes, ...]:
        """Return the master keys; the demo makes one of its secret, elsewhere there is no default."""
        keys = read_keys(self.master_keys.get_secret_value())
        return keys or ((key_from(self.secret_key.get_secret_value(), "master"),) if self.demo else ())

    @property
    def signer(self) -> Signer:
        """Return who signs anchors and certificates; the demo has a key of its own making, elsewhere there is none."""
        keys = read_keys(self.anchor_keys.get_secret_value())
        return Signer(keys or ((key_from(self.secret_key.get_secret_value(), "anchors"),) if self.demo else ()))

    @property
    def anchor_folder(self) -> Path:
        """Return where the anchors of the audit trail are written to, outside the database."""
        return self.data_dir / "anchors"

    @property
    def backup_key_bytes(self) -> bytes | None:
        """Return the key that seals backups, or None where there is none; the demo has one of its own making."""
        keys = read_keys(self.backup_key.get_secret_value())
        if keys:
            return keys[0]
        return key_from(self.secret_key.get_secret_value(), "backups") if self.demo else None

    @property
    def answer_vault(self) -> Vault:
        """Return where answers are sealed that are kept for a day, for whoever did not get them."""
        return Vault(tuple(key_from(write_key(master), "answers") for master in self._masters))

    @property
    def passing_vault(self) -> Vault:
        """Return where is sealed what a browser keeps for us while it is away at an identity provider."""
        return Vault((key_from(self.secret_key.get_secret_value(), "sign-in elsewhere"),))

    @model_validator(mode="after")
    def refuse_unsafe_start(self) -> Self:
        """Refuse to start without a secret of its own outside demo mode, and a demo that strangers could reach."""
        if self.demo and not self.on_loopback:
            raise ValueError("demo mode listens on loopback only: set PROVIDERBOOG_HOST to 127.0.0.1")
        if not self.demo and len(self.secret_key.get_secret_value()) < SHORTEST_SECRET:
            raise ValueError("set PROVIDERBOOG_SECRET_KEY to a random secret of at least 32 characters")
        for name in ("master_keys", "anchor_keys", "backup_key"):
            try:
                read_keys(getattr(self, name).get_secret_value())
            except ValueError as fault:
                raise ValueError(f"PROVIDERBOOG_{name.upper()}: {fault}") from fault
        if not self.demo and not self._masters:
            raise ValueError("set PROVIDERBOOG_MASTER_KEYS to 32 random bytes in base64: openssl rand -base64 32")
        return self

    @model_validator(mode="after")
    def refuse_an_address_in_the_open(self) -> Self:
        """Refuse to be reached without TLS from elsewhere, or under a name that nobody has said."""
        if self.public_url is None:
            if not self.on_loopback:
                raise ValueError(
                    "set PROVIDERBOOG_PUBLIC_URL to the address that people use, https://portal.example.nl"
                )
            return self
        place = urlsplit(self.public_url)
        if place.scheme != "https" and not (place.scheme == "http" and place.hostname in LOOPBACK):
            raise ValueError("PROVIDERBOOG_PUBLIC_URL begins with https:// unless it stays on this machine")
        return self

    @model_validator(mode="after")
    def refuse_an_unsafe_identity_provider(self) -> Self:
        """Refuse identity providers that cannot be asked safely, or that could be taken for each other."""
        refuse_unsafe(self.oidc, self.oidc_loopback)
        return self

    @model_validator(mode="after")
    def refuse_half_a_payment_provider(self) -> Self:
        """Refuse a key without the secret that proves who tells of payments."""
        if (self.stripe_secret_key is None) != (self.stripe_webhook_secret is None):
            raise ValueError("set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET together, or neither")
        return self

    @model_validator(mode="after")
    def refuse_servers_in_the_open(self) -> Self:
        """Refuse to talk without TLS to a server that is not on this machine."""
        for name in type(self).model_fields:
            if name.startswith("database_") and (address := getattr(self, name)) is not None:
                refuse_open_database(name.upper(), address.get_secret_value())
        refuse_open_server("MEILISEARCH_URL", self.meilisearch_url)
        refuse_open_server("PROVIDERBOOG_STRIPE_API_URL", self.stripe_api_url)
        refuse_open_server("PROVIDERBOOG_TRACES_URL", self.traces_url)
        return self

    @model_validator(mode="after")
    def refuse_mail_to_nowhere(self) -> Self:
        """Refuse an address of a mail server that cannot be one, and mail that nobody could have sent."""
        if self.smtp_url is None:
            return self
        place = urlsplit(self.smtp_url.get_secret_value())
        if place.scheme not in ("smtp", "smtps") or not place.hostname:
            raise ValueError("SMTP_URL reads smtp://name:password@host:587 or smtps://name:password@host:465")
        if "mail_from" not in self.model_fields_set:
            raise ValueError("set PROVIDERBOOG_MAIL_FROM to the address that mail comes from")
        return self


def demo_settings() -> Settings:
    """Return the settings in demo mode; its secret is made at random, once, and kept in the data directory."""
    found = Settings(demo=True)
    if found.secret_key.get_secret_value():
        return found
    file = found.data_dir / "demo-secret"
    if not file.exists():
        found.data_dir.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(token_urlsafe(SHORTEST_SECRET), encoding="ascii")
    return found.model_copy(update={"secret_key": SecretStr(file.read_text(encoding="ascii"))})


def has_demo() -> bool:
    """Tell whether the data directory holds a demo network."""
    return (Settings(demo=True).data_dir / "demo-secret").exists()
