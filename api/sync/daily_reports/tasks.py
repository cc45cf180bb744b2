"""Background tasks of daily reports."""

from typing import Any
from uuid import UUID

from api.platform.db.work import Database
from api.sync.daily_reports.service import report


async def send(ctx: dict[str, Any], business_id: str) -> None:
    """Raise the alarm and send the summary of a business."""
    database: Database = ctx["database"]
    async with database.work(UUID(business_id)) as work:
        await report(work)
