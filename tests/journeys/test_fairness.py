"""An organisation that does not answer delays its own business only."""

import pytest
from redis.exceptions import ConnectionError as RedisAway

from api.platform.queue import ArqTaskQueue
from api.sync.exports import tasks as exports
from sandbox.seeds import AU_TENANT
from tests.journeys.office import Office, eventually


async def _forget(self: ArqTaskQueue, task: str, *ids: str) -> None:
    """Lose a wake-up."""


async def _refuse(self: ArqTaskQueue, task: str, ids: tuple[str, ...]) -> None:
    raise RedisAway


@pytest.mark.parametrize("redis_is_away", [False, True])
async def test_a_sweep_serves_a_business_while_the_calls_of_another_one_hang(
    office: Office, neighbour: Office, monkeypatch: pytest.MonkeyPatch, redis_is_away: bool
) -> None:
    monkeypatch.setattr("api.platform.queue._FINISH_SECONDS", 0.0)
    await neighbour.connect(AU_TENANT)
    await neighbour.ledger_is_read()
    await neighbour.prefer(default_income_code="200", default_expense_code="310")
    hanging = await office.invoice("HANGS-1", await office.company("Hana Parata"))
    sound = await neighbour.invoice("INV-1", await neighbour.company("Tui Cafe"))
    office.fault("slow", seconds=3600, body_contains="HANGS-1")
    with monkeypatch.context() as lost:
        lost.setattr(ArqTaskQueue, "wake", _forget)
        first, second = await office.export(hanging), await neighbour.export(sound)
    if redis_is_away:
        monkeypatch.setattr(ArqTaskQueue, "_enqueue", _refuse)

    await exports.sweep(office.gateways)

    run = await neighbour.finished(second)
    assert run["exported"] == 1
    await eventually(lambda: _is_sent(office))
    assert (await office.run(first))["exported"] == 0


async def _is_sent(office: Office) -> bool:
    return any("HANGS-1" in call["body"] for call in office.stand_in.world.calls)
