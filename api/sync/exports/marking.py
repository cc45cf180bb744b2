"""Whether an invoice is marked as sent to the customer when it is created in Xero, or why it is not. Pure."""

from api.records.invoices.service import InvoiceDocument
from api.records.preferences.service import PreferencesView

_ARRIVES_AS = {"DRAFT": "drafts", "SUBMITTED": "invoices that wait for approval"}


def is_wanted(invoice: InvoiceDocument, preferences: PreferencesView) -> bool:
    """Whether the invoice says so, or the preferences where it says nothing. They are about customer invoices."""
    if invoice.mark_as_sent is not None:
        return invoice.mark_as_sent
    return preferences.mark_as_sent and invoice.kind == "customer"


def reason_not_marked(invoice: InvoiceDocument, preferences: PreferencesView) -> str | None:
    """Why it is not marked as sent; None if it is. Xero takes the mark with approved customer invoices only."""
    if invoice.kind != "customer":
        return "A supplier invoice is never sent to a customer."
    if not is_wanted(invoice, preferences):
        return (
            "This invoice says that it is not."
            if invoice.mark_as_sent is False
            else "Marking invoices as sent is switched off in the preferences."
        )
    status = preferences.customer_invoice_status
    if status != "AUTHORISED":
        return f"Xero marks approved invoices only, and your customer invoices arrive there as {_ARRIVES_AS[status]}."
    return None
