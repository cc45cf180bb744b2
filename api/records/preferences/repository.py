"""The preferences of one business: one row."""

from uuid import UUID

from api.platform.db.repository import Repository
from api.records.preferences.models import Preferences


class PreferencesRepository(Repository[Preferences]):
    """The preferences of one business."""

    model = Preferences

    async def own(self) -> Preferences:
        """The row made at sign-up; read once in a transaction, however many services ask for it."""
        kept: dict[UUID, Preferences] = self.session.info.setdefault("preferences", {})
        if self.business_id not in kept:
            kept[self.business_id] = (await self.session.execute(self.rows())).scalar_one()
        return kept[self.business_id]

    async def own_locked(self) -> Preferences:
        """The row as it is now, locked until the transaction ends."""
        statement = self.rows().with_for_update().execution_options(populate_existing=True)
        row: Preferences = (await self.session.execute(statement)).scalar_one()
        return row
