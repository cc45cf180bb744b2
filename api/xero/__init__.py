"""The only outward HTTP of the product: the calls to Xero. Stateless: no database and no domain."""
