"""The state of a stand-in: one `World` per app, in memory, without globals."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

Record = dict[str, Any]
"""A resource with Xero's own field names; names starting with `_` are never sent."""

ZERO_ID = "00000000-0000-0000-0000-000000000000"
_SEED_NAMESPACE = UUID("6f2c1a54-3d0e-5b7a-9c41-2b8e7d90a513")


def seed_id(name: str) -> str:
    """The id of a seeded record: the same for the same name in every run."""
    return str(uuid5(_SEED_NAMESPACE, name))


def new_id() -> str:
    """A random id, so that ids never repeat after a restart."""
    return str(uuid4())


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Options:
    client_id: str = "stand-in-client"
    client_secret: str = "stand-in-not-a-secret"  # noqa: S105  (a credential of the stand-in only)
    redirect_uris: tuple[str, ...] = ()
    auto_approve: bool = False
    calls_per_minute: int = 60
    calls_per_day: int = 5000
    app_calls_per_minute: int = 10_000
    concurrency: int = 5
    public_url: str | None = None
    app_name: str = "Jobtally"
    url_in_summaries: bool = True  # not documented for Xero
    names_unique: bool = True  # of active contacts; Xero's page warns that they may not be
    slots_replaced: bool = False  # whether addresses and phones of a write replace all others


@dataclass
class Ledger:
    """The records of one organisation."""

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
        """Return a function that restores the current documents. It relies on records being replaced, never edited."""
        saved = {name: getattr(self, name).copy() for name in _TRANSACTIONAL}

        def restore() -> None:
            for name, value in saved.items():
                setattr(self, name, value)

        return restore

    def put_invoice(self, invoice: Record) -> None:
        """Store an invoice; its contact becomes a customer or supplier, and the contact's `UpdatedDateUTC` stays."""
        self.invoices[invoice["InvoiceID"]] = invoice
        role = self.customer_ids if invoice["Type"] == "ACCREC" else self.supplier_ids
        role.add(invoice["_ContactID"])


_TRANSACTIONAL = ("items", "contacts", "invoices", "customer_ids", "supplier_ids")


@dataclass
class Connection:
    """An organisation that a user has connected to an app."""

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
    """The scopes that a user has granted to an app; a new consent only adds scopes, as in Xero."""

    client_id: str
    user_id: str
    scopes: set[str] = field(default_factory=set)
    authenticated_at: datetime | None = None
    revoked: bool = False


@dataclass
class AuthorizationCode:
    """An authorization code that has not been exchanged."""

    grant: Grant
    auth_event_id: str
    redirect_uri: str
    expires_at: datetime
    challenge: str | None = None
    nonce: str | None = None


@dataclass
class RefreshToken:
    """A refresh token; after its rotation it stays valid for 30 minutes."""

    grant: Grant
    auth_event_id: str
    issued_at: datetime
    rotated_at: datetime | None = None


@dataclass
class Identity:
    """Connections, grants, codes and tokens."""

    connections: list[Connection] = field(default_factory=list)
    grants: dict[tuple[str, str], Grant] = field(default_factory=dict)
    codes: dict[str, AuthorizationCode] = field(default_factory=dict)
    refresh_tokens: dict[str, RefreshToken] = field(default_factory=dict)
    access_grants: dict[str, Grant] = field(default_factory=dict)


@dataclass(frozen=True)
class PageEdit:
    """Fields of a contact that change after a page of a list of contacts was answered."""

    tenant_id: str
    contact_id: str
    after_page: int
    fields: Record


@dataclass
class World:
    """One stand-in: its clock, organisations, sign-ins and recorded calls."""

    options: Options
    clock: Callable[[], datetime]
    ledgers: dict[str, Ledger] = field(default_factory=dict)
    identity: Identity = field(default_factory=Identity)
    offset: timedelta = timedelta()
    calls: deque[Record] = field(default_factory=lambda: deque(maxlen=50_000))
    page_edits: list[PageEdit] = field(default_factory=list)
    webhook_url: str = ""
    webhook_key: str = ""
    event_sequence: int = 0

    def now(self) -> datetime:
        """The stand-in's time: the clock plus the offset from the control routes."""
        return self.clock() + self.offset
