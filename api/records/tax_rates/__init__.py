"""Rates a line can carry."""
