"""Jobtally, the accounting bridge for trades businesses."""
