"""`python migrations "Add a column"`: drafts the next migration from what the models say and the migrations do not."""

import sys

from alembic import command
from sqlalchemy import create_engine

from api.platform.db import migrations
from api.platform.embedded_postgres.temporary import temporary_postgres


def main(message: str) -> None:
    """Write a file into `versions/`, to be read and corrected before it is committed."""
    with temporary_postgres() as server:
        migrations.upgrade(server.owner_url)
        with create_engine(server.owner_url).begin() as connection:
            command.revision(migrations.configuration(connection), message, autogenerate=True)


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].strip():
        sys.exit('Say what it does: make migration m="Add a column to contacts"')
    main(sys.argv[1])
