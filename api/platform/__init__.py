"""Infrastructure without a domain: settings, database, queue, HTTP, mail, secrets, logs."""
