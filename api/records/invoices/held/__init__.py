"""Invoices that are held by a problem of their contact."""
