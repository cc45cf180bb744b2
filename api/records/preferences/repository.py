"""The one row."""

from api.platform.db.repository import Repository
from api.records.preferences.models import Preferences


class PreferencesRepository(Repository[Preferences]):
    """The preferences of one business."""

    model = Preferences

    async def own(self, *, locked: bool = False) -> Preferences:
        """The row made at sign-up, `FOR UPDATE` when locked."""
        statement = self.rows().with_for_update() if locked else self.rows()
        row: Preferences = (await self.session.execute(statement)).scalar_one()
        return row
