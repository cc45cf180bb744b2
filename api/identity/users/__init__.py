"""Members of a business and what they may do."""
