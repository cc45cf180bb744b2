"""What the business owns. It does not know Xero; sync writes the neutral columns through the services."""
