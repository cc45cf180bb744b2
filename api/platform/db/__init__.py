"""Access to the database: engine, unit of work, repositories, leases, locks, migrations."""
