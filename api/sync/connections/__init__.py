"""Business and organisation: consent, grants, budget, status."""
