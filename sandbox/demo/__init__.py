"""The demo: a client of Jobtally's public API that signs up and exports three invoices to the stand-in for Xero."""
