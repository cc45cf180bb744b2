"""Contacts: PUT creates; POST matches by id, number or name, overwrites matches and creates the rest."""

from __future__ import annotations

from datetime import datetime

from sandbox import contact_rules, contact_view, fields, listing
from sandbox.batch import Outcome, write
from sandbox.call import Call, Route
from sandbox.replies import Reply, not_found
from sandbox.state import ZERO_ID, Ledger, Record, new_id

SCOPES = ("accounting.contacts",)
READ_SCOPES = ("accounting.contacts", "accounting.contacts.read")
FIELDS = {
    "ContactID": "guid",
    "ContactNumber": "text",
    "AccountNumber": "text",
    "ContactStatus": "text",
    "Name": "text",
    "FirstName": "text",
    "LastName": "text",
    "EmailAddress": "text",
    "CompanyNumber": "text",
    "TaxNumber": "text",
    "IsSupplier": "flag",
    "IsCustomer": "flag",
    "UpdatedDateUTC": "day",
    "MergedToContactID": "guid",
    "DefaultCurrency": "text",
}
_SEARCHED = ("Name", "FirstName", "LastName", "ContactNumber", "CompanyNumber", "EmailAddress")


def find(ledger: Ledger, key: str) -> Record | None:
    """The contact with that id, otherwise the first contact with that number, as in Xero."""
    if (contact_id := fields.as_guid(key)) and contact_id in ledger.contacts:
        return ledger.contacts[contact_id]
    return next((row for row in ledger.contacts.values() if row.get("ContactNumber") == key), None)


def get_contacts(call: Call) -> Reply:
    """The list; the fields of a row depend on paging and `summaryOnly`."""
    ledger = call.ledger
    wanted = listing.ids(call, "IDs")
    archived = call.flag("includearchived")
    rows = [
        {
            **contact,
            "IsCustomer": contact["ContactID"] in ledger.customer_ids,
            "IsSupplier": contact["ContactID"] in ledger.supplier_ids,
        }
        for contact in ledger.contacts.values()
        if (archived or contact["ContactStatus"] == "ACTIVE")
        and (wanted is None or contact["ContactID"] in wanted)
        and listing.matches_term(call, contact, _SEARCHED)
    ]
    selected = listing.select(call, rows, FIELDS, ("UpdatedDateUTC", "ContactID"))
    if not listing.wants_page(call):
        return call.reply("Contacts", [contact_view.unpaged(ledger, row) for row in selected])
    view = contact_view.summary if call.flag("summaryonly") else contact_view.with_balances
    shown, pagination = listing.page(call, selected)
    return call.reply("Contacts", [view(ledger, row) for row in shown], pagination)


def get_contact(call: Call) -> Reply:
    contact = find(call.ledger, call.path["key"])
    if contact is None:
        raise not_found()
    return call.reply("Contacts", [contact_view.with_balances(call.ledger, contact)])


def put_contacts(call: Call) -> Reply:
    """Create only."""
    return write(call, "Contacts", lambda sent: save(call, blank(), sent))


def post_contacts(call: Call) -> Reply:
    """Update matching contacts, create the rest."""
    return write(call, "Contacts", lambda sent: save(call, match(call.ledger, sent) or blank(), sent))


def post_contact(call: Call) -> Reply:
    """Update the contact in the path."""
    contact = find(call.ledger, call.path["key"])
    if contact is None:
        raise not_found()
    return write(call, "Contacts", lambda sent: save(call, contact, sent))


def blank() -> Record:
    return {"ContactID": ZERO_ID, "ContactStatus": "ACTIVE", **contact_view.empty_slots()}


def match(ledger: Ledger, sent: Record) -> Record | None:
    if contact_id := fields.guid(sent, "ContactID"):
        if contact_id not in ledger.contacts:
            raise not_found()
        return ledger.contacts[contact_id]
    number = fields.text(sent, "ContactNumber")
    name = (contact_rules.tidy_name(fields.text(sent, "Name")) or "").casefold()
    by_number = [row for row in ledger.contacts.values() if number and row.get("ContactNumber") == number]
    by_name = [
        row
        for row in ledger.contacts.values()
        if name and row["ContactStatus"] == "ACTIVE" and row["Name"].casefold() == name
    ]
    return next(iter([*by_number, *by_name]), None)


def save(call: Call, stored: Record, sent: Record) -> Outcome:
    """Apply a write to a contact and store the contact when it is valid."""
    if stored["ContactStatus"] == "ARCHIVED":
        return Outcome(_echo(stored, sent), [contact_rules.ARCHIVED_MATCH])
    contact, errors = contact_rules.apply(stored, sent)
    errors += contact_rules.tracking_defaults(call.ledger, contact, sent)
    errors += contact_rules.clashes(call.ledger, contact)
    if errors:
        return Outcome(_echo(stored, sent), errors)
    return Outcome(contact_view.full(call.ledger, store(call.ledger, contact, call.now)))


def store(ledger: Ledger, contact: Record, now: datetime) -> Record:
    """Store a new or changed contact with `now` as its `UpdatedDateUTC`."""
    contact = {**contact, "UpdatedDateUTC": now}
    if contact["ContactID"] == ZERO_ID:
        contact["ContactID"] = new_id()
    ledger.contacts[contact["ContactID"]] = contact
    return contact


def _echo(stored: Record, sent: Record) -> Record:
    known = {name: value for name, value in sent.items() if name[:1].isupper() and name != "ValidationErrors"}
    lists: Record = {"Addresses": [], "Phones": [], "ContactGroups": [], "ContactPersons": []}
    return {**lists, **known, "ContactID": stored["ContactID"], "HasValidationErrors": True}


ROUTES = [
    Route("GET", "/Contacts", READ_SCOPES, get_contacts),
    Route("PUT", "/Contacts", SCOPES, put_contacts),
    Route("POST", "/Contacts", SCOPES, post_contacts),
    Route("GET", "/Contacts/{key}", READ_SCOPES, get_contact),
    Route("POST", "/Contacts/{key}", SCOPES, post_contact),
]
