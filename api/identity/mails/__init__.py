"""Mails to members about their business: rows that are sent by a worker, and again if that fails."""
