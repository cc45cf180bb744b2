"""The stages a business gives its jobs."""
