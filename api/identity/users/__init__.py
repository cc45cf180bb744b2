"""Users: the members of a business and their roles."""
