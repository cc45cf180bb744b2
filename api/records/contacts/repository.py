"""Contacts of one business."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, func, or_, select, true

from api.platform.db.repository import Repository, is_any_of
from api.platform.http.paging import Paging, Slice, keyset_page
from api.records.contacts.models import Contact
from api.records.contacts.schemas import ContactFilter
from api.records.repository import conditions
from api.records.text import search_key

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
    Contact.created_at,
    Contact.updated_at,
)


class ContactRepository(Repository[Contact]):
    """Rows of `contacts`."""

    model = Contact

    def filtered(self, person_name_format: str, wanted: ContactFilter) -> Select[*tuple[Any, ...]]:
        """Select the sortable views, limited by the filters."""
        plain = conditions(
            Contact,
            sync_state=wanted.sync_state,
            external_id=wanted.external_id,
            updated_since=wanted.updated_since,
        )
        statement = self._sortable(person_name_format).where(*plain)
        if wanted.q is not None:
            statement = statement.where(_mentions(wanted.q))
        if wanted.role is not None:
            statement = statement.where(Contact.roles.contains([wanted.role]))
        if wanted.email is not None:
            statement = statement.where(func.lower(Contact.email) == wanted.email.lower())
        return statement

    async def locked(self, ids: Collection[UUID]) -> Sequence[Contact]:
        """These contacts, locked in id order so that two writers never wait for each other."""
        statement = self.rows().where(is_any_of(Contact.id, ids)).order_by(Contact.id).with_for_update()
        return list((await self.session.execute(statement)).scalars())

    async def page(self, paging: Paging, person_name_format: str, wanted: ContactFilter) -> Slice:
        """List the views by sort name, limited by the filters."""
        statement = self.filtered(person_name_format, wanted)
        return await keyset_page(self.session, statement, paging, by=Contact.sort_name, tie=Contact.id)

    async def views(self, person_name_format: str, ids: Collection[UUID]) -> Sequence[Row[*tuple[Any, ...]]]:
        """The content columns and the display name of these contacts."""
        return (await self.session.execute(self._views(person_name_format).where(Contact.id.in_(ids)))).all()

    def table(self, person_name_format: str) -> Subquery:
        """The content columns, the display name and the sort name of every contact, for other statements to join."""
        return self._sortable(person_name_format).subquery("contact_views")

    async def names(self, person_name_format: str) -> Sequence[Row[UUID, str, str | None]]:
        """Id, name and payer reference of every contact."""
        name = _display_name(person_name_format)
        statement = select(Contact.id, name, Contact.payer_reference).where(Contact.business_id == self.business_id)
        return (await self.session.execute(statement)).all()

    def _sortable(self, person_name_format: str) -> Select[*tuple[Any, ...]]:
        return self._views(person_name_format).add_columns(Contact.sort_name)

    def _views(self, person_name_format: str) -> Select[*tuple[Any, ...]]:
        name = _display_name(person_name_format).label("display_name")
        return select(*_CONTENT, name).where(Contact.business_id == self.business_id)


def _display_name(person_name_format: str) -> ColumnElement[str]:
    if person_name_format == "last_first":
        person = func.concat_ws(", ", Contact.last_name, Contact.first_name)
    else:
        person = func.concat_ws(" ", Contact.first_name, Contact.last_name)
    return func.coalesce(Contact.name, person)


def _mentions(q: str) -> ColumnElement[bool]:
    # Each word is compared on its own, so that a person matches in either order of the names.
    words = (Contact.sort_name.contains(word, autoescape=True) for word in search_key(q).split())
    return or_(
        and_(true(), *words),
        Contact.email.icontains(q, autoescape=True),
        Contact.payer_reference.icontains(q, autoescape=True),
    )
