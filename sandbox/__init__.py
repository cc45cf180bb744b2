"""A local stand-in for Xero: sign-in, connections and the part of the Accounting API that Jobtally uses."""
