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


def known(ledger: Ledger) -> list[Record]:
    """The contacts without those that have vanished, which only their invoices still show."""
    return [row for row in ledger.contacts.values() if not row.get("_gone")]


def find(ledger: Ledger, key: str) -> Record | None:
    """The contact with that id, otherwise the first contact with that number, as in Xero."""
    contact = ledger.contacts.get(fields.as_guid(key) or "")
    if contact is not None and not contact.get("_gone"):
        return contact
    return next((row for row in known(ledger) if row.get("ContactNumber") == key), None)


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
        for contact in known(ledger)
        if (archived or contact["ContactStatus"] == "ACTIVE")
        and (wanted is None or contact["ContactID"] in wanted)
        and listing.matches_term(call, contact, _SEARCHED)
    ]
    selected = listing.select(call, rows, FIELDS, ("UpdatedDateUTC", "ContactID"))
    if not listing.wants_page(call):
        return call.reply("Contacts", [contact_view.unpaged(ledger, row) for row in selected])
    view = contact_view.summary if call.flag("summaryonly") else contact_view.with_balances
    shown, pagination = listing.page(call, selected)
    reply = call.reply("Contacts", [view(ledger, row) for row in shown], pagination)
    _edit_after(call, pagination["page"])
    return reply


def _edit_after(call: Call, page: int) -> None:
    """Carry out the edits that wait for this page to be answered."""
    due = [edit for edit in call.world.page_edits if (edit.tenant_id, edit.after_page) == (call.ledger.tenant_id, page)]
    for edit in due:
        call.world.page_edits.remove(edit)
        store(call.ledger, {**call.ledger.contacts[edit.contact_id], **edit.fields}, call.now)


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
        if contact_id not in ledger.contacts or ledger.contacts[contact_id].get("_gone"):
            raise not_found()
        return ledger.contacts[contact_id]
    number = fields.text(sent, "ContactNumber")
    name = (contact_rules.tidy_name(fields.text(sent, "Name")) or "").casefold()
    by_number = [row for row in known(ledger) if number and row.get("ContactNumber") == number]
    by_name = [
        row for row in known(ledger) if name and row["ContactStatus"] == "ACTIVE" and row["Name"].casefold() == name
    ]
    return next(iter([*by_number, *by_name]), None)


def save(call: Call, stored: Record, sent: Record) -> Outcome:
    """Apply a write to a contact and store the contact when it is valid."""
    if stored["ContactStatus"] == "ARCHIVED":
        return Outcome(_echo(stored, sent), [contact_rules.ARCHIVED_MATCH])
    options = call.world.options
    contact, errors = contact_rules.apply(stored, sent, replace_slots=options.slots_replaced)
    errors += contact_rules.tracking_defaults(call.ledger, contact, sent)
    errors += contact_rules.clashes(known(call.ledger), contact, names_unique=options.names_unique)
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
