"""The requests that are measured. A page of 50, views, search and counts are those of customer invoices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

HELLO: Final = "/bare/hello"
NOTHING: Final = "/api/v1/nothing"
_API: Final = "/api/v1"
_PAGE: Final = f"{_API}/invoices?kind=customer&limit=50"


@dataclass(frozen=True)
class Measured:
    """One request, sent again and again. `expected` is the status of its answer."""

    path: str
    expected: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def measured_requests(*, tag_of_feed: str, deep_cursor: str) -> dict[str, Measured]:
    """The requests by name."""
    return {
        "hello": Measured(HELLO),
        "known_caller_nothing": Measured(NOTHING, 204),
        "smallest_signed_in": Measured(f"{_API}/preferences"),
        "unchanged_poll": Measured(f"{_API}/notifications", 304, {"If-None-Match": tag_of_feed}),
        "page_of_50": Measured(_PAGE),
        "page_of_both_kinds": Measured(f"{_API}/invoices?limit=50"),
        "deep_page_of_50": Measured(f"{_PAGE}&cursor={deep_cursor}"),
        "ready_view": Measured(f"{_PAGE}&view=ready"),
        "attention_view": Measured(f"{_PAGE}&view=attention"),
        "selective_search": Measured(f"{_PAGE}&q=kowhai+builders+217"),
        "search_of_a_common_word": Measured(f"{_PAGE}&q=kowhai"),
        "counts": Measured(f"{_API}/invoices/counts?kind=customer"),
    }


def export_of(ids: list[str]) -> dict[str, Any]:
    """The body of POST /exports for these invoices."""
    return {"selection": {"mode": "ids", "ids": ids}}


def batch_of(contact_id: str, number: int, count: int) -> dict[str, Any]:
    """The body of POST /invoices/batch: invoices of two lines, new for each `number`."""
    lines = [
        {"description": "Replace the stop tap in the kitchen", "quantity": "2.5", "unit_price": "95.00"},
        {"description": "Fittings", "quantity": "4", "unit_price": "12.35"},
    ]
    elements = [
        {
            "external_id": f"batch-{number}-{each}",
            "kind": "customer",
            "number": f"B{number}-{each}",
            "contact_id": contact_id,
            "issued_on": "2026-11-02",
            "due_on": "2026-12-01",
            "lines": lines,
        }
        for each in range(count)
    ]
    return {"items": elements}
