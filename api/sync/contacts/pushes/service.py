"""Starting and following the pushes of one business; and what other packages may use."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from api.identity.audit.service import record_event
from api.identity.lists import RowList
from api.platform.db.reads import STATEMENTS
from api.platform.db.work import UnitOfWork
from api.platform.ids import encode
from api.platform.log import current_request_id
from api.records.contacts.service import ContactService
from api.records.preferences.service import PreferencesService
from api.records.text import name_key
from api.sync.connections.service import ConnectionService, LastSyncOut
from api.sync.contacts.pushes.changing import ContactChange
from api.sync.contacts.pushes.models import ContactPush, ContactPushItem
from api.sync.contacts.pushes.repository import (
    ContactPushItemRepository,
    ContactPushRepository,
    UnknownPush,
    renames,
)
from api.sync.contacts.pushes.schemas import ContactPushItemOut, ContactPushOut, values_of_item, values_of_push
from api.sync.contacts.pushes.slots import PERIOD, slot_at
from api.sync.contacts.pushes.states import PushResult
from api.sync.contacts.pushes.turn import delay_push, open_push, push_contacts
from api.sync.contacts.repository import MirrorContactRepository
from api.sync.writes.service import queue_writes

__all__ = [
    "PUSH_ITEM_LIST",
    "PUSH_LIST",
    "ContactChange",
    "ContactPush",
    "ContactPushService",
    "UnknownPush",
    "delay_push",
    "last_contact_push",
    "open_push",
    "push_contacts",
]


@dataclass(frozen=True)
class StartedPush:
    """A push, and whether it was there before."""

    push: ContactPush
    is_new: bool


@dataclass(frozen=True)
class Schedule:
    """When contacts are pushed; `next_at` is None when no push is planned."""

    enabled: bool
    last: ContactPush | None
    next_at: datetime | None


class ContactPushService:
    """The pushes of the business at work."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._pushes = ContactPushRepository(work)
        self._items = ContactPushItemRepository(work)

    async def start(self, started_by: str) -> StartedPush:
        """Push now; the push that is under way, if there is one. Raises NotConnectedYet."""
        connection = await ConnectionService(self._work).require_live()
        begun = await self._pushes.begin(
            connection.organisation_id, started_by=started_by, request_id=current_request_id()
        )
        if begun is None:
            push = await self._pushes.unfinished() or await self._pushes.latest()
            assert push is not None, "a push is not begun only because there is one"
            return StartedPush(push, is_new=False)
        record_event(self._work, "contacts.push", subject=encode("cpu", begun))
        await queue_writes(self._work, self._work.business_id)
        return StartedPush(await self._pushes.get(begun), is_new=True)

    async def start_scheduled(self) -> None:
        """Begin the push of these six hours, unless there is one or another is under way."""
        connection = await ConnectionService(self._work).live()
        preferences = await PreferencesService(self._work).current()
        if connection is None or not preferences.contact_push_enabled:
            return
        slot = slot_at(self._work.business_id, await self._work.now())
        if await self._pushes.begin(connection.organisation_id, slot=slot) is not None:
            await self._pushes.forget_old()
            await queue_writes(self._work, self._work.business_id)

    async def schedule(self) -> Schedule:
        """Whether contacts are pushed by themselves, the latest push and when the next one begins."""
        enabled = (await PreferencesService(self._work).current()).contact_push_enabled
        last = await self._pushes.latest()
        next_at = await self._next_at() if enabled else None
        return Schedule(enabled, last, next_at)

    async def name_changes(self, person_name_format: str | None) -> int:
        """How many contacts the next push would rename in Xero if persons were named in this way.

        Names that other contacts have there are not counted: Xero refuses them.
        """
        connection = await ConnectionService(self._work).live()
        if connection is None:
            return 0
        contacts = ContactService(self._work).table(person_name_format)
        new = await renames(self._work, connection.organisation_id, contacts)
        renamed: dict[str, set[UUID]] = defaultdict(set)
        for xero_contact_id, name in new:
            renamed[name_key(name)].add(xero_contact_id)
        holders = await MirrorContactRepository(self._work).called(renamed)
        taken = {row.name_key for row in holders if row.xero_contact_id not in renamed[row.name_key]}
        return len(renamed.keys() - taken)

    async def _next_at(self) -> datetime | None:
        connection = await ConnectionService(self._work).live()
        if connection is None:
            return None
        return slot_at(self._work.business_id, await self._work.now()) + PERIOD


PUSH_LIST: Final = RowList(
    ContactPushOut,
    lambda _: ContactPushRepository(STATEMENTS).listed(),
    None,
    by=ContactPush.created_at,
    descending=True,
    values=values_of_push,
    missing=UnknownPush,
)
PUSH_ITEM_LIST: Final = RowList[PushResult | None](
    ContactPushItemOut,
    ContactPushItemRepository(STATEMENTS).of_push,
    None,
    by=ContactPushItem.created_at,
    values=values_of_item,
)


async def last_contact_push(work: UnitOfWork) -> list[LastSyncOut]:
    """When contacts were last pushed, and when they are pushed next."""
    finished = await ContactPushRepository(work).latest(finished=True)
    schedule = await ContactPushService(work).schedule()
    at = finished.finished_at if finished is not None else None
    return [LastSyncOut(kind="contact_push", at=at, next_at=schedule.next_at)]
