"""The mirror as one value, which checks and exports compare with. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from api.sync.ledger.matching import Option


@dataclass(frozen=True)
class AccountView:
    """An account by its code."""

    code: str
    name: str
    type: str
    account_class: str
    status: str
    tax_type: str | None
    system_account: str | None


@dataclass(frozen=True)
class LedgerTaxRateView:
    """A tax rate and the account classes it goes with."""

    tax_type: str
    name: str
    rate: Decimal
    status: str
    applies_to: frozenset[str]


@dataclass(frozen=True)
class ItemView:
    """An item, and whether Xero counts the stock of it."""

    code: str
    is_tracked: bool


@dataclass(frozen=True)
class LedgerSnapshot:
    """All of the mirror that a check needs; None where nothing was ever refreshed."""

    organisation_id: UUID
    name: str
    short_code: str | None
    base_currency: str | None
    period_lock_date: date | None
    year_lock_date: date | None
    plan: str | None
    pays_tax: bool
    currencies: frozenset[str]  # empty while they were not read
    actions: dict[str, bool]  # whether the connected user may do it
    accounts: dict[str, AccountView]
    tax_rates: dict[str, LedgerTaxRateView]
    categories: dict[str, tuple[Option, ...]]
    category_names: dict[str, str]
    items: dict[str, ItemView]  # by `item_key`
