"""Signing in, out, and from one business to another."""
