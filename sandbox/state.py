"""Everything one stand-in remembers. One `World` per app, in memory, no globals."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

Record = dict[str, Any]
"""A resource with Xero's own field names; names starting with `_` stay inside the stand-in."""

ZERO_ID = "00000000-0000-0000-0000-000000000000"
_SEED_NAMESPACE = UUID("6f2c1a54-3d0e-5b7a-9c41-2b8e7d90a513")


def seed_id(name: str) -> str:
    """The same id for the same name in every run, for seeded records."""
    return str(uuid5(_SEED_NAMESPACE, name))


def new_id() -> str:
    """A random id, so that ids made after a restart never repeat earlier ones."""
    return str(uuid4())


def utc_now() -> datetime:
    """The machine's clock, in UTC."""
    return datetime.now(UTC)


@dataclass
class Options:
    """What the operator of a stand-in may choose."""

    client_id: str = "stand-in-client"
    client_secret: str = "stand-in-not-a-secret"  # noqa: S105  (a made-up credential of a made-up Xero)
    redirect_uris: tuple[str, ...] = ()
    auto_approve: bool = False
    calls_per_minute: int = 60
    calls_per_day: int = 5000
    app_calls_per_minute: int = 10_000
    concurrency: int = 5
    public_url: str | None = None
    app_name: str = "Jobtally"


@dataclass
class Ledger:
    """The books of one organisation."""

    tenant_id: str
    organisation: Record
    actions: dict[str, bool] = field(default_factory=dict)
    accounts: list[Record] = field(default_factory=list)
    tax_rates: list[Record] = field(default_factory=list)
    tracking_categories: list[Record] = field(default_factory=list)
    items: dict[str, Record] = field(default_factory=dict)
    contacts: dict[str, Record] = field(default_factory=dict)
    invoices: dict[str, Record] = field(default_factory=dict)
    payments: list[Record] = field(default_factory=list)
    currencies: list[Record] = field(default_factory=list)
    branding_themes: list[Record] = field(default_factory=list)
    history: dict[str, list[Record]] = field(default_factory=dict)
    attachments: dict[str, list[Record]] = field(default_factory=dict)
    customer_ids: set[str] = field(default_factory=set)
    supplier_ids: set[str] = field(default_factory=set)

    def snapshot(self) -> Callable[[], None]:
        """Remember the documents as they are; calling the result puts them back. Records are replaced, never edited."""
        kept = {name: getattr(self, name).copy() for name in _TRANSACTIONAL}

        def restore() -> None:
            for name, value in kept.items():
                setattr(self, name, value)

        return restore

    def put_invoice(self, invoice: Record) -> None:
        """Store an invoice; its contact becomes a customer or supplier without its own `UpdatedDateUTC` moving."""
        self.invoices[invoice["InvoiceID"]] = invoice
        role = self.customer_ids if invoice["Type"] == "ACCREC" else self.supplier_ids
        role.add(invoice["_ContactID"])


_TRANSACTIONAL = ("items", "contacts", "invoices", "customer_ids", "supplier_ids")


@dataclass
class Connection:
    """One organisation that one user opened to one app."""

    id: str
    client_id: str
    user_id: str
    tenant_id: str
    auth_event_id: str
    created_at: datetime
    updated_at: datetime
    removed: bool = False


@dataclass
class Grant:
    """What one user allowed one app: scopes only ever grow, as at Xero."""

    client_id: str
    user_id: str
    scopes: set[str] = field(default_factory=set)
    authenticated_at: datetime | None = None
    revoked: bool = False


@dataclass
class AuthorizationCode:
    """A code on its way back to the app."""

    grant: Grant
    auth_event_id: str
    redirect_uri: str
    expires_at: datetime
    challenge: str | None = None
    nonce: str | None = None


@dataclass
class RefreshToken:
    """A refresh token; once rotated it lives for half an hour more."""

    grant: Grant
    auth_event_id: str
    issued_at: datetime
    rotated_at: datetime | None = None


@dataclass
class Identity:
    """Sign-in, consent and tokens."""

    connections: list[Connection] = field(default_factory=list)
    grants: dict[tuple[str, str], Grant] = field(default_factory=dict)
    codes: dict[str, AuthorizationCode] = field(default_factory=dict)
    refresh_tokens: dict[str, RefreshToken] = field(default_factory=dict)
    access_grants: dict[str, Grant] = field(default_factory=dict)


@dataclass
class World:
    """One stand-in: its clock, its organisations, its memory of callers."""

    options: Options
    clock: Callable[[], datetime]
    ledgers: dict[str, Ledger] = field(default_factory=dict)
    identity: Identity = field(default_factory=Identity)
    offset: timedelta = timedelta()
    calls: deque[Record] = field(default_factory=lambda: deque(maxlen=50_000))
    webhook_url: str = ""
    webhook_key: str = ""
    event_sequence: int = 0

    def now(self) -> datetime:
        """The stand-in's time: the given clock plus whatever was advanced through the control routes."""
        return self.clock() + self.offset
