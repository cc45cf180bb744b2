"""Preferences of a business for contacts, invoices and exports."""
