"""Our contacts and theirs: finding, linking, creating."""
