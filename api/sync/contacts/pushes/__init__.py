"""Sending new and changed contacts to Xero: every six hours, or now."""
