"""The clock of the database: one function, which both roles may use and only tests move."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from api.platform.db.work import SYSTEM, Database
from tests.clock import Clock
from tests.conftest import Databases
from tests.sync.queues import SilentQueue


@pytest.mark.parametrize("role", ["jobtally_app", "jobtally_owner"])
def test_both_roles_read_the_time_and_a_setting_moves_it(databases: Databases, database_url: str, role: str) -> None:
    url = database_url.replace("jobtally_app", role).replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as connection:
        ((is_now,),) = connection.execute("SELECT app_now() = statement_timestamp()").fetchall()
        connection.execute("SET app.clock_offset = '-25 minutes'")
        ((is_earlier,),) = connection.execute(
            "SELECT app_now() = statement_timestamp() - interval '25 minutes'"
        ).fetchall()
    assert (is_now, is_earlier) == (True, True)


async def test_a_unit_of_work_reads_the_time_once(database_url: str, clock: Clock) -> None:
    database = Database(database_url, SilentQueue())
    clock.shift_database(timedelta(hours=1))
    async with database.work(SYSTEM) as work:
        assert await work.now() == await work.now()
        assert await work.now() > datetime.now(UTC) + timedelta(minutes=59)
    await database.close()
