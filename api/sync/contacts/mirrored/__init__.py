"""The mirror of an organisation's contacts."""
