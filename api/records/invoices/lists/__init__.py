"""Lists and counts of invoices: filters, search, orders and pages."""
