"""The calls to each organisation: how many are left, and what Xero's clock shows."""
