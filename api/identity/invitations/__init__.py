"""Invitations to a business, sent by mail."""
