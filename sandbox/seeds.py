"""Two demo organisations: a plumber in New Zealand and an electrician in Australia."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from sandbox import accounts, contact_view
from sandbox.seed_contacts import CONTACTS
from sandbox.state import Ledger, Record, seed_id

CREATED = datetime(2024, 3, 1, tzinfo=UTC)
CHANGED = datetime(2026, 1, 5, 20, 0, tzinfo=UTC)
NZ_TENANT, AU_TENANT = seed_id("nz:organisation"), seed_id("au:organisation")

_T, _F = True, False
_NZ_RATES = (
    ("OUTPUT2", "15% GST on Income", "15", "OUTPUT", (_T, _T, _F, _T, _T), "ACTIVE"),
    ("INPUT2", "15% GST on Expenses", "15", "INPUT", (_T, _T, _T, _T, _F), "ACTIVE"),
    ("ZERORATED", "Zero Rated", "0", "OUTPUT", (_F, _F, _F, _T, _T), "ACTIVE"),
    ("NONE", "No GST", "0", "NONE", (_T, _T, _T, _T, _T), "ACTIVE"),
    ("GSTONIMPORTS", "GST on Imports", "0", "GSTONIMPORTS", (_T, _T, _F, _T, _F), "ACTIVE"),
    ("OUTPUT", "12.5% GST on Income", "12.5", "OUTPUT", (_T, _T, _F, _T, _T), "ARCHIVED"),
    ("INPUT", "12.5% GST on Expenses", "12.5", "INPUT", (_T, _T, _T, _T, _T), "ARCHIVED"),
)
_AU_RATES = (
    ("OUTPUT", "GST on Income", "10", "OUTPUT", (_T, _T, _F, _T, _T), "ACTIVE"),
    ("INPUT", "GST on Expenses", "10", "INPUT", (_T, _T, _T, _T, _F), "ACTIVE"),
    ("EXEMPTOUTPUT", "GST Free Income", "0", "EXEMPTOUTPUT", (_T, _T, _F, _T, _T), "ACTIVE"),
    ("EXEMPTEXPENSES", "GST Free Expenses", "0", "EXEMPTEXPENSES", (_T, _T, _T, _T, _F), "ACTIVE"),
    ("BASEXCLUDED", "BAS Excluded", "0", "BASEXCLUDED", (_T, _T, _T, _T, _T), "ACTIVE"),
    ("INPUTTAXED", "Input Taxed", "0", "INPUTTAXED", (_T, _T, _T, _T, _T), "ACTIVE"),
    ("CAPEXINPUT", "GST on Capital", "10", "CAPITALEXPENSESINPUT", (_T, _T, _T, _T, _F), "ACTIVE"),
    ("EXEMPTCAPITAL", "GST Free Capital", "0", "EXEMPTCAPITAL", (_T, _T, _T, _T, _F), "ACTIVE"),
    ("EXEMPTEXPORT", "GST Free Exports", "0", "EXEMPTEXPORT", (_T, _T, _F, _T, _T), "ACTIVE"),
    ("GSTONIMPORTS", "GST on Imports", "0", "GSTONIMPORTS", (_F, _F, _F, _T, _F), "ACTIVE"),
    ("TAX001", "Retired GST on Income", "10", "OUTPUT", (_T, _T, _F, _T, _T), "ARCHIVED"),
)
_LONG_NAME = (
    "Materials and consumables bought for a single job and charged on to the customer of that job"
    " with a margin, kept apart from stock at the yard"
)
_CHART = (
    ("090", "Business Bank Account", "BANK", "NONE", ""),
    ("200", "Sales", "REVENUE", "output", ""),
    ("210", "Call-out Fees", "REVENUE", "output", ""),
    ("260", "Other Revenue", "OTHERINCOME", "output", ""),
    ("270", "Interest Income", "REVENUE", "exempt", ""),
    ("295", "Sales (old shop)", "REVENUE", "output", "ARCHIVED"),
    ("310", "Cost of Goods Sold", "DIRECTCOSTS", "input", ""),
    ("315", "Subcontractors", "DIRECTCOSTS", "input", ""),
    ("320", "Direct Wages", "DIRECTCOSTS", "none", ""),
    ("400", "Advertising", "EXPENSE", "input", ""),
    ("429", "General Expenses", "EXPENSE", "input", ""),
    ("445", "Light, Power, Heating", "EXPENSE", "input", ""),
    ("477", "Wages", "EXPENSE", "none", ""),
    ("498", _LONG_NAME, "DIRECTCOSTS", "input", ""),
    ("610", "Accounts Receivable", "CURRENT", "none", "DEBTORS"),
    ("630", "Stock on Hand", "INVENTORY", "none", ""),
    ("800", "Accounts Payable", "CURRLIAB", "none", "CREDITORS"),
    ("820", "GST", "CURRLIAB", "none", "GST"),
    ("860", "Rounding", "CURRLIAB", "none", "ROUNDING"),
    ("877", "Tracking Transfers", "CURRLIAB", "none", "TRACKINGTRANSFERS"),
    ("960", "Retained Earnings", "EQUITY", "none", "RETAINEDEARNINGS"),
)
_ITEMS = (
    ("LABOUR", "Labour", "Labour, per hour", "95.0000", "200", "", ""),
    ("CALLOUT", "Call-out", "Call-out fee", "65.0000", "210", "", ""),
    ("PIPE15", "Copper pipe 15 mm", "Copper pipe 15 mm, per metre", "12.4500", "200", "8.3750", "310"),
    ("SEALANT", "Sealant", "Silicone sealant, cartridge", "18.9000", "200", "9.9500", "310"),
)


def ledgers() -> dict[str, Ledger]:
    """New ledgers of both organisations with the seeded records; the same in every run."""
    return {ledger.tenant_id: ledger for ledger in (_new_zealand(), _australia())}


def _new_zealand() -> Ledger:
    ledger = Ledger(
        NZ_TENANT,
        _organisation(
            NZ_TENANT,
            "Kauri Plumbing Ltd",
            "NZ",
            {
                "BaseCurrency": "NZD",
                "Timezone": "NEWZEALANDSTANDARDTIME",
                "ShortCode": "!NzDm1",
                "TaxNumber": "101-202-303",
                "FinancialYearEndDay": 31,
                "FinancialYearEndMonth": 3,
                "SalesTaxBasis": "PAYMENTS",
                "SalesTaxPeriod": "TWOMONTHS",
            },
        ),
    )
    types = {"output": "OUTPUT2", "input": "INPUT2", "exempt": "ZERORATED", "none": "NONE"}
    _fill(ledger, "nz", _NZ_RATES, types, [("NZD", "New Zealand Dollar"), ("AUD", "Australian Dollar")])
    return ledger


def _australia() -> Ledger:
    ledger = Ledger(
        AU_TENANT,
        _organisation(
            AU_TENANT,
            "Wattle Electrical Pty Ltd",
            "AU",
            {
                "BaseCurrency": "AUD",
                "Timezone": "AUSEASTERNSTANDARDTIME",
                "ShortCode": "!AuDm1",
                "TaxNumber": "51000111222",
                "FinancialYearEndDay": 30,
                "FinancialYearEndMonth": 6,
                "SalesTaxBasis": "ACCRUALS",
                "SalesTaxPeriod": "QUARTERLY1",
            },
        ),
    )
    types = {"output": "OUTPUT", "input": "INPUT", "exempt": "EXEMPTOUTPUT", "none": "BASEXCLUDED"}
    _fill(ledger, "au", _AU_RATES, types, [("AUD", "Australian Dollar")])
    return ledger


def _organisation(tenant_id: str, name: str, country: str, more: Record) -> Record:
    return {
        "OrganisationID": tenant_id,
        "Name": name,
        "LegalName": name,
        "PaysTax": True,
        "Version": country,
        "OrganisationType": "COMPANY",
        "CountryCode": country,
        "IsDemoCompany": True,
        "OrganisationStatus": "ACTIVE",
        "DefaultSalesTax": "Tax Exclusive",
        "DefaultPurchasesTax": "Tax Exclusive",
        "PeriodLockDate": None,
        "EndOfYearLockDate": None,
        "CreatedDateUTC": CREATED,
        "OrganisationEntityType": "COMPANY",
        "Class": "DEMO",
        "Edition": "BUSINESS",
        "Addresses": [],
        "Phones": [],
        "ExternalLinks": [],
        "PaymentTerms": {},
        **more,
    }


def _fill(
    ledger: Ledger,
    key: str,
    rates: tuple[tuple[str, str, str, str, tuple[bool, ...], str], ...],
    types: dict[str, str],
    currencies: list[tuple[str, str]],
) -> None:
    ledger.tax_rates = [_rate(*rate) for rate in rates]
    ledger.accounts = [_account(key, types, ledger.organisation["BaseCurrency"], *row) for row in _CHART]
    ledger.tracking_categories = [
        _category(key, "Region", "ACTIVE", ("North", "South", "Eastside", "West")),
        _category(key, "Old Divisions", "ARCHIVED", ("Domestic", "Commercial")),
    ]
    ledger.items = {item["ItemID"]: item for item in (_item(key, types, *row) for row in _ITEMS)}
    ledger.currencies = [{"Code": code, "Description": name} for code, name in currencies]
    ledger.branding_themes = [
        {
            "BrandingThemeID": seed_id(f"{key}:theme:standard"),
            "Name": "Standard",
            "SortOrder": 0,
            "Type": "INVOICE",
            "CreatedDateUTC": CREATED,
        }
    ]
    for sent in CONTACTS:
        contact = _contact(key, sent)
        ledger.contacts[contact["ContactID"]] = contact


def _rate(tax_type: str, name: str, rate: str, report: str, applies: tuple[bool, ...], status: str) -> Record:
    percent = Decimal(rate).quantize(Decimal("0.0001"))
    targets = (
        "CanApplyToAssets",
        "CanApplyToEquity",
        "CanApplyToExpenses",
        "CanApplyToLiabilities",
        "CanApplyToRevenue",
    )
    component = {"Name": "GST", "Rate": percent, "IsCompound": False, "IsNonRecoverable": False}
    return {
        "Name": name,
        "TaxType": tax_type,
        "ReportTaxType": report,
        **dict(zip(targets, applies, strict=True)),
        "DisplayTaxRate": percent,
        "EffectiveRate": percent,
        "Status": status,
        "TaxComponents": [component],
    }


def _account(
    key: str, types: dict[str, str], currency: str, code: str, name: str, kind: str, tax: str, mark: str
) -> Record:
    account: Record = {
        "AccountID": seed_id(f"{key}:account:{code}"),
        "Code": code,
        "Name": name,
        "Status": "ARCHIVED" if mark == "ARCHIVED" else "ACTIVE",
        "Type": kind,
        "TaxType": types.get(tax, tax),
        "Class": accounts.CLASSES[kind],
        "Description": "",
        "EnablePaymentsToAccount": False,
        "ShowInExpenseClaims": False,
        "ReportingCode": "",
        "HasAttachments": False,
        "UpdatedDateUTC": CHANGED,
        "AddToWatchlist": False,
    }
    if mark and mark != "ARCHIVED":
        account["SystemAccount"] = mark
    if kind == "BANK":
        account |= {
            "BankAccountNumber": "0209087654321050",
            "BankAccountType": "BANK",
            "CurrencyCode": currency,
        }
    return account


def _category(key: str, name: str, status: str, options: tuple[str, ...]) -> Record:
    return {
        "Name": name,
        "Status": status,
        "TrackingCategoryID": seed_id(f"{key}:category:{name}"),
        "Options": [
            {"TrackingOptionID": seed_id(f"{key}:option:{name}:{option}"), "Name": option, "Status": "ACTIVE"}
            for option in options
        ],
    }


def _item(
    key: str,
    types: dict[str, str],
    code: str,
    name: str,
    text: str,
    price: str,
    sale: str,
    cost: str,
    buy: str,
) -> Record:
    sales = {"UnitPrice": Decimal(price), "AccountCode": sale, "TaxType": types["output"]}
    purchase: Record = {"UnitPrice": Decimal(cost), "AccountCode": buy, "TaxType": types["input"]} if buy else {}
    return {
        "ItemID": seed_id(f"{key}:item:{code}"),
        "Code": code,
        "Name": name,
        "Description": text,
        "PurchaseDescription": text,
        "UpdatedDateUTC": CHANGED,
        "SalesDetails": sales,
        "PurchaseDetails": purchase,
        "IsTrackedAsInventory": False,
        "IsSold": True,
        "IsPurchased": bool(buy),
    }


def _contact(key: str, sent: Record) -> Record:
    contact: Record = {
        "ContactID": seed_id(f"{key}:contact:{sent['key']}"),
        "ContactStatus": "ACTIVE",
        "UpdatedDateUTC": CHANGED,
        **contact_view.empty_slots(),
    }
    contact |= {name: value for name, value in sent.items() if name not in ("key", "merged_into", "City", "Phone")}
    if "City" in sent:
        contact["Addresses"][1]["City"] = sent["City"]
    if "Phone" in sent:
        contact["Phones"][0]["PhoneNumber"] = sent["Phone"]
    if "merged_into" in sent:
        contact |= {
            "ContactStatus": "ARCHIVED",
            "MergedToContactID": seed_id(f"{key}:contact:{sent['merged_into']}"),
        }
    return contact
