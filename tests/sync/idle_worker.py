"""A worker that has nothing to do but what is scheduled; the clock is moved instead of waiting."""

from datetime import timedelta

import pytest

from api.identity.mails.service import wake_due_mails
from api.platform.queue import ArqTaskQueue
from api.platform.schedule.service import wake_due
from api.worker import plan
from tests.clock import Clock
from tests.sync.connected_business import ConnectedBusiness

_STEP = timedelta(minutes=5)


class IdleWorker:
    """Sweeps, and runs the tasks that the sweeps wake."""

    def __init__(self, business: ConnectedBusiness, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
        self._business, self._clock = business, clock
        self._plan = plan(business.app.state.settings, business.gateways)
        self._woken: list[tuple[str, tuple[str, ...]]] = []

        async def wake(queue: ArqTaskQueue, task: str, *ids: str) -> None:
            self._woken.append((task, ids))

        monkeypatch.setattr(ArqTaskQueue, "wake", wake)

    def use_mail_server(self, url: str) -> None:
        """Send mails to this server."""
        settings = self._business.app.state.settings.model_copy(
            update={"smtp_url": url, "mail_from": "jobtally@example.nz"}
        )
        self._plan = plan(settings, self._business.gateways)

    async def idle_for(self, period: timedelta) -> None:
        """Let this time pass, with a sweep every five minutes."""
        passed = timedelta(0)
        while passed < period:
            passed += _STEP
            await self._sweep_after(_STEP)

    async def idle_until_due(self, task: str) -> None:
        """Let the time pass until this task is due, with one sweep then and one for what it has queued."""
        ((wait,),) = await self._business.execute(
            "SELECT due_at - app_now() FROM scheduled_tasks WHERE task = :task", task=task
        )
        await self._sweep_after(wait + timedelta(seconds=1))
        await self._sweep_after(timedelta(seconds=1))

    async def _sweep_after(self, period: timedelta) -> None:
        self._clock.shift(period)
        self._woken.clear()
        await wake_due(self._business.gateways.database)
        await wake_due_mails(self._business.gateways.database)
        for task, ids in list(dict.fromkeys(self._woken)):
            await self._plan.tasks[task](self._plan.context, *ids)
