"""Jobs of the trade."""
