"""What the organisation has: its accounts, tax rates, tracking, items."""
