"""Customer and supplier invoices."""
