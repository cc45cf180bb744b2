"""Income and expense codes."""
