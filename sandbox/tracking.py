"""Tracking categories and options, and the tracking of invoice lines: unknown names are dropped silently."""

from __future__ import annotations

from sandbox import fields, listing
from sandbox.batch import messages
from sandbox.call import Call, Route, settings_scopes
from sandbox.replies import Refusal, Reply, not_found, server_error, validation_exception
from sandbox.state import ZERO_ID, Ledger, Record, new_id

FIELDS = {"TrackingCategoryID": "guid", "Name": "text", "Status": "text"}
_OPTION_CLASH = "For each specified tracking option the name must be unique"
_MAX_ACTIVE, _MAX_TOTAL = 2, 4


def choose(ledger: Ledger, entries: list[Record]) -> list[Record]:
    """The tracking of a line: at most one active option of each active category, by id or exact name."""
    chosen: dict[str, Record] = {}
    for entry in entries:
        category_id, option_id = (
            fields.guid(entry, "TrackingCategoryID"),
            fields.guid(entry, "TrackingOptionID"),
        )
        category_name, option_name = fields.text(entry, "Name"), fields.text(entry, "Option")
        if option_name and option_name != option_name.rstrip():
            raise server_error()
        category = _named(ledger.tracking_categories, category_id, category_name, "TrackingCategoryID")
        if category_id and category is None:
            raise server_error()
        if category is None or category["Status"] != "ACTIVE":
            continue
        option = _named(category["Options"], option_id, option_name, "TrackingOptionID")
        if option is not None and option["Status"] == "ACTIVE":
            chosen.setdefault(
                category["TrackingCategoryID"],
                {
                    "Name": category["Name"],
                    "Option": option["Name"],
                    "TrackingCategoryID": category["TrackingCategoryID"],
                    "TrackingOptionID": option["TrackingOptionID"],
                },
            )
    return list(chosen.values())


def current(ledger: Ledger, kept: list[Record]) -> list[Record]:
    """The stored tracking of a line with current names: a rename also changes existing invoices."""
    rows = []
    for entry in kept:
        category = _named(ledger.tracking_categories, entry["TrackingCategoryID"], None, "TrackingCategoryID")
        option = _named((category or {}).get("Options", []), entry["TrackingOptionID"], None, "TrackingOptionID")
        names = {
            "Name": (category or {}).get("Name", entry["Name"]),
            "Option": (option or {}).get("Name", entry["Option"]),
        }
        rows.append({**entry, **names})
    return rows


def _named(rows: list[Record], wanted_id: str | None, name: str | None, key: str) -> Record | None:
    if wanted_id:
        return next((row for row in rows if row[key] == wanted_id), None)
    active_first = sorted(rows, key=lambda row: row["Status"] != "ACTIVE")
    return next((row for row in active_first if name and row["Name"] == name), None)


def option_record(name: str, option_id: str = "") -> Record:
    """A new active option."""
    return {"TrackingOptionID": option_id or new_id(), "Name": name, "Status": "ACTIVE"}


def _shown_option(option: Record) -> Record:
    status = option["Status"]
    return {
        **option,
        "HasValidationErrors": False,
        "IsDeleted": status == "DELETED",
        "IsArchived": status == "ARCHIVED",
        "IsActive": status == "ACTIVE",
    }


def _shown(category: Record, archived: bool = True) -> Record:
    options = [_shown_option(row) for row in category["Options"] if archived or row["Status"] == "ACTIVE"]
    return {**category, "Options": options}


def get_categories(call: Call) -> Reply:
    """Active categories; with `includeArchived` also archived categories."""
    archived = call.flag("includearchived")
    rows = [row for row in call.ledger.tracking_categories if archived or row["Status"] == "ACTIVE"]
    return call.reply("TrackingCategories", [_shown(row, archived) for row in listing.select(call, rows, FIELDS)])


def get_category(call: Call) -> Reply:
    return call.reply("TrackingCategories", [_shown(_category(call))])


def put_category(call: Call) -> Reply:
    """Create a category; at most two may be active and at most four may exist."""
    name = _name(call, "TrackingCategories")
    rows = call.ledger.tracking_categories
    if len(rows) >= _MAX_TOTAL or sum(row["Status"] == "ACTIVE" for row in rows) >= _MAX_ACTIVE:
        _refuse("TrackingCategoryID", name, "The maximum number of tracking categories has been reached.")
    if any(row["Name"].casefold() == name.casefold() for row in rows):
        _refuse("TrackingCategoryID", name, "The tracking category name must be unique.")
    category: Record = {"TrackingCategoryID": new_id(), "Name": name, "Status": "ACTIVE", "Options": []}
    rows.append(category)
    return call.reply("TrackingCategories", [_shown(category)])


def post_category(call: Call) -> Reply:
    """Rename a category, or change its status."""
    category = _category(call)
    _update(call, "TrackingCategories", category)
    return call.reply("TrackingCategories", [_shown(category)])


def delete_category(call: Call) -> Reply:
    """Delete a category; a category in use is archived."""
    category = _category(call)
    if _used(call.ledger, category["TrackingCategoryID"]):
        category["Status"] = "ARCHIVED"
        return call.reply("TrackingCategories", [_shown(category)])
    call.ledger.tracking_categories.remove(category)
    return call.reply("TrackingCategories", [_shown({**category, "Status": "DELETED"})])


def put_options(call: Call) -> Reply:
    """Add options; names are unique within the category."""
    category = _category(call)
    added: list[Record] = []
    for sent in call.elements("Options"):
        name = fields.text(sent, "Name") or ""
        taken = {row["Name"].casefold() for row in [*category["Options"], *added]}
        if not name.strip() or len(name) > 100 or name.casefold() in taken:
            _refuse(
                "TrackingOptionID",
                name,
                _OPTION_CLASH if name.casefold() in taken else "Please enter a Name.",
            )
        added.append(option_record(name))
    category["Options"] += added
    return call.reply("Options", [_shown_option(row) for row in added])


def post_option(call: Call) -> Reply:
    """Rename an option, or change its status."""
    option = _option(call)
    _update(call, "Options", option, siblings=_category(call)["Options"])
    return call.reply("Options", [_shown_option(option)])


def delete_option(call: Call) -> Reply:
    """Delete an option; an option in use is archived."""
    category, option = _category(call), _option(call)
    if _used(call.ledger, option["TrackingOptionID"]):
        option["Status"] = "ARCHIVED"
        return call.reply("Options", [_shown_option(option)])
    category["Options"].remove(option)
    return call.reply("Options", [_shown_option({**option, "Status": "DELETED"})])


def _update(call: Call, key: str, record: Record, siblings: list[Record] | None = None) -> None:
    sent = call.elements(key)[0]
    name, status = fields.text(sent, "Name"), fields.text(sent, "Status")
    if siblings and any(row is not record and row["Name"].casefold() == (name or "").casefold() for row in siblings):
        _refuse("TrackingOptionID", name or "", _OPTION_CLASH)
    record["Name"] = name or record["Name"]
    record["Status"] = status if status in ("ACTIVE", "ARCHIVED") else record["Status"]


def _used(ledger: Ledger, wanted_id: str) -> bool:
    return any(
        wanted_id in entry.values()
        for invoice in ledger.invoices.values()
        for line in invoice["LineItems"]
        for entry in line["Tracking"]
    )


def _name(call: Call, key: str) -> str:
    name = fields.text(call.elements(key)[0], "Name") or ""
    if not name.strip() or len(name) > 100:
        _refuse("TrackingCategoryID", name, "Please enter a Name of at most 100 characters.")
    return name


def _refuse(id_name: str, name: str, message: str) -> None:
    row = {
        id_name: ZERO_ID,
        "Name": name,
        "HasValidationErrors": True,
        "ValidationErrors": messages([message]),
    }
    raise Refusal(validation_exception([row]))


def _category(call: Call) -> Record:
    wanted = fields.as_guid(call.path["key"])
    category = next((row for row in call.ledger.tracking_categories if row["TrackingCategoryID"] == wanted), None)
    if category is None:
        raise not_found()
    return category


def _option(call: Call) -> Record:
    wanted = fields.as_guid(call.path["option"])
    options: list[Record] = _category(call)["Options"]
    option = next((row for row in options if row["TrackingOptionID"] == wanted), None)
    if option is None:
        raise not_found()
    return option


_READ, _WRITE = settings_scopes(), settings_scopes(write=True)
ROUTES = [
    Route("GET", "/TrackingCategories", _READ, get_categories),
    Route("PUT", "/TrackingCategories", _WRITE, put_category),
    Route("GET", "/TrackingCategories/{key}", _READ, get_category),
    Route("POST", "/TrackingCategories/{key}", _WRITE, post_category),
    Route("DELETE", "/TrackingCategories/{key}", _WRITE, delete_category),
    Route("PUT", "/TrackingCategories/{key}/Options", _WRITE, put_options),
    Route("POST", "/TrackingCategories/{key}/Options/{option}", _WRITE, post_option),
    Route("DELETE", "/TrackingCategories/{key}/Options/{option}", _WRITE, delete_option),
]
