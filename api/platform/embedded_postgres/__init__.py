"""The PostgreSQL that Jobtally runs itself, on a private socket, if no database is configured."""
