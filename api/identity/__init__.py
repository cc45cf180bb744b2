"""Businesses, users, sessions, API keys, roles and the audit trail."""
