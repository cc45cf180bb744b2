"""Where Xero is and who we are to it; Xero's own addresses are the defaults."""

from dataclasses import dataclass, field

XERO_ISSUER = "https://identity.xero.com"

# One list, asked for at every consent; each scope is there for a call we make.
DEFAULT_SCOPES = (
    "openid",
    "profile",
    "email",
    "offline_access",
    "accounting.settings.read",
    "accounting.contacts",
    "accounting.invoices",
)


@dataclass(frozen=True, slots=True)
class XeroConfig:
    """Addresses, credentials and ceilings of one Xero app; ceilings are Xero's, we spend a little less."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    scopes: tuple[str, ...] = DEFAULT_SCOPES
    authorize_url: str = "https://login.xero.com/identity/connect/authorize"
    token_url: str = "https://identity.xero.com/connect/token"  # noqa: S105 - an address, no secret
    revoke_url: str = "https://identity.xero.com/connect/revocation"
    connections_url: str = "https://api.xero.com/connections"
    api_url: str = "https://api.xero.com/api.xro/2.0"
    issuer: str = XERO_ISSUER
    batch_size: int = 50
    calls_per_minute: int = 60
    calls_per_day: int = 5000
    concurrency: int = 5
