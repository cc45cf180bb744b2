"""Keeping the mirror of an organisation's contacts: one call a page, only what changed since the last read."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from api.platform.clock import now
from api.platform.db.work import UnitOfWork
from api.platform.ids import uuid7
from api.sync.connections.service import XeroGateway
from api.sync.contacts.matching import Ours, Theirs
from api.sync.contacts.models import MirrorContact, MirrorCursor
from api.sync.ledger.service import folded
from api.xero.wire import Contact

_MARGIN = timedelta(seconds=30)  # clocks differ, and Xero counts changes by the second


async def read_changes(gateway: XeroGateway) -> None:
    """Bring the mirror up to now; whole at first, and whole again for another organisation."""
    client = gateway.client()
    async with gateway.work() as work:
        cursor = await work.session.get(MirrorCursor, gateway.business_id)
    since = cursor.read_up_to if cursor and cursor.organisation_id == gateway.organisation_id else None
    started = now()
    page = pages = 1
    while page <= pages:
        reply = await client.contacts(page, modified_since=since, include_archived=True)
        async with gateway.work() as work:
            if page == 1 and since is None:
                await work.session.execute(
                    delete(MirrorContact).where(MirrorContact.business_id == gateway.business_id)
                )
            await store(work, gateway.organisation_id, reply.elements)
        page, pages = page + 1, reply.page_count
    async with gateway.work() as work:
        values = {"organisation_id": gateway.organisation_id, "read_up_to": started - _MARGIN}
        await work.session.execute(
            insert(MirrorCursor)
            .values(business_id=gateway.business_id, **values)
            .on_conflict_do_update(index_elements=[MirrorCursor.business_id], set_=values)
        )


async def store(work: UnitOfWork, organisation_id: UUID, contacts: Sequence[Contact]) -> None:
    """Put contacts into the mirror as they are now."""
    if not contacts:
        return
    rows = [
        {
            "id": uuid7(),
            "business_id": work.business_id,
            "organisation_id": organisation_id,
            "xero_contact_id": one.contact_id,
            "name": one.name or "",
            "folded_name": folded(one.name or ""),
            "contact_number": one.contact_number or None,
            "account_number": one.account_number or None,
            "email": one.email_address or None,
            "status": (one.contact_status or "ACTIVE").upper(),
            "merged_to": one.merged_to_contact_id,
            "is_customer": one.is_customer,
            "is_supplier": one.is_supplier,
        }
        for one in {one.contact_id: one for one in contacts}.values()
    ]
    statement = insert(MirrorContact).values(rows)
    kept = {"id", "business_id", "xero_contact_id"}
    changes = {name: statement.excluded[name] for name in rows[0] if name not in kept}
    await work.session.execute(
        statement.on_conflict_do_update(index_elements=["business_id", "xero_contact_id"], set_=changes)
    )


async def candidates(work: UnitOfWork, wanted: Collection[Ours]) -> list[Theirs]:
    """Everybody in the mirror whom one of ours could be, and those they were merged into."""
    named = {folded(one.name) for one in wanted}
    numbers = {one.contact_number for one in wanted}
    accounts = {one.account_number for one in wanted if one.account_number}
    own = select(MirrorContact).where(MirrorContact.business_id == work.business_id)
    alike = or_(
        MirrorContact.folded_name.in_(named),
        MirrorContact.contact_number.in_(numbers),
        MirrorContact.account_number.in_(accounts),
    )
    rows = list((await work.session.execute(own.where(alike))).scalars())
    heirs = {row.merged_to for row in rows if row.merged_to} - {row.xero_contact_id for row in rows}
    if heirs:
        rows += (await work.session.execute(own.where(MirrorContact.xero_contact_id.in_(heirs)))).scalars()
    return [
        Theirs(
            row.xero_contact_id, row.name, row.contact_number, row.account_number, row.email,
            row.status == "ACTIVE", row.merged_to,
        )
        for row in rows
    ]  # fmt: skip
