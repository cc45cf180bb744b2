"""One worker at a time works on a business, and a worker that died leaves its work to be found."""

from datetime import timedelta

import time_machine

from api.platform.clock import now
from api.sync.exports.lease import LEASE, ask_for_drain, due_businesses, leased
from tests.sync.shop import Shop


async def _ask(shop: Shop) -> None:
    async with shop.door.database.work(shop.business_id) as work:
        await ask_for_drain(work, shop.business_id)


async def test_a_business_whose_worker_was_killed_is_due_again_once_the_lease_has_run_out(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    await _ask(shop)
    # What a killed process leaves: the lease taken, nothing released.
    await shop.execute("UPDATE drains SET next_due = NULL, lease_until = :until, fence = 1", until=now() + LEASE)
    assert await due_businesses(shop.door.database) == []
    clock.shift(LEASE + timedelta(seconds=1))
    assert await due_businesses(shop.door.database) == [shop.business_id]


async def test_a_second_worker_gets_no_lease_while_the_first_one_works(shop: Shop) -> None:
    await _ask(shop)
    async with leased(shop.door.database, shop.business_id) as first:
        assert first is not None
        async with leased(shop.door.database, shop.business_id) as second:
            assert second is None


async def test_work_that_comes_while_a_worker_is_busy_is_still_due_when_it_lets_go(shop: Shop) -> None:
    await _ask(shop)
    async with leased(shop.door.database, shop.business_id):
        await _ask(shop)
    assert await due_businesses(shop.door.database) == [shop.business_id]


async def test_a_business_with_nothing_left_is_not_due(shop: Shop) -> None:
    await _ask(shop)
    async with leased(shop.door.database, shop.business_id):
        pass
    assert await due_businesses(shop.door.database) == []
