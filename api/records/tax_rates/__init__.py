"""Tax rates of lines."""
