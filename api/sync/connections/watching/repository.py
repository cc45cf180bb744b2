"""Whether a connection has to be checked, and what a check shows."""

from datetime import timedelta

from sqlalchemy import ColumnElement, case, exists, or_, update

from api.platform.clock import app_now
from api.platform.db.repository import Repository
from api.records.contacts.models import Contact
from api.records.contacts.service import SyncState
from api.records.invoices.models import Invoice
from api.records.invoices.service import IN_EXPORT, ExportState
from api.records.preferences.models import Preferences
from api.sync.connections.models import Connection
from api.sync.connections.states import ConnectionState


class WatchedConnectionRepository(Repository[Connection]):
    """The working connection of one business."""

    model = Connection

    async def is_check_due(self, busy: timedelta, idle: timedelta, recent: timedelta) -> bool:
        """Whether Xero's last answer is too old, or the last call had none.

        An answer may be as old as `busy` if something waits to be sent or the connection was used in the `recent`
        past, and as old as `idle` otherwise.
        """
        is_busy = or_(Connection.used_at > app_now() - recent, self._something_waits())
        is_old = Connection.checked_at <= app_now() - case((is_busy, busy), else_=idle)
        is_due = or_(Connection.checked_at.is_(None), Connection.unreachable_since.is_not(None), is_old)
        due = self.rows().where(Connection.state == ConnectionState.CONNECTED, is_due)
        return (await self.session.execute(due)).first() is not None

    async def note_listed(self) -> None:
        """Xero still lists the connection. Whether it does what we ask is not known by that, so a problem stays."""
        own = (Connection.business_id == self.business_id, Connection.state == ConnectionState.CONNECTED)
        await self.session.execute(update(Connection).where(*own).values(checked_at=app_now(), unreachable_since=None))

    def _something_waits(self) -> ColumnElement[bool]:
        """The condition that approved invoices are not sent, or that changes of contacts wait for the next push."""
        invoices = exists().where(
            Invoice.business_id == self.business_id,
            Invoice.status == "approved",
            Invoice.export_state.in_((ExportState.NOT_EXPORTED, *IN_EXPORT)),
        )
        contacts = exists().where(
            Preferences.business_id == self.business_id,
            Preferences.contact_push_enabled,
            Contact.business_id == Preferences.business_id,
            Contact.sync_state.in_((SyncState.NOT_SENT, SyncState.CHANGED)),
        )
        return or_(invoices, contacts)
