"""The address in a document of Xero that says which invoice of ours it is. Pure."""

import re
from uuid import UUID

_MARKER = re.compile(r"/x/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$")


def marker(base_url: str, invoice_id: UUID) -> str:
    """What is written into Xero's `Url`: the same in every export, without a secret, and a link to the invoice."""
    return f"{base_url}/x/{invoice_id}"


def marked_invoice(url: str | None) -> UUID | None:
    """The invoice that the `Url` of a document names; None without a marker of ours."""
    match = _MARKER.search(url or "")
    return UUID(match[1]) if match else None
