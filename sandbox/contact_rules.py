"""Validation of contacts, and how a write changes the stored contact. All errors are collected."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sandbox import fields
from sandbox.contact_view import ADDRESS_SLOTS, PHONE_SLOTS, PLAIN_TEXTS, empty_slots
from sandbox.state import Ledger, Record

ARCHIVED_MATCH = (
    "The specified contact details matched an archived contact."
    " Archived contacts cannot currently be edited via the API."
)
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_LIMITS = {
    "Name": 255,
    "ContactNumber": 50,
    "AccountNumber": 50,
    "FirstName": 255,
    "LastName": 255,
    "EmailAddress": 255,
    "CompanyNumber": 50,
    "TaxNumber": 50,
}
_ADDRESS_LIMITS = {
    "AddressLine1": 500,
    "AddressLine2": 500,
    "AddressLine3": 500,
    "AddressLine4": 500,
    "City": 255,
    "Region": 255,
    "AttentionTo": 255,
    "PostalCode": 50,
    "Country": 50,
}
_PHONE_LIMITS = {"PhoneNumber": 50, "PhoneAreaCode": 10, "PhoneCountryCode": 20}
_STATUSES = ("ACTIVE", "ARCHIVED", "GDPRREQUEST")


def tidy_name(name: str | None) -> str | None:
    """A contact's name as Xero stores it: without leading, trailing and repeated spaces."""
    return None if name is None else " ".join(name.split())


def valid_email(address: str | None) -> bool:
    """Whether Xero accepts the address; an empty address is valid."""
    return not address or bool(_EMAIL.fullmatch(address))


def apply(stored: Record, sent: Record, *, replace_slots: bool = False) -> tuple[Record, list[str]]:
    """The contact after the write, and the errors of its own fields. Omitted fields keep their value.

    With `replace_slots` the addresses or phones that are sent replace all others.
    """
    contact, errors = dict(stored), fields.too_long(sent, _LIMITS)
    if replace_slots:
        contact |= {name: empty for name, empty in empty_slots().items() if fields.objects(sent, name) is not None}
    name = tidy_name(fields.text(sent, "Name"))
    if name is not None:
        contact["Name"] = name
    for field_name in PLAIN_TEXTS:
        value = fields.text(sent, field_name)
        if value is not None:
            contact[field_name] = value.strip()
    if not contact.get("Name"):
        errors.append("Contact Name cannot be empty.")
    elif name and ("<" in name or ">" in name):
        errors.append("The contact name cannot contain the characters < or >.")
    if not valid_email(contact.get("EmailAddress")):
        errors.append("Email address must be valid.")
    errors += _merge_slots(contact, sent, "Addresses", "AddressType", ADDRESS_SLOTS, _ADDRESS_LIMITS)
    errors += _merge_slots(contact, sent, "Phones", "PhoneType", PHONE_SLOTS, _PHONE_LIMITS)
    errors += [
        "The field Country must contain letters only."
        for address in contact["Addresses"]
        if any(char.isdigit() for char in address.get("Country", ""))
    ]
    errors += _apply_lists(contact, sent)
    status = fields.text(sent, "ContactStatus") or contact["ContactStatus"]
    if status in _STATUSES:
        contact["ContactStatus"] = status
    else:
        errors.append(f"The status '{status}' is not valid for contacts")
    return contact, errors


def _merge_slots(
    contact: Record, sent: Record, name: str, kind_name: str, slots: tuple[str, ...], limits: dict[str, int]
) -> list[str]:
    errors: list[str] = []
    merged = {entry[kind_name]: dict(entry) for entry in contact[name]}
    for entry in fields.objects(sent, name) or []:
        kind = fields.text(entry, kind_name)
        if kind not in slots:
            errors.append(f"The {kind_name} '{kind or ''}' is not valid for contacts.")
            continue
        errors += fields.too_long(entry, limits)
        merged[kind] |= {key: value for key in limits if (value := fields.text(entry, key)) is not None}
    contact[name] = [merged[kind] for kind in slots]
    return errors


def _apply_lists(contact: Record, sent: Record) -> list[str]:
    errors: list[str] = []
    persons = fields.objects(sent, "ContactPersons")
    if persons is not None:
        contact["ContactPersons"] = [
            {
                "FirstName": fields.text(person, "FirstName") or "",
                "LastName": fields.text(person, "LastName") or "",
                "EmailAddress": fields.text(person, "EmailAddress") or "",
                "IncludeInEmails": bool(fields.flag(person, "IncludeInEmails")),
            }
            for person in persons
        ]
        if len(persons) > 5:
            errors.append("A contact can have a maximum of 5 ContactPersons.")
        if not all(valid_email(person["EmailAddress"]) for person in contact["ContactPersons"]):
            errors.append("Email address must be valid.")
    if (terms := fields.mapping(sent, "PaymentTerms")) is not None:
        contact["PaymentTerms"] = {
            kind: {"Day": int(fields.number(term, "Day") or 0), "Type": fields.text(term, "Type") or ""}
            for kind in ("Bills", "Sales")
            if (term := fields.mapping(terms, kind)) is not None
        }
    return errors


def tracking_defaults(ledger: Ledger, contact: Record, sent: Record) -> list[str]:
    """Copy default tracking into `contact`; return an error for each category that is not active."""
    errors: list[str] = []
    active = {category["Name"] for category in ledger.tracking_categories if category["Status"] == "ACTIVE"}
    for name in ("SalesTrackingCategories", "PurchasesTrackingCategories"):
        entries = fields.objects(sent, name)
        if entries is None:
            continue
        contact[name] = [
            {key: fields.text(entry, key) or "" for key in ("TrackingCategoryName", "TrackingOptionName")}
            for entry in entries
        ]
        errors += [
            f"There is no ACTIVE tracking category with the name '{entry['TrackingCategoryName']}'"
            for entry in contact[name]
            if entry["TrackingCategoryName"] not in active
        ]
    return errors


def clashes(others: Iterable[Record], contact: Record, *, names_unique: bool = True) -> list[str]:
    """Uniqueness errors: names and account numbers among active contacts, contact numbers among all contacts."""
    errors = []
    own_name, own_account = contact.get("Name", "").casefold(), contact.get("AccountNumber", "").casefold()
    for other in others:
        if other["ContactID"] == contact["ContactID"]:
            continue
        active = other["ContactStatus"] == "ACTIVE" and contact["ContactStatus"] == "ACTIVE"
        if names_unique and active and own_name and other["Name"].casefold() == own_name:
            errors.append(
                f"The contact name {contact['Name']} is already assigned to another contact."
                " The contact name must be unique across all active contacts."
            )
        if contact.get("ContactNumber") and other.get("ContactNumber") == contact["ContactNumber"]:
            errors.append(
                f"The contact number {contact['ContactNumber']} is already assigned to another contact."
                " The contact number must be unique across all contacts."
            )
        if active and own_account and other.get("AccountNumber", "").casefold() == own_account:
            errors.append("The Account Number already exists. Please enter a different Account Number.")
    return list(dict.fromkeys(errors))
