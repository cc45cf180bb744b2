"""The embedded PostgreSQL dies alone: it is started again, and the work goes on."""

import os
import signal
from pathlib import Path

import httpx2

from tests.faults.conftest import Build
from tests.faults.installation import Installation, Office, eventually


def _kill_database(folder: Path) -> None:
    """Kill the server and all its children, and nothing else."""
    server = int((folder / "postgres" / "cluster" / "postmaster.pid").read_text().splitlines()[0])
    stats = [path.read_text() for path in Path("/proc").glob("[0-9]*/stat")]
    children = [int(stat.split()[0]) for stat in stats if stat.rpartition(") ")[2].split()[1] == str(server)]
    for pid in (server, *children):
        os.kill(pid, signal.SIGKILL)


def _refusal(installation: Installation) -> str | None:
    """What the API answers to a request that needs the database: nothing if it can answer, else how it refuses."""
    reply = httpx2.get(
        f"{installation.address}/api/v1/session", cookies={"jt_session": "any"}, trust_env=False, timeout=30
    )
    if reply.status_code == 401:
        return None
    return f"{reply.status_code} {reply.headers['content-type']} Retry-After {reply.headers.get('retry-after')}"


def test_a_database_that_is_killed_alone_comes_back_and_an_export_ends_with_each_invoice_once(build: Build):
    installation = build()
    installation.serve()
    office = Office(installation)
    ids, numbers = office.invoices(1, 60)
    installation.fault("slow", seconds=2, count=2)
    export_id = office.export(ids)
    eventually(installation.invoices_sent, "the first batch")

    _kill_database(installation.folder)
    refusals = {refusal for _ in range(200) if (refusal := _refusal(installation))}
    eventually(lambda: _refusal(installation) is None, "the API")

    # A read waits for a connection for some seconds, so that a quick restart is not noticed at all.
    assert refusals <= {"503 application/problem+json Retry-After 2"}
    assert office.finished(export_id)["exported"] == 60
    assert installation.numbers_in_xero() == numbers


def test_a_database_that_cannot_be_started_again_ends_the_process_with_the_reason(build: Build):
    installation = build()
    server = installation.serve()
    (installation.folder / "postgres" / "cluster" / "global" / "pg_control").unlink()

    _kill_database(installation.folder)

    assert server.ended_with() == 1
    assert "PostgreSQL has died and cannot be started again." in server.log.read_text()
    assert "Traceback" not in server.log.read_text().rpartition("PostgreSQL has died and")[2]
