"""Watching a connection while nobody uses it, so that a lost one is noticed before the next export."""
