"""Cost centers."""
