"""Asking somebody into a business by mail."""
