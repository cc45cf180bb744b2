"""Xero's clock is measured at each reply, by organisation, against the database's clock."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs
from typer.testing import CliRunner

from api.cli import cli
from api.sync.budgets.service import clock_warning
from sandbox.app import StandIn
from tests.clock import Clock
from tests.sync.connected_business import ConnectedBusiness

NEARLY = timedelta(seconds=5)


async def _says(business: ConnectedBusiness) -> timedelta:
    """How far the gateway says that Xero's clock is ahead of the database's."""
    gateway = await business.gateway()
    return await gateway.xero_now() - await gateway.now()


def _ahead(stand_in: StandIn, by: timedelta) -> None:
    """Set the stand-in's clock ahead of all other clocks."""
    stand_in.world.clock = lambda: datetime.now(UTC) + by


async def test_the_gateway_knows_xeros_time_while_the_databases_clock_is_seven_minutes_fast(
    business: ConnectedBusiness, clock: Clock
) -> None:
    assert abs(await _says(business)) < NEARLY

    clock.shift_database(timedelta(minutes=7))
    await (await business.gateway()).client().organisation()

    assert abs(await _says(business) + timedelta(minutes=7)) < NEARLY


async def test_a_difference_of_more_than_a_minute_is_logged_once_measured_and_shown_to_the_operator(
    business: ConnectedBusiness, stand_in: StandIn
) -> None:
    database = business.gateways.database
    assert await clock_warning(database) is None
    _ahead(stand_in, timedelta(minutes=-3))
    client = (await business.gateway()).client()

    with capture_logs() as lines:
        await client.organisation()
        await client.organisation()

    warnings: list[Any] = [line for line in lines if line["event"] == "clocks differ, Xero's is used"]
    assert [round(line["xero_ahead_seconds"], -1) for line in warnings] == [-180]
    assert abs((REGISTRY.get_sample_value("jobtally_xero_clock_difference_seconds") or 0) + 180) < 5
    warning = await clock_warning(database)
    assert warning is not None
    assert "seconds ahead of Xero's" in warning

    _ahead(stand_in, timedelta(seconds=50))
    await client.organisation()
    assert await clock_warning(database) is None


def test_the_doctor_ends_with_1_while_the_clocks_differ(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def differ(database: object) -> str:
        return "The database's clock is 180 seconds ahead of Xero's."

    monkeypatch.setattr("api.sync.budgets.service.clock_warning", differ)
    environment = {"JOBTALLY_DATABASE_URL": database_url, "JOBTALLY_DATA_DIR": str(tmp_path)}

    ended = CliRunner().invoke(cli, ["doctor"], env=environment)

    assert ended.exit_code == 1
    assert "180 seconds ahead of Xero's" in ended.stderr
    assert '"ready": true' in ended.stdout
