"""Migrating a database, and refusing one that another version made."""

import hashlib

import psycopg
import pytest

from api.platform.db import migrations
from tests.conftest import Databases


def test_a_database_of_another_version_is_refused_with_words_and_stays_as_it_is(
    databases: Databases, database_url: str
) -> None:
    name = database_url.rsplit("/", 1)[1].split("?", maxsplit=1)[0]
    owner_url = str(databases.server.url("jobtally_owner", name))
    plain_url = owner_url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(plain_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '183346ec1a7f'")

    with pytest.raises(migrations.UnknownSchema, match="JOBTALLY_DATA_DIR"):
        migrations.upgrade(owner_url)

    with psycopg.connect(plain_url) as connection:
        row = connection.execute("SELECT version_num, to_regclass('invoices') FROM alembic_version").fetchone()
    assert row == ("183346ec1a7f", "invoices")


def test_migrating_down_and_up_again_ends_at_the_same_schema(databases: Databases, database_url: str) -> None:
    name = database_url.rsplit("/", 1)[1].split("?", maxsplit=1)[0]
    owner_url = str(databases.server.url("jobtally_owner", name))
    superuser_url = str(databases.server.url("postgres", "postgres")).replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} OWNER TO jobtally_owner")

    migrations.upgrade(owner_url, "base")
    migrations.upgrade(owner_url)

    with psycopg.connect(owner_url.replace("postgresql+psycopg", "postgresql")) as connection:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    assert row == (migrations.head(),)


def test_a_migration_that_changes_gets_another_revision_so_that_databases_of_the_old_one_are_refused() -> None:
    for path in sorted((migrations.scripts_directory() / "versions").glob("*.py")):
        lines = path.read_text("utf-8").splitlines()
        content = "\n".join(line for line in lines if not line.startswith("revision = "))
        fingerprint = hashlib.sha256(content.encode()).hexdigest()[:12]
        assert f'revision = "{fingerprint}"' in lines, (
            f"{path.name} was changed. Write a new migration (make migration); "
            f"or, while no installation is in use, give this one the revision {fingerprint}."
        )
