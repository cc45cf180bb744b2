"""The door to the street: everything that speaks to Xero, and nothing that remembers."""
