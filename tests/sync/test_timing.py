"""A fault test divides the waiting times of exports; a doubtful outcome comes to its end within seconds."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from api.platform.settings import Settings
from api.sync.timing import STANDARD
from sandbox.faults import Fault
from tests.sync.connected_business import ConnectedBusiness, settings_for


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return settings_for(database_url, tmp_path, JOBTALLY_TIME_SCALE="600")


def test_every_wait_is_divided_and_none_is_forgotten() -> None:
    short = STANDARD.divided_by(8)
    waits = [name for name, value in vars(STANDARD).items() if isinstance(value, timedelta)]
    assert {name: getattr(short, name) * 8 for name in waits} == {name: getattr(STANDARD, name) for name in waits}
    assert short.quiet_period == timedelta(seconds=75)
    assert STANDARD.divided_by(1) == STANDARD


async def test_a_bill_in_doubt_is_sent_again_after_a_quiet_period_of_a_second(business: ConnectedBusiness) -> None:
    export_id = await business.export(await business.invoice("B-1", await business.company("Tui Cafe"), "supplier"))
    fault = Fault(kind="status", status=500, method="PUT", path="Invoices", count=2)
    business.stand_in.faults.waiting.append(fault)
    async with asyncio.timeout(60):
        while (await business.run(export_id))["state"] != "done":
            await business.drain()
            await asyncio.sleep(0.02)
    assert len(business.in_xero()) == 1
