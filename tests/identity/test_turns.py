"""Turns of those who wait for the hashing of a password: nobody's many requests keep another one waiting."""

import asyncio

import pytest

from api.identity.turns import Turns, Waiter
from api.platform.errors import Unavailable

FIRST, SECOND = Waiter("192.0.2.1"), Waiter("198.51.100.7")
DEVICE = Waiter("a device of the account", is_known=True)


class Line:
    """One is being served; the others wait until `order` serves them one after another."""

    def __init__(self) -> None:
        self._turns = Turns(1)
        self._open = asyncio.Event()
        self._served: list[str] = []
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def join(self, name: str, waiter: Waiter) -> None:
        self._tasks[name] = asyncio.create_task(self._wait(name, waiter))
        await asyncio.sleep(0)

    async def leave(self, name: str) -> None:
        self._tasks.pop(name).cancel()
        await asyncio.sleep(0)

    def is_refused(self, name: str) -> bool:
        task = self._tasks[name]
        return task.done() and isinstance(task.exception(), Unavailable)

    async def order(self) -> list[str]:
        self._open.set()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        return self._served

    async def _wait(self, name: str, waiter: Waiter) -> None:
        async with self._turns.turn(waiter):
            await self._open.wait()
            self._served.append(name)


@pytest.fixture
async def line() -> Line:
    line = Line()
    await line.join("served", FIRST)
    return line


async def test_a_network_that_sends_much_does_not_delay_another_one(line: Line):
    for number in range(5):
        await line.join(f"first {number}", FIRST)
    await line.join("second", SECOND)
    assert (await line.order())[1:4] == ["first 0", "second", "first 1"]


async def test_many_addresses_of_one_region_have_fewer_turns_than_as_many_others(line: Line):
    for number in range(40):
        await line.join(f"of the region {number}", Waiter(f"203.0.113.{number}"))
    await line.join("elsewhere", SECOND)
    assert (await line.order()).index("elsewhere") <= 9


@pytest.mark.parametrize("network", ["2001:db8:0:{}::/64", "2001:db8:0:{}00::/64"])
async def test_the_networks_of_one_ipv6_customer_count_as_a_region(line: Line, network: str):
    for number in range(40):
        await line.join(f"of the region {number}", Waiter(network.format(number)))
    await line.join("elsewhere", Waiter("2001:db8:1::/64"))
    assert (await line.order()).index("elsewhere") <= 9


async def test_a_known_device_is_next(line: Line):
    for number in range(5):
        await line.join(f"unknown {number}", Waiter(f"192.0.{number}.1"))
    await line.join("known", DEVICE)
    assert (await line.order())[1] == "known"


async def test_when_too_many_wait_the_network_that_sent_most_is_refused_and_a_newcomer_is_not(line: Line):
    for number in range(70):
        await line.join(f"first {number}", FIRST)
    await line.join("second", SECOND)
    assert line.is_refused("first 69")
    assert not line.is_refused("first 0")
    assert (await line.order())[2] == "second"


async def test_one_who_goes_away_keeps_nobody_waiting(line: Line):
    await line.join("goes", FIRST)
    await line.join("stays", SECOND)
    await line.leave("goes")
    assert await line.order() == ["served", "stays"]


async def test_one_who_goes_away_when_called_keeps_nobody_waiting():
    turns, open_first = Turns(1), asyncio.Event()

    async def hold(until: asyncio.Event | None = None) -> str:
        async with turns.turn(FIRST):
            if until is not None:
                await until.wait()
        return "served"

    first = asyncio.create_task(hold(open_first))
    await asyncio.sleep(0)
    second = asyncio.create_task(hold())
    third = asyncio.create_task(hold())
    await asyncio.sleep(0)
    open_first.set()
    await first
    second.cancel()  # it has just been called
    assert await third == "served"
