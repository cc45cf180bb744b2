"""Customers, suppliers and contractors."""
