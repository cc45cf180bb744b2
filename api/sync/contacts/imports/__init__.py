"""Importing the contacts of the organisation: a preview, decisions about possible duplicates, then the import."""
