"""Contacts: customers, suppliers and contractors."""
