"""The preferences of one business."""

from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, select

from api.platform.db.repository import Repository
from api.records.preferences.models import Preferences


class PreferencesRepository(Repository[Preferences]):
    """The one row of a business in `preferences`."""

    model = Preferences

    async def own(self) -> Preferences:
        """The row of the business. It is read once per transaction, however many services need it."""
        kept: dict[UUID, Preferences] = self.session.info.setdefault("preferences", {})
        if self.business_id not in kept:
            kept[self.business_id] = (await self.session.execute(self.rows())).scalar_one()
        return kept[self.business_id]

    def name_format(self) -> ColumnElement[str]:
        """The format of the names of persons, for other statements to use."""
        own = select(Preferences.person_name_format).where(Preferences.business_id == self.business_id)
        return own.scalar_subquery()

    async def own_locked(self) -> Preferences:
        """Read the row again and lock it until the transaction ends."""
        statement = self.rows().with_for_update().execution_options(populate_existing=True)
        row: Preferences = (await self.session.execute(statement)).scalar_one()
        return row


def pushing_businesses() -> Subquery:
    """Every business that pushes its contacts: its `business_id` and `changed_at`, for sweeps to join with."""
    statement = select(Preferences.business_id, Preferences.updated_at.label("changed_at")).where(
        Preferences.contact_push_enabled
    )
    return statement.subquery("pushing")
