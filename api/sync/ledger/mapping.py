"""Xero's reference data as our rows and as what records takes from a ledger. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from api.records.accounting_codes.service import LedgerCode
from api.records.items.service import LedgerItem
from api.records.tax_rates.service import TaxRateView
from api.sync.ledger.rows import (
    AccountRow,
    ActionRow,
    CurrencyRow,
    ItemRow,
    OrganisationRow,
    TaxRateRow,
    TrackingCategoryRow,
)
from api.sync.ledger.service import KIND_OF_TYPE, OFFERED
from api.xero.wire import Account, Item, Organisation, TaxRate, TrackingCategory
from api.xero.wire_settings import Action, Currency

_CLASS_FLAGS = {
    "ASSET": "can_apply_to_assets",
    "EQUITY": "can_apply_to_equity",
    "EXPENSE": "can_apply_to_expenses",
    "LIABILITY": "can_apply_to_liabilities",
    "REVENUE": "can_apply_to_revenue",
}
_OFFERED_TYPES = frozenset(account_type for types in OFFERED.values() for account_type in types)


def organisation_row(organisation: Organisation, organisation_id: UUID) -> OrganisationRow:
    """The organisation, under the id that it is connected by."""
    return {
        "organisation_id": organisation_id,
        "name": organisation.name,
        "short_code": organisation.short_code,
        "base_currency": organisation.base_currency,
        "country": organisation.country_code,
        "time_zone": organisation.timezone,
        "period_lock_date": organisation.period_lock_date,
        "year_lock_date": organisation.end_of_year_lock_date,
        "plan": organisation.organisation_class,
        "pays_tax": organisation.pays_tax,
    }


def account_rows(accounts: Sequence[Account]) -> list[AccountRow]:
    """The chart of accounts."""
    return [
        {
            "account_id": account.account_id,
            "code": account.code or "",
            "name": account.name,
            "type": (account.type or "").upper(),
            "account_class": (account.account_class or "").upper(),
            "status": (account.status or "ACTIVE").upper(),
            "tax_type": account.tax_type,
            "system_account": account.system_account or None,
        }
        for account in accounts
    ]


def tax_rate_rows(rates: Sequence[TaxRate]) -> list[TaxRateRow]:
    """Tax rates, each type once."""
    return [
        {
            "tax_type": rate.tax_type,
            "name": rate.name,
            "rate": _percent(rate),
            "status": (rate.status or "ACTIVE").upper(),
            "applies_to": sorted(name for name, flag in _CLASS_FLAGS.items() if getattr(rate, flag)),
        }
        for rate in {rate.tax_type: rate for rate in rates}.values()
    ]


def tracking_rows(categories: Sequence[TrackingCategory]) -> list[TrackingCategoryRow]:
    """Tracking categories with their options inside."""
    return [
        {
            "category_id": str(category.tracking_category_id),
            "name": category.name,
            "status": (category.status or "ACTIVE").upper(),
            "options": [
                {
                    "id": str(option.tracking_option_id),
                    "name": option.name,
                    "status": (option.status or "ACTIVE").upper(),
                }
                for option in category.options
            ],
        }
        for category in categories
    ]


def item_rows(items: Sequence[Item]) -> list[ItemRow]:
    """The catalogue, each code once."""
    return [
        {"code": item.code, "name": item.name or item.code, "is_tracked": item.is_tracked_as_inventory}
        for item in {item.code: item for item in items}.values()
    ]


def currency_rows(currencies: Sequence[Currency]) -> list[CurrencyRow]:
    """The currencies, each once."""
    return [{"code": code} for code in sorted({currency.code.upper() for currency in currencies})]


def action_rows(actions: Sequence[Action]) -> list[ActionRow]:
    """What the connected user may do and what not, each once."""
    allowed = {action.name: action.status.upper() == "ALLOWED" for action in actions}
    return [{"name": name, "is_allowed": is_allowed} for name, is_allowed in sorted(allowed.items())]


def codes(accounts: Sequence[Account]) -> list[LedgerCode]:
    """Every account that has a code; those of the usual types are offered, others can be picked by hand."""
    return [
        LedgerCode(
            code=account.code,
            name=account.name,
            kind=None if account.system_account else KIND_OF_TYPE.get((account.type or "").upper()),
            tax_type=account.tax_type,
            state="active" if (account.status or "ACTIVE").upper() == "ACTIVE" else "archived",
            offered=(account.type or "").upper() in _OFFERED_TYPES,
        )
        for account in accounts
        if account.code
    ]


def rates(tax_rates: Sequence[TaxRate]) -> list[TaxRateView]:
    """Active tax rates for lines."""
    return [
        TaxRateView(
            tax_type=rate.tax_type,
            name=rate.name,
            rate=_percent(rate),
            for_income=rate.can_apply_to_revenue,
            for_expense=rate.can_apply_to_expenses,
            for_asset=rate.can_apply_to_assets,
            for_liability=rate.can_apply_to_liabilities,
            for_equity=rate.can_apply_to_equity,
        )
        for rate in {rate.tax_type: rate for rate in tax_rates}.values()
        if (rate.status or "ACTIVE").upper() == "ACTIVE"
    ]


def items(catalogue: Sequence[Item]) -> list[LedgerItem]:
    """Items with their prices and codes."""
    return [
        LedgerItem(
            code=item.code,
            name=item.name or item.code,
            description=item.description or item.purchase_description,
            sale_price=item.sales_details.unit_price if item.sales_details else None,
            sale_code=item.sales_details.account_code if item.sales_details else None,
            purchase_price=item.purchase_details.unit_price if item.purchase_details else None,
            purchase_code=item.purchase_details.account_code if item.purchase_details else None,
            is_tracked=item.is_tracked_as_inventory,
        )
        for item in {item.code: item for item in catalogue}.values()
    ]


def _percent(rate: TaxRate) -> Decimal:
    value = rate.effective_rate if rate.effective_rate is not None else rate.display_tax_rate
    return value if value is not None else Decimal(0)
