"""Contacts of one business."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Subquery,
    Uuid,
    and_,
    case,
    column,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from api.platform.db.repository import Repository, is_any_of
from api.platform.problems import as_rows
from api.records.contacts.models import Contact
from api.records.contacts.schemas import ContactFilter
from api.records.contacts.states import MATCHED, SyncMark, SyncState
from api.records.repository import conditions
from api.records.text import containing, search_key

_CONTENT = (
    Contact.id,
    Contact.kind,
    Contact.name,
    Contact.first_name,
    Contact.last_name,
    Contact.roles,
    Contact.email,
    Contact.phone,
    Contact.address,
    Contact.tax_number,
    Contact.payer_reference,
    Contact.external_id,
    Contact.sync_state,
    Contact.external_url,
    Contact.problems,
    Contact.remarks,
    Contact.asked_as,
    Contact.created_at,
    Contact.updated_at,
)


class ContactRepository(Repository[Contact]):
    """Rows of `contacts`."""

    model = Contact

    def filtered(self, name_format: ColumnElement[str], wanted: ContactFilter) -> Select[*tuple[Any, ...]]:
        """Select the sortable views, limited by the filters."""
        plain = conditions(
            Contact,
            sync_state=wanted.sync_state,
            external_id=wanted.external_id,
            updated_since=wanted.updated_since,
        )
        statement = self._sortable(name_format).where(*plain)
        if wanted.q is not None:
            statement = statement.where(_mentions(wanted.q))
        if wanted.role is not None:
            statement = statement.where(Contact.roles.contains([wanted.role]))
        if wanted.email is not None:
            statement = statement.where(func.lower(Contact.email) == wanted.email.lower())
        return statement

    async def insert(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Store new contacts, each with its id."""
        if rows:
            await self.session.execute(insert(Contact), [{**row, "business_id": self.business_id} for row in rows])

    async def mark(self, marks: Mapping[UUID, SyncMark], name_format: ColumnElement[str]) -> None:
        """Write every mark in one statement; unknown contacts are left out."""
        rows = [
            {
                "id": str(contact_id),
                "sync_state": mark.sync_state,
                "external_url": mark.external_url,
                "problems": as_rows(mark.problems),
                "remarks": as_rows(mark.remarks),
            }
            for contact_id, mark in marks.items()
        ]
        names = ("sync_state", "external_url", "problems", "remarks")
        columns = (column("id", Uuid), *(column(name, getattr(Contact, name).type) for name in names))
        marked = func.jsonb_to_recordset(literal(rows, JSONB)).table_valued(*columns, name="marks")
        marked = marked.render_derived(with_types=True)
        # Locked in id order, so that two writers never wait for each other.
        own = select(Contact.id).where(Contact.business_id == self.business_id, is_any_of(Contact.id, marks))
        locked = own.order_by(Contact.id).with_for_update().cte("locked")
        content = func.jsonb_build_object(
            *(part for name in sorted(MATCHED) for part in (name, getattr(Contact, name)))
        )
        address = func.jsonb_strip_nulls(func.coalesce(Contact.address, text("'{}'::jsonb")))
        both = content.concat(func.jsonb_build_object("address", address))
        agreed = case((marked.c.sync_state == SyncState.IN_STEP, both), else_=None)
        is_asked = and_(marked.c.sync_state == SyncState.UNSURE, marked.c.external_url.is_(None))
        asked_as = case((is_asked, func.coalesce(Contact.asked_as, _display_name(name_format))), else_=None)
        statement = update(Contact).where(Contact.id == locked.c.id, Contact.id == marked.c.id)
        await self.session.execute(
            statement.values(
                {name: marked.c[name] for name in names} | {"agreed_content": agreed, "asked_as": asked_as}
            ),
            execution_options={"synchronize_session": False},
        )

    async def ids_in(self, sync_state: str) -> set[UUID]:
        """The ids of the contacts in this state."""
        statement = select(Contact.id).where(Contact.business_id == self.business_id, Contact.sync_state == sync_state)
        return set((await self.session.execute(statement)).scalars())

    async def views(self, name_format: ColumnElement[str], ids: Collection[UUID]) -> Sequence[Row[*tuple[Any, ...]]]:
        """The content columns and the display name of these contacts."""
        return (await self.session.execute(self._views(name_format).where(is_any_of(Contact.id, ids)))).all()

    async def ids_after(self, contact_id: UUID | None, limit: int) -> Sequence[UUID]:
        """The ids that follow this one, in their order."""
        statement = select(Contact.id).where(Contact.business_id == self.business_id).order_by(Contact.id).limit(limit)
        if contact_id is not None:
            statement = statement.where(Contact.id > contact_id)
        return (await self.session.execute(statement)).scalars().all()

    def table(self, name_format: ColumnElement[str] | str) -> Subquery:
        """The content columns, the display name and the sort name of every contact, for other statements to join."""
        wanted = literal(name_format) if isinstance(name_format, str) else name_format
        return self._sortable(wanted).subquery("contact_views")

    async def names(
        self, name_format: ColumnElement[str], updated_since: datetime | None = None
    ) -> Sequence[Row[UUID, str, str | None, str | None]]:
        """Id, name, payer reference and asked name of every contact, or of those changed since an instant."""
        name = _display_name(name_format)
        columns = (Contact.id, name, Contact.payer_reference, Contact.asked_as)
        statement = select(*columns).where(Contact.business_id == self.business_id)
        return (await self.session.execute(statement.where(*conditions(Contact, updated_since=updated_since)))).all()

    def _sortable(self, name_format: ColumnElement[str]) -> Select[*tuple[Any, ...]]:
        return self._views(name_format).add_columns(Contact.sort_name)

    def _views(self, name_format: ColumnElement[str]) -> Select[*tuple[Any, ...]]:
        name = _display_name(name_format).label("display_name")
        return select(*_CONTENT, name).where(Contact.business_id == self.business_id)


def _display_name(name_format: ColumnElement[str]) -> ColumnElement[str]:
    person = case(
        (name_format == "last_first", func.concat_ws(", ", Contact.last_name, Contact.first_name)),
        else_=func.concat_ws(" ", Contact.first_name, Contact.last_name),
    )
    return func.coalesce(Contact.name, person)


def _mentions(q: str) -> ColumnElement[bool]:
    # Each word is compared on its own, so that a person matches in either order of the names.
    words = (Contact.sort_name.like(containing(word)) for word in search_key(q).split())
    return or_(
        and_(true(), *words),
        Contact.email.ilike(containing(q)),
        Contact.payer_reference.ilike(containing(q)),
    )
