"""Addresses inside Xero's own screens, for people; they need the organisation's short code."""

from typing import Literal
from urllib.parse import quote
from uuid import UUID

INVOICE = "https://go.xero.com/app/{short_code}/invoicing/view/{id}"
BILL = (
    "https://go.xero.com/organisationlogin/default.aspx?shortcode={short_code}"
    "&redirecturl=/AccountsPayable/Edit.aspx?InvoiceID={id}"
)
CONTACT = "https://go.xero.com/app/{short_code}/contacts/contact/{id}"


def invoice_link(kind: Literal["ACCREC", "ACCPAY"], short_code: str, invoice_id: UUID) -> str:
    """Where a person sees this invoice or bill."""
    return _fill(INVOICE if kind == "ACCREC" else BILL, short_code, invoice_id)


def contact_link(short_code: str, contact_id: UUID) -> str:
    """Where a person sees this contact."""
    return _fill(CONTACT, short_code, contact_id)


def _fill(template: str, short_code: str, target: UUID) -> str:
    return template.format(short_code=quote(short_code, safe="!"), id=target)
