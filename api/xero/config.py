"""Where Xero is and who we are to it; Xero's own addresses are the defaults."""

from dataclasses import dataclass, field

from api.platform.settings import SCOPES, XERO

XERO_ISSUER = XERO["issuer"]
DEFAULT_SCOPES = tuple(SCOPES.split())


@dataclass(frozen=True, slots=True)
class XeroConfig:
    """Addresses, credentials and ceilings of one Xero app; ceilings are Xero's, we spend a little less."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    scopes: tuple[str, ...] = DEFAULT_SCOPES
    authorize_url: str = XERO["authorize"]
    token_url: str = XERO["token"]
    revoke_url: str = XERO["revoke"]
    connections_url: str = XERO["connections"]
    api_url: str = XERO["api"]
    issuer: str = XERO_ISSUER
    batch_size: int = 50
    calls_per_minute: int = 60
    calls_per_day: int = 5000
    concurrency: int = 5
