"""The settings of Xero: addresses, credentials and limits. The defaults are Xero's own."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationInfo

from api.platform.settings import EnvironmentModel, Settings, Url, Words, in_production, required_in_production
from api.xero.limits import Ceilings

XERO_ISSUER = "https://identity.xero.com"
# Each consent asks for these scopes; each of them is there for a call that we make.
DEFAULT_SCOPES = (
    "openid",
    "profile",
    "email",
    "offline_access",
    "accounting.settings.read",
    "accounting.contacts",
    "accounting.invoices",
)
_NEEDED = {
    "openid": "Xero does not say who signed in",
    "offline_access": "each connection ends after half an hour",
}
_STAND_IN_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


def _check_host(value: str, info: ValidationInfo) -> str:
    host = urlsplit(value).hostname or ""
    if in_production(info) and host != "xero.com" and not host.endswith(".xero.com"):
        raise ValueError("has to be an address of Xero in production")
    return value


def _check_scopes(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value:
        raise ValueError(f"list the scopes, separated by commas, or leave it unset: {','.join(DEFAULT_SCOPES)}")
    if missing := [f"{scope} (without it, {lack})" for scope, lack in _NEEDED.items() if scope not in value]:
        raise ValueError(f"list too: {', '.join(missing)}")
    return value


XeroUrl = Annotated[Url, AfterValidator(_check_host)]


class XeroConfig(EnvironmentModel):
    """Our app at Xero. The limits are Xero's; we spend a little less. Without credentials, Xero refuses each call."""

    client_id: Annotated[str, required_in_production] = Field("", alias="XERO_CLIENT_ID")
    client_secret: Annotated[str, required_in_production] = Field("", alias="XERO_CLIENT_SECRET", repr=False)
    scopes: Annotated[Words, AfterValidator(_check_scopes)] = Field(DEFAULT_SCOPES, alias="XERO_SCOPES")
    webhook_key: str | None = Field(None, alias="XERO_WEBHOOK_KEY", repr=False)
    authorize_url: XeroUrl = Field("https://login.xero.com/identity/connect/authorize", alias="XERO_AUTHORIZE_URL")
    token_url: XeroUrl = Field("https://identity.xero.com/connect/token", alias="XERO_TOKEN_URL")
    revoke_url: XeroUrl = Field("https://identity.xero.com/connect/revocation", alias="XERO_REVOKE_URL")
    connections_url: XeroUrl = Field("https://api.xero.com/connections", alias="XERO_CONNECTIONS_URL")
    api_url: XeroUrl = Field("https://api.xero.com/api.xro/2.0", alias="XERO_API_URL")
    issuer: XeroUrl = Field(XERO_ISSUER, alias="XERO_ISSUER")
    jwks_url: XeroUrl | None = Field(None, alias="XERO_JWKS_URL")
    batch_size: int = Field(50, ge=1, le=50, alias="XERO_BATCH_SIZE")
    calls_per_minute: int = Field(60, ge=3, alias="XERO_CALLS_PER_MINUTE")
    calls_per_day: int = Field(5000, ge=1, alias="XERO_CALLS_PER_DAY")
    concurrency: int = Field(5, ge=2, alias="XERO_CONCURRENCY")

    @property
    def ceilings(self) -> Ceilings:
        """Xero's limits for each organisation."""
        return Ceilings(self.calls_per_minute, self.calls_per_day, self.concurrency)

    @property
    def signing_keys_url(self) -> str:
        """Where the keys are that sign id tokens: at the server that gives the tokens, unless it is set."""
        parts = urlsplit(self.token_url)
        return self.jwks_url or f"{parts.scheme}://{parts.netloc}/.well-known/openid-configuration/jwks"


class JobtallySettings(Settings):
    """All settings of the product: the platform's, and Xero's under `xero`."""

    xero: XeroConfig

    @property
    def xero_is_stand_in(self) -> bool:
        """Whether Xero's addresses point to this machine."""
        return urlsplit(self.xero.api_url).hostname in _STAND_IN_HOSTS
