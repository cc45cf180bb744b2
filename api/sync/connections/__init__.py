"""Business and organisation: consent, grants, status."""
