"""The demonstration: a client of Jobtally's public API that walks from sign-up to three invoices in Xero."""
