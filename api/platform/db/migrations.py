"""Migrates a database to the schema of this release; Alembic is configured in code."""

from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, create_engine, text

from api.platform.db.locks import LockClass, acquire
from api.platform.db.work import SYSTEM, Database


class UnknownSchema(Exception):
    """The database has a schema that this release does not know; the message says what to do."""


def scripts_directory() -> Path:
    """The folder of the migrations: inside the installed package, or beside it in a checkout."""
    packaged = Path(str(files("api"))) / "_migrations"
    return packaged if packaged.is_dir() else Path(str(files("api"))).parent / "migrations"


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration without a file; `env.py` uses `connection`."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(scripts_directory()).replace("%", "%%"))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(hour).2d%%(minute).2d_%%(slug)s")
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Apply the missing migrations; one process at a time does it, and it is safe to repeat."""
    engine = create_engine(url, hide_parameters=True, connect_args={"connect_timeout": 5})
    try:
        with engine.begin() as connection:
            connection.execute(acquire(LockClass.MIGRATION))
            _require_known_schema(connection)
            if revision == "base" or revision.startswith("-"):
                command.downgrade(configuration(connection), revision)
            else:
                command.upgrade(configuration(connection), revision)
    finally:
        engine.dispose()


def _require_known_schema(connection: Connection) -> None:
    present = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()}
    if present is not None and present not in known:
        raise UnknownSchema(
            f"The database has the schema {present}, which this release does not know: another version of Jobtally "
            "made it. Use that version, or name an empty folder in JOBTALLY_DATA_DIR or another database in "
            "JOBTALLY_DATABASE_URL. Nothing was changed."
        )


def head() -> str | None:
    """The newest revision of this release."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


async def revision_of(database: Database) -> str:
    """The revision that the database is at."""
    async with database.work(SYSTEM) as work:
        return str(await work.session.scalar(text("SELECT version_num FROM alembic_version")))


def drift(url: str, metadata: MetaData) -> list[str]:
    """The differences between the models and the migrated database; empty if there are none."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            return [str(difference) for difference in compare_metadata(context, metadata)]
    finally:
        engine.dispose()
