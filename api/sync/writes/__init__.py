"""The one engine for everything that is created or changed in Xero: attempts, sending, looking up, isolating."""
