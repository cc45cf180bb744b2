"""How far the contacts of an organisation have been read, and a reading that has not ended."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from api.platform.db.work import UnitOfWork
from api.sync.contacts.models import MirrorCursor


@dataclass(frozen=True)
class Reading:
    """A reading of everything (`since` is None) or of what changed since then, up to the contact number `offset`.

    `began_at` is when Xero began to answer, by its clock; `count` is the length of its list, which only grows.
    """

    since: datetime | None
    began_at: datetime
    offset: int
    count: int | None


class MirrorCursorRepository:
    """The cursor of the business: it belongs to the organisation that was read last."""

    def __init__(self, work: UnitOfWork, organisation_id: UUID) -> None:
        self._session = work.session
        self._business_id, self._organisation_id = work.business_id, organisation_id

    async def read_up_to(self) -> datetime | None:
        """The change up to which the organisation has been read; None before the first whole read has ended."""
        cursor = await self._own()
        return cursor.read_up_to if cursor else None

    async def reading(self, since: datetime | None) -> Reading | None:
        """The reading since then that was begun and has not ended, as far as it got."""
        _, reading = await self.progress()
        return reading if reading is not None and reading.since == since else None

    async def progress(self) -> tuple[datetime | None, Reading | None]:
        """Up to which change the organisation has been read, and the reading that has not ended."""
        cursor = await self._own()
        if cursor is None or cursor.reading_began_at is None:
            return (cursor.read_up_to if cursor else None), None
        begun = cursor.reading_since, cursor.reading_began_at, cursor.reading_offset, cursor.reading_count
        return cursor.read_up_to, Reading(*begun)

    async def go_on(self, reading: Reading) -> None:
        """Note how far a reading is. During one of everything, nothing is known of the organisation."""
        await self._store(
            read_up_to=await self.read_up_to() if reading.since is not None else None,
            reading_since=reading.since,
            reading_began_at=reading.began_at,
            reading_offset=reading.offset,
            reading_count=reading.count,
        )

    async def end(self, read_up_to: datetime) -> None:
        """Note that the organisation has been read up to this change, and that no reading is open."""
        closed = {"reading_since": None, "reading_began_at": None, "reading_offset": 0, "reading_count": None}
        await self._store(read_up_to=read_up_to, **closed)

    async def _own(self) -> MirrorCursor | None:
        statement = select(MirrorCursor).filter_by(business_id=self._business_id, organisation_id=self._organisation_id)
        rows = await self._session.execute(statement.execution_options(populate_existing=True))
        return rows.scalar_one_or_none()

    async def _store(self, **columns: datetime | int | None) -> None:
        values = {"organisation_id": self._organisation_id, **columns}
        statement = insert(MirrorCursor).values(business_id=self._business_id, **values)
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=[MirrorCursor.business_id], set_=values)
        )
