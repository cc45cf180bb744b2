"""Configuration: one frozen object read from the environment, every error told at once."""

import base64
import binascii
import os
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

XERO = {
    "authorize": "https://login.xero.com/identity/connect/authorize",
    "token": "https://identity.xero.com/connect/token",
    "revoke": "https://identity.xero.com/connect/revocation",
    "connections": "https://api.xero.com/connections",
    "api": "https://api.xero.com/api.xro/2.0",
    "issuer": "https://identity.xero.com",
}
# Asked for at every consent; each scope is there for a call we make.
SCOPES = "openid profile email offline_access accounting.settings.read accounting.contacts accounting.invoices"


class SettingsInvalid(Exception):
    """The environment cannot be used; `errors` names every variable that is wrong and how to mend it."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


def _words(value: Any) -> Any:
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


def _trimmed(value: Any) -> Any:
    return value.rstrip("/") if isinstance(value, str) else value


def _blank_is_unset(value: Any) -> Any:
    return None if value == "" else value


Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words)]
Url = Annotated[str, BeforeValidator(_trimmed)]
MaybeUrl = Annotated[str | None, BeforeValidator(_blank_is_unset), BeforeValidator(_trimmed)]
MaybeText = Annotated[str | None, BeforeValidator(_blank_is_unset)]


class Settings(BaseSettings):
    """Everything that can be configured; `.env.example` explains each line."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", populate_by_name=True, hide_input_in_errors=True)

    env: Literal["development", "production"] = Field("development", alias="JOBTALLY_ENV")
    host: str = Field("127.0.0.1", alias="JOBTALLY_HOST")
    port: int = Field(8080, ge=0, le=65535, alias="JOBTALLY_PORT")
    public_url: MaybeUrl = Field(None, alias="JOBTALLY_PUBLIC_URL")
    app_url: MaybeUrl = Field(None, alias="JOBTALLY_APP_URL")
    allowed_origins: Words = Field((), alias="JOBTALLY_ALLOWED_ORIGINS")
    database_url: MaybeText = Field(None, alias="JOBTALLY_DATABASE_URL", repr=False)
    migration_database_url: MaybeText = Field(None, alias="JOBTALLY_MIGRATION_DATABASE_URL", repr=False)
    redis_url: MaybeText = Field(None, alias="JOBTALLY_REDIS_URL", repr=False)
    data_dir: Path = Field(default_factory=lambda: _data_home() / "jobtally", alias="JOBTALLY_DATA_DIR")
    secret_keys: MaybeText = Field(None, alias="JOBTALLY_SECRET_KEYS", repr=False)
    smtp_url: MaybeText = Field(None, alias="JOBTALLY_SMTP_URL", repr=False)
    mail_from: MaybeText = Field(None, alias="JOBTALLY_MAIL_FROM")
    support_email: MaybeText = Field(None, alias="JOBTALLY_SUPPORT_EMAIL")
    support_phone: MaybeText = Field(None, alias="JOBTALLY_SUPPORT_PHONE")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", alias="JOBTALLY_LOG_LEVEL")
    trusted_proxies: Words = Field((), alias="JOBTALLY_TRUSTED_PROXIES")
    requests_per_minute: int = Field(1200, ge=1, alias="JOBTALLY_REQUESTS_PER_MINUTE")

    xero_client_id: MaybeText = Field(None, alias="XERO_CLIENT_ID")
    xero_client_secret: MaybeText = Field(None, alias="XERO_CLIENT_SECRET", repr=False)
    xero_scopes: Words = Field(tuple(SCOPES.split()), alias="XERO_SCOPES")
    xero_webhook_key: MaybeText = Field(None, alias="XERO_WEBHOOK_KEY", repr=False)
    xero_authorize_url: Url = Field(XERO["authorize"], alias="XERO_AUTHORIZE_URL")
    xero_token_url: Url = Field(XERO["token"], alias="XERO_TOKEN_URL")
    xero_revoke_url: Url = Field(XERO["revoke"], alias="XERO_REVOKE_URL")
    xero_connections_url: Url = Field(XERO["connections"], alias="XERO_CONNECTIONS_URL")
    xero_api_url: Url = Field(XERO["api"], alias="XERO_API_URL")
    xero_issuer: Url = Field(XERO["issuer"], alias="XERO_ISSUER")
    xero_batch_size: int = Field(50, ge=1, le=50, alias="XERO_BATCH_SIZE")
    xero_calls_per_minute: int = Field(60, ge=3, alias="XERO_CALLS_PER_MINUTE")
    xero_calls_per_day: int = Field(5000, ge=1, alias="XERO_CALLS_PER_DAY")
    xero_concurrency: int = Field(5, ge=2, alias="XERO_CONCURRENCY")

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Self:
        """Read the environment; SettingsInvalid lists everything wrong, each with its variable's name."""
        source = os.environ if env is None else env
        aliases = {field.alias for field in cls.model_fields.values() if field.alias}
        given = {alias: source[alias] for alias in aliases if alias in source}
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise SettingsInvalid([_error(item) for item in error.errors()]) from None

    @property
    def in_production(self) -> bool:
        return self.env == "production"

    @property
    def base_url(self) -> str:
        """Where the world reaches us; Xero takes plain http for the name `localhost` alone."""
        return self.public_url or f"http://localhost:{self.port}"

    @property
    def app_base_url(self) -> str:
        """Where the app's pages are, without a slash at the end."""
        return self.app_url or self.base_url

    @property
    def xero_redirect_uri(self) -> str:
        """The callback registered at Xero, byte for byte."""
        return f"{self.base_url}/api/v1/connections/xero/callback"

    @property
    def xero_is_stand_in(self) -> bool:
        """Whether the Xero addresses point at this machine instead of Xero."""
        return urlsplit(self.xero_api_url).hostname in {"localhost", "127.0.0.1", "::1"}

    @property
    def own_origins(self) -> frozenset[str]:
        """Origins whose pages may send unsafe requests with our cookie."""
        own = {_origin(self.base_url), _origin(self.app_base_url)}
        if not self.in_production:  # the same server by its other names
            own |= {f"http://{host}:{self.port}" for host in ("localhost", "127.0.0.1")}
        return frozenset(own | set(self.allowed_origins))

    def keys(self) -> dict[str, bytes]:
        """Secret keys by id, the writing one first; empty when none is set."""
        return _parsed_keys(self.secret_keys) if self.secret_keys else {}

    @field_validator("xero_authorize_url", "xero_token_url", "xero_revoke_url", "xero_connections_url",
                     "xero_api_url", "xero_issuer", "public_url", "app_url")  # fmt: skip
    @classmethod
    def _absolute(cls, value: str | None) -> str | None:
        if value is not None and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname):
            raise ValueError("write an absolute http or https address, like https://jobs.example.nz")
        return value

    @field_validator("public_url")
    @classmethod
    def _without_xero(cls, value: str | None) -> str | None:
        if value is not None and "xero" in value.lower():
            raise ValueError('choose an address without "xero": Xero refuses invoices that link to one')
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            try:
                ip_network(one, strict=False)
            except ValueError:
                raise ValueError("list addresses or networks, like 10.0.0.0/8, separated by commas") from None
        return value

    @field_validator("secret_keys")
    @classmethod
    def _readable_keys(cls, value: str | None) -> str | None:
        if value is not None:
            _parsed_keys(value)
        return value

    @field_validator("database_url", "migration_database_url")
    @classmethod
    def _postgresql(cls, value: str | None) -> str | None:
        if value is None:
            return None
        scheme, rest = value.split("://", 1) if "://" in value else (value, "")
        if scheme.split("+")[0] not in {"postgresql", "postgres"}:
            raise ValueError("give a PostgreSQL address, like postgresql://user:password@host/database")
        return f"postgresql+psycopg://{rest}"

    @model_validator(mode="after")
    def _fit_for_production(self) -> Self:
        if self.in_production and (errors := list(_production_errors(self))):
            raise ValueError("\n".join(errors))
        return self


def _production_errors(settings: Settings) -> list[str]:
    errors = []
    required = {
        "JOBTALLY_PUBLIC_URL": settings.public_url,
        "JOBTALLY_SECRET_KEYS": settings.secret_keys,
        "JOBTALLY_DATABASE_URL": settings.database_url,
        "XERO_CLIENT_ID": settings.xero_client_id,
        "XERO_CLIENT_SECRET": settings.xero_client_secret,
    }
    errors += [f"{name}: has to be set in production" for name, value in required.items() if not value]
    addresses = {
        "JOBTALLY_PUBLIC_URL": settings.public_url,
        "JOBTALLY_APP_URL": settings.app_url,
        "XERO_AUTHORIZE_URL": settings.xero_authorize_url,
        "XERO_TOKEN_URL": settings.xero_token_url,
        "XERO_REVOKE_URL": settings.xero_revoke_url,
        "XERO_CONNECTIONS_URL": settings.xero_connections_url,
        "XERO_API_URL": settings.xero_api_url,
    }
    errors += [
        f"{name}: has to start with https:// in production"
        for name, value in addresses.items()
        if value and not value.startswith("https://")
    ]
    if settings.log_level == "DEBUG":
        errors.append("JOBTALLY_LOG_LEVEL: DEBUG is not for production; use INFO")
    return errors


def _parsed_keys(text: str) -> dict[str, bytes]:
    keys: dict[str, bytes] = {}
    for entry in text.split(","):
        kid, _, encoded = entry.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            key = b""
        if not kid or len(key) != 32 or len(set(key)) < 8:
            raise ValueError("write kid:base64 entries of 32 random bytes, separated by commas")
        keys[kid] = key
    return keys


def _error(error: Any) -> str:
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{error['loc'][0]}: {message}" if error["loc"] else message


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _data_home() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
