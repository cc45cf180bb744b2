"""Tax rates; read-only."""

from __future__ import annotations

from decimal import Decimal

from sandbox import listing
from sandbox.call import Call, Route, settings_scopes
from sandbox.replies import Reply, not_found
from sandbox.state import Ledger, Record

FIELDS = {
    "Name": "text",
    "TaxType": "text",
    "Status": "text",
    "ReportTaxType": "text",
    "CanApplyToAssets": "flag",
    "CanApplyToEquity": "flag",
    "CanApplyToExpenses": "flag",
    "CanApplyToLiabilities": "flag",
    "CanApplyToRevenue": "flag",
    "DisplayTaxRate": "number",
    "EffectiveRate": "number",
}
_APPLIES = {
    "ASSET": "CanApplyToAssets",
    "EQUITY": "CanApplyToEquity",
    "EXPENSE": "CanApplyToExpenses",
    "LIABILITY": "CanApplyToLiabilities",
    "REVENUE": "CanApplyToRevenue",
}


def find_rate(ledger: Ledger, tax_type: str) -> Record | None:
    """The tax rate of that tax type in any status."""
    return next((rate for rate in ledger.tax_rates if rate["TaxType"] == tax_type), None)


def set_rate(rate: Record, percent: Decimal) -> None:
    """Give the tax rate this percentage, as its only component."""
    rate |= {"DisplayTaxRate": percent, "EffectiveRate": percent}
    rate["TaxComponents"] = [{**rate["TaxComponents"][0], "Rate": percent}]


def percentage(ledger: Ledger, tax_type: str) -> Decimal:
    """The rate in percent; zero for an unknown tax type."""
    rate = find_rate(ledger, tax_type)
    return rate["EffectiveRate"] if rate else Decimal(0)


def applies_to(rate: Record, account: Record) -> bool:
    """Whether lines on the account may use the rate."""
    return bool(rate[_APPLIES[account["Class"]]])


def get_tax_rates(call: Call) -> Reply:
    return call.reply("TaxRates", listing.select(call, call.ledger.tax_rates, FIELDS))


def get_tax_rate(call: Call) -> Reply:
    rate = find_rate(call.ledger, call.path["key"].upper())
    if rate is None:
        raise not_found()
    return call.reply("TaxRates", [rate])


ROUTES = [
    Route("GET", "/TaxRates", settings_scopes(), get_tax_rates),
    Route("GET", "/TaxRates/{key}", settings_scopes(), get_tax_rate),
]
