"""Alembic's entry: runs in the connection and transaction that `api.platform.db.migrations` opened."""

from alembic import context
from sqlalchemy import text

from api.app import metadata

connection = context.config.attributes["connection"]
connection.execute(text("SET LOCAL lock_timeout = '10s'"))
connection.execute(text("SET LOCAL app.business_id = 'system'"))  # policies count for the owner of the tables too
connection.execute(text("SET LOCAL statement_timeout = '120s'"))
context.configure(connection=connection, target_metadata=metadata, compare_type=True)
context.run_migrations()
