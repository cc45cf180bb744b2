"""The rows of the mirror as a refresh writes them; id and business are added when they are stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypedDict
from uuid import UUID


class OrganisationRow(TypedDict):
    """A row of `ledger_organisations`."""

    organisation_id: UUID
    name: str
    short_code: str | None
    base_currency: str | None
    country: str | None
    time_zone: str | None
    period_lock_date: date | None
    year_lock_date: date | None
    plan: str | None
    pays_tax: bool


class AccountRow(TypedDict):
    """A row of `ledger_accounts`."""

    account_id: UUID
    code: str
    name: str
    type: str
    account_class: str
    status: str
    tax_type: str | None
    system_account: str | None


class TaxRateRow(TypedDict):
    """A row of `ledger_tax_rates`."""

    tax_type: str
    name: str
    rate: Decimal
    status: str
    applies_to: list[str]


class OptionRow(TypedDict):
    """An option inside a row of `ledger_tracking_categories`."""

    id: str
    name: str
    status: str


class TrackingCategoryRow(TypedDict):
    """A row of `ledger_tracking_categories`."""

    category_id: str
    name: str
    status: str
    options: list[OptionRow]


class ItemRow(TypedDict):
    """A row of `ledger_items`."""

    code: str
    name: str
    is_tracked: bool


class CurrencyRow(TypedDict):
    """A row of `ledger_currencies`."""

    code: str


class ActionRow(TypedDict):
    """A row of `ledger_actions`."""

    name: str
    is_allowed: bool


@dataclass(frozen=True)
class MirrorRows:
    """What one refresh stores; None for a part that it did not read."""

    organisation: OrganisationRow | None
    accounts: Sequence[AccountRow] | None
    tax_rates: Sequence[TaxRateRow] | None
    tracking_categories: Sequence[TrackingCategoryRow] | None
    items: Sequence[ItemRow] | None
    currencies: Sequence[CurrencyRow] | None
    actions: Sequence[ActionRow] | None
