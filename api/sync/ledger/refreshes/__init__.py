"""The refreshes of the mirror."""
