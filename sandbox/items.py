"""Items: the price list."""

from __future__ import annotations

from sandbox import fields, listing, rounding
from sandbox.batch import Outcome, write
from sandbox.call import Call, Route
from sandbox.replies import Reply, not_found
from sandbox.state import ZERO_ID, Ledger, Record, new_id

SCOPES = ("accounting.settings", "accounting.invoices")
READ_SCOPES = (*SCOPES, "accounting.settings.read", "accounting.invoices.read")
FIELDS = {
    "ItemID": "guid",
    "Code": "text",
    "Name": "text",
    "Description": "text",
    "IsSold": "flag",
    "IsPurchased": "flag",
    "IsTrackedAsInventory": "flag",
    "UpdatedDateUTC": "day",
}
_LIMITS = {"Code": 30, "Name": 50, "Description": 4000, "PurchaseDescription": 4000}


def find_item(ledger: Ledger, key: str) -> Record | None:
    """The item with that id, otherwise with that code in any case."""
    if (item_id := fields.as_guid(key)) and item_id in ledger.items:
        return ledger.items[item_id]
    return next((row for row in ledger.items.values() if row["Code"].casefold() == key.casefold()), None)


def get_items(call: Call) -> Reply:
    rows = listing.select(call, call.ledger.items.values(), FIELDS)
    return call.reply("Items", [_shown(call, row) for row in rows])


def get_item(call: Call) -> Reply:
    return call.reply("Items", [_shown(call, _existing(call))])


def put_items(call: Call) -> Reply:
    """Create only; a code in use is refused."""
    return write(call, "Items", lambda sent: _save(call, {}, sent))


def post_items(call: Call) -> Reply:
    """Create, or update the item with that id or code."""

    def save_matching(sent: Record) -> Outcome:
        key = fields.guid(sent, "ItemID") or fields.text(sent, "Code") or ""
        return _save(call, find_item(call.ledger, key) or {}, sent)

    return write(call, "Items", save_matching)


def post_item(call: Call) -> Reply:
    """Update the item in the path."""
    existing = _existing(call)
    return write(call, "Items", lambda sent: _save(call, existing, sent))


def delete_item(call: Call) -> Reply:
    """Delete; 204."""
    del call.ledger.items[_existing(call)["ItemID"]]
    return Reply(204)


def _existing(call: Call) -> Record:
    item = find_item(call.ledger, call.path["key"])
    if item is None:
        raise not_found()
    return item


def _save(call: Call, existing: Record, sent: Record) -> Outcome:
    item: Record = {
        "ItemID": ZERO_ID,
        "IsSold": True,
        "IsPurchased": True,
        "IsTrackedAsInventory": False,
    } | existing
    item |= {name: value for name in _LIMITS if (value := fields.text(sent, name)) is not None}
    item |= {name: switch for name in ("IsSold", "IsPurchased") if (switch := fields.flag(sent, name)) is not None}
    errors = fields.too_long(sent, _LIMITS)
    for name in ("SalesDetails", "PurchaseDetails"):
        item[name] = item.get(name, {}) | _details(call, fields.mapping(sent, name) or {}, errors)
    code = item.get("Code", "")
    other = find_item(call.ledger, code) if code else None
    if not code:
        errors.append("Price List Item Code must be supplied")
    elif other and other["ItemID"] != item["ItemID"]:
        errors.append(f"Price List Item with Code '{code}' already exists")
    if errors:
        return Outcome({**sent, "ItemID": item["ItemID"]}, errors)
    item |= {"ItemID": existing.get("ItemID") or new_id(), "UpdatedDateUTC": call.now}
    call.ledger.items[item["ItemID"]] = item
    return Outcome(_shown(call, item))


def _details(call: Call, sent: Record, errors: list[str]) -> Record:
    details: Record = {
        name: value
        for name in ("AccountCode", "COGSAccountCode", "TaxType")
        if (value := fields.text(sent, name)) is not None
    }
    price = fields.number(sent, "UnitPrice")
    if price is not None:
        details["UnitPrice"] = rounding.places(price, call.unit_places)
    code = details.get("AccountCode")
    if code and not any(account["Code"] == code for account in call.ledger.accounts):
        errors.append(f"Account code '{code}' is not a valid code for this document.")
    return details


def _shown(call: Call, item: Record) -> Record:
    row = dict(item)
    for name in ("SalesDetails", "PurchaseDetails"):
        details = dict(item.get(name, {}))
        if "UnitPrice" in details:
            details["UnitPrice"] = rounding.places(details["UnitPrice"], call.unit_places)
        row[name] = details
    return row


ROUTES = [
    Route("GET", "/Items", READ_SCOPES, get_items),
    Route("PUT", "/Items", SCOPES, put_items),
    Route("POST", "/Items", SCOPES, post_items),
    Route("GET", "/Items/{key}", READ_SCOPES, get_item),
    Route("POST", "/Items/{key}", SCOPES, post_item),
    Route("DELETE", "/Items/{key}", SCOPES, delete_item),
]
