"""Attacks of unknown callers on a server, and how long another user waits meanwhile."""
