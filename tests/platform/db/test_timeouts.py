"""No statement of the application hangs, and no session of it holds locks for long."""

import psycopg
import pytest
from sqlalchemy import text

from api.platform.db import work as module
from api.platform.db.work import SYSTEM, Database
from tests.callers import Caller
from tests.records.making import API, make
from tests.sync.queues import SilentQueue

_SHOWN = {"statement_timeout": "15s", "idle_in_transaction_session_timeout": "30s", "lock_timeout": "5s"}


async def _shown(url: str) -> dict[str, str]:
    database = Database(url, SilentQueue())
    async with database.work(SYSTEM) as work:
        shown = {name: str(await work.session.scalar(text(f"SHOW {name}"))) for name in _SHOWN}
    await database.close()
    return shown


async def test_each_connection_of_the_application_has_the_timeouts(database_url: str) -> None:
    assert await _shown(database_url) == _SHOWN


async def test_an_option_in_the_address_of_the_database_wins(database_url: str) -> None:
    assert await _shown(f"{database_url}&options=-c%20lock_timeout%3D2s") == _SHOWN | {"lock_timeout": "2s"}


@pytest.fixture
def short_lock_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections that wait for a lock for a tenth of a second."""
    monkeypatch.setitem(module.TIMEOUTS, "lock_timeout", "100ms")


async def test_a_request_that_waits_too_long_for_a_lock_is_refused_for_now(
    short_lock_waits: None, client: Caller, database_url: str
) -> None:
    contact = await make(client, "contacts", kind="company", name="Tui Cafe", roles=["customer"])
    change = {"name": "Tui Café"}
    address, version = f"{API}/contacts/{contact['id']}", {"If-Match": "*"}
    with psycopg.connect(database_url.replace("postgresql+psycopg", "postgresql")) as other:
        other.execute("SET LOCAL app.business_id = 'system'")
        other.execute("SELECT id FROM contacts FOR UPDATE")
        refused = await client.patch(address, json=change, headers=version)
    assert (refused.status_code, refused.json()["code"]) == (503, "temporarily_unavailable"), refused.text
    assert refused.headers["retry-after"] == "2"
    assert (await client.patch(address, json=change, headers=version)).status_code == 200
