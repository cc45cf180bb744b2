"""The packages that use both sides: the records of the business, and Xero."""
