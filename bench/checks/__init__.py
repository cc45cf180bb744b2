"""Whether "ready" means that Xero takes it: seeded faults that the check has to name, and sound invoices."""
