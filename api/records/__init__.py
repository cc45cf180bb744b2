"""What the business owns. Knows nothing of Xero; neutral columns are written by sync through services."""
