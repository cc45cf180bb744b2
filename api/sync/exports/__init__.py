"""Invoices into Xero, exactly once."""
