"""The feed of notifications."""
