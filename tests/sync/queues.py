"""Doorbells for tests that run their tasks by hand."""


class SilentQueue:
    """Rings nowhere."""

    async def wake(self, task: str, *ids: str) -> None:
        """Do nothing."""
