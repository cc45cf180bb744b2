"""The one way to the database: engine, unit of work, repositories, migrations."""
