"""How far the contacts of an organisation have been read."""
