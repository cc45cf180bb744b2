"""Documents that somebody else has entered: those that may be an invoice of ours, and those that are not."""
