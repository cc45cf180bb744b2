"""Jobs: the work of the business for its contacts."""
