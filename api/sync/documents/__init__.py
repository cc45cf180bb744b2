"""The mirror of the documents in Xero: which invoices and bills an organisation holds, and which of them are ours."""
