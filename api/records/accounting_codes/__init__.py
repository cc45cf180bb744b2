"""Accounting codes: income and expense."""
