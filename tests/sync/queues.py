"""A task queue for tests that run their tasks by hand."""


class SilentQueue:
    """Wakes nobody."""

    async def wake(self, task: str, *ids: str) -> None:
        """Do nothing."""
