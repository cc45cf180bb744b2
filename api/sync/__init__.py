"""The only rooms that hold both hands: what the business owns, and Xero."""
