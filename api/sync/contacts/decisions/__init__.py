"""Which contact in Xero one of ours is, as people see it and decide it."""
