"""Jobs of the trade and their statuses."""
