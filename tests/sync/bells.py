"""Doorbells for tests that run their tasks by hand."""


class SilentDoorbell:
    """Rings nowhere."""

    async def ring(self, task: str, *ids: str) -> None:
        """Do nothing."""
