"""Businesses: created by signing up, or as a further business of a signed-in user."""
