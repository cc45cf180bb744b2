"""Who is asking: businesses, users, sessions, API keys, roles, and the audit trail."""
