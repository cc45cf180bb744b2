"""The parameters that all list calls share: `where`, `order`, If-Modified-Since and paging."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from sandbox.call import Call
from sandbox.fields import as_guid
from sandbox.replies import bad_query, plain
from sandbox.state import Record
from sandbox.where_filter import Fields, comparable, look_up, parse

DEFAULT_PAGE_SIZE, LARGEST_PAGE = 100, 1000


def select(call: Call, rows: Iterable[Record], fields: Fields, default_order: tuple[str, ...] = ()) -> list[Record]:
    """The rows that match `where` and If-Modified-Since, in the requested order."""
    selected = list(rows)
    if expression := call.query.get("where", "").strip():
        test = parse(expression, fields)
        selected = [row for row in selected if test(row)]
    if since := modified_since(call):
        selected = [row for row in selected if row["UpdatedDateUTC"] > since]
    order = _order(call.query.get("order", ""), fields)
    for name, descending in reversed(order or [(name, False) for name in default_order]):
        selected.sort(key=lambda row: _sortable(look_up(row, name)), reverse=descending)
    return selected


def _order(expression: str, fields: Fields) -> list[tuple[str, bool]]:
    known = {name.lower(): name for name in fields}
    order = []
    for part in filter(None, (part.strip() for part in expression.split(","))):
        name, _, direction = part.partition(" ")
        if name.lower() not in known or direction.strip().lower() not in (
            "",
            "asc",
            "desc",
            "ascending",
            "descending",
        ):
            raise bad_query(f"No property or field '{part}' exists in type.")
        order.append((known[name.lower()], direction.strip().lower().startswith("desc")))
    return order


def _sortable(value: Any) -> tuple[bool, Any]:
    return (value is not None, comparable(value) if value is not None else 0)


def modified_since(call: Call) -> datetime | None:
    """The If-Modified-Since header in ISO or HTTP form; without a zone it is UTC. Raises 412 when it is not a date."""
    value = call.headers.get("if-modified-since")
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        try:
            moment = parsedate_to_datetime(value)
        except ValueError:
            raise plain(412, "The If-Modified-Since header could not be read.") from None
    return moment.replace(tzinfo=moment.tzinfo or UTC)


def wants_page(call: Call) -> bool:
    """Whether the reply is paged: the call has `page`, `pageSize` or `summaryOnly`."""
    return bool({"page", "pagesize"} & set(call.query)) or call.flag("summaryonly")


def page(call: Call, rows: list[Record]) -> tuple[list[Record], Record]:
    """One page and its `pagination`; a size or number out of range is clamped, not refused."""
    size = min(LARGEST_PAGE, max(1, _whole(call, "pagesize", DEFAULT_PAGE_SIZE)))
    current = max(1, _whole(call, "page", 1))
    count = -(-len(rows) // size)
    start = (current - 1) * size
    return rows[start : start + size], {
        "page": current,
        "pageSize": size,
        "pageCount": count,
        "itemCount": len(rows),
    }


def _whole(call: Call, name: str, default: int) -> int:
    value = call.query.get(name, "")
    try:
        return max(-(10**9), min(10**9, int(value[:20]))) if value.strip() else default
    except ValueError:
        raise bad_query(f"The value '{value}' is not valid for {name}.") from None


def names(call: Call, parameter: str) -> list[str] | None:
    """A comma-separated list parameter, or None when it was not sent."""
    value = call.query.get(parameter.lower())
    return [part.strip() for part in value.split(",") if part.strip()] if value else None


def ids(call: Call, parameter: str) -> set[str] | None:
    """A comma-separated list of ids, or None when it was not sent. Raises QueryParseException for anything else."""
    listed = names(call, parameter)
    if listed is None:
        return None
    parsed = {as_guid(name) for name in listed}
    if None in parsed:
        raise bad_query(f"The parameter {parameter} must be a list of ids.")
    return {name for name in parsed if name}


def matches_term(call: Call, row: Record, searched: tuple[str, ...]) -> bool:
    """Whether `searchTerm` is absent or a case-insensitive substring of any of the searched fields."""
    term = call.query.get("searchterm", "").strip().casefold()
    return not term or any(term in str(row.get(name) or "").casefold() for name in searched)
