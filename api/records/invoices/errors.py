"""Conflicts of invoices."""

from api.platform.errors import Conflict


class SelectionChanged(Conflict):
    code, title = "selection_changed", "The invoices that match have changed"
    remedy = "Look at the list again, then select what you see."


class NumberTaken(Conflict):
    code, title = "number_taken", "Another customer invoice has this number"
    remedy = "Choose another number, or change the invoice that has it."


class InvoiceApproved(Conflict):
    code, title = "invoice_approved", "An approved invoice cannot be deleted"
    remedy = "Withdraw its approval, then delete it."


class InvoiceInExport(Conflict):
    code, title = "invoice_in_export", "The invoice is on its way to the ledger"
    remedy = "Wait until its export is done; it takes a few moments."


class InvoiceExported(Conflict):
    code, title = "invoice_exported", "The invoice has been exported already"
    remedy = "Void it in the ledger if it should not be there. Here it stays as the record of what was sent."
