"""The links of invoices to their documents in Xero."""
