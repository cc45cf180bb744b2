"""A contact as Xero's JSON; the fields depend on the kind of call."""

from __future__ import annotations

from decimal import Decimal

from sandbox.state import Ledger, Record

PHONE_SLOTS = ("DEFAULT", "DDI", "FAX", "MOBILE")
ADDRESS_SLOTS = ("STREET", "POBOX")
PLAIN_TEXTS = (
    "ContactNumber",
    "AccountNumber",
    "FirstName",
    "LastName",
    "CompanyNumber",
    "EmailAddress",
    "TaxNumber",
    "AccountsReceivableTaxType",
    "AccountsPayableTaxType",
    "SalesDefaultAccountCode",
    "PurchasesDefaultAccountCode",
    "SalesDefaultLineAmountType",
    "PurchasesDefaultLineAmountType",
    "DefaultCurrency",
    "Website",
)
_ONLY_WHEN_PAGED = (
    "ContactPersons",
    "PaymentTerms",
    "MergedToContactID",
    "SalesDefaultAccountCode",
    "PurchasesDefaultAccountCode",
    "SalesTrackingCategories",
    "PurchasesTrackingCategories",
    "Balances",
    "Website",
    "BrandingTheme",
    "ContactGroups",
    "SalesDefaultLineAmountType",
    "PurchasesDefaultLineAmountType",
)
_NOT_IN_SUMMARY = (
    "Addresses",
    "Balances",
    "ContactGroups",
    "ContactPersons",
    "IsCustomer",
    "IsSupplier",
    "PurchasesDefaultAccountCode",
    "PurchasesTrackingCategories",
    "SalesDefaultAccountCode",
    "SalesTrackingCategories",
)


def full(ledger: Ledger, contact: Record) -> Record:
    """All fields, as in a paged list or a single GET; always four phones and two addresses."""
    row: Record = {
        "ContactID": contact["ContactID"],
        "ContactStatus": contact["ContactStatus"],
        "Name": contact["Name"],
    }
    row |= {name: contact[name] for name in PLAIN_TEXTS if contact.get(name)}
    row["EmailAddress"] = contact.get("EmailAddress") or ""
    row["BankAccountDetails"] = ""
    row["Addresses"] = [dict(entry) for entry in contact["Addresses"]]
    row["Phones"] = [dict(entry) for entry in contact["Phones"]]
    row["UpdatedDateUTC"] = contact["UpdatedDateUTC"]
    row["ContactGroups"] = []
    row["IsSupplier"] = contact["ContactID"] in ledger.supplier_ids
    row["IsCustomer"] = contact["ContactID"] in ledger.customer_ids
    for name in ("PaymentTerms", "MergedToContactID"):
        if contact.get(name):
            row[name] = contact[name]
    row["SalesTrackingCategories"] = contact.get("SalesTrackingCategories", [])
    row["PurchasesTrackingCategories"] = contact.get("PurchasesTrackingCategories", [])
    row["ContactPersons"] = contact.get("ContactPersons", [])
    row["HasAttachments"] = False
    row["HasValidationErrors"] = False
    return row


def with_balances(ledger: Ledger, contact: Record) -> Record:
    """`full` with `Balances`; a contact without invoices has none."""
    row = full(ledger, contact)
    owed = {"ACCREC": Decimal("0.00"), "ACCPAY": Decimal("0.00")}
    if row["IsCustomer"] or row["IsSupplier"]:
        for invoice in ledger.invoices.values():
            if invoice["_ContactID"] == contact["ContactID"] and invoice["Status"] == "AUTHORISED":
                owed[invoice["Type"]] += invoice["AmountDue"]
        row["Balances"] = {
            "AccountsReceivable": {"Outstanding": owed["ACCREC"], "Overdue": Decimal("0.00")},
            "AccountsPayable": {"Outstanding": owed["ACCPAY"], "Overdue": Decimal("0.00")},
        }
    return row


def unpaged(ledger: Ledger, contact: Record) -> Record:
    """The fields in a list without `page`."""
    return {name: value for name, value in full(ledger, contact).items() if name not in _ONLY_WHEN_PAGED}


def summary(ledger: Ledger, contact: Record) -> Record:
    """The fields with `summaryOnly=true`."""
    return {name: value for name, value in full(ledger, contact).items() if name not in _NOT_IN_SUMMARY}


def reference(contact: Record) -> Record:
    """The short form of a contact inside an unpaged invoice."""
    return {
        "ContactID": contact["ContactID"],
        "Name": contact["Name"],
        "Addresses": [],
        "Phones": [],
        "ContactGroups": [],
        "ContactPersons": [],
        "HasValidationErrors": False,
    }


def empty_slots() -> Record:
    """The empty addresses and phones of a new contact."""
    return {
        "Addresses": [
            {"AddressType": kind, "City": "", "Region": "", "PostalCode": "", "Country": ""} for kind in ADDRESS_SLOTS
        ],
        "Phones": [
            {"PhoneType": kind, "PhoneNumber": "", "PhoneAreaCode": "", "PhoneCountryCode": ""} for kind in PHONE_SLOTS
        ],
    }
