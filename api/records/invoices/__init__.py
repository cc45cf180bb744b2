"""Invoices of customers and suppliers."""
