"""The mirrored contacts of one business."""

from collections.abc import Collection, Sequence
from typing import Any, TypedDict, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    TableValuedAlias,
    Uuid,
    and_,
    any_,
    delete,
    func,
    or_,
    select,
    true,
    type_coerce,
    union,
)
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import NullType

from api.platform.db.repository import Repository, ids_parameter, texts_parameter
from api.platform.db.rows import insertion
from api.platform.http.paging import Paging, Slice, keyset_page
from api.records.text import containing
from api.sync.contacts.likenesses import Likeness, plain_name, selective_keys
from api.sync.contacts.models import MirrorContact, MirrorContactKey

_MOST_OF_A_KEY = 200  # contacts with one key; more have it by chance
_MOST_THE_SAME = 20
_MOST_NEIGHBOURS, _FEWEST_NEIGHBOURS, _ROWS_OF_NEIGHBOURS = 100, 10, 2000


class MirrorContactRow(TypedDict):
    """A row of `mirror_contacts` as it is read from Xero; the business is added when it is stored."""

    id: UUID
    organisation_id: UUID
    xero_contact_id: UUID
    name: str
    name_key: str
    contact_number: str | None
    account_number: str | None
    account_key: str | None
    plain_name: str
    likeness_keys: list[str]
    email: str | None
    phones: list[str]
    first_name: str | None
    last_name: str | None
    address_slots: list[dict[str, str]]
    phone_slots: list[dict[str, str]]
    tax_number: str | None
    status: str
    merged_to: UUID | None
    is_customer: bool
    is_supplier: bool


class MirrorContactRepository(Repository[MirrorContact]):
    """The mirror of the contacts of the connected organisation."""

    model = MirrorContact

    async def clear(self) -> None:
        """Remove every mirrored contact."""
        await self.session.execute(delete(MirrorContact).where(MirrorContact.business_id == self.business_id))

    async def remove(self, xero_contact_ids: Collection[UUID]) -> None:
        """Remove contacts that Xero no longer has."""
        await self.session.execute(
            delete(MirrorContact).where(
                MirrorContact.business_id == self.business_id, MirrorContact.xero_contact_id.in_(xero_contact_ids)
            )
        )

    async def store(self, rows: Sequence[MirrorContactRow]) -> None:
        """Insert or replace contacts."""
        latest = list({row["xero_contact_id"]: row for row in rows}.values())
        statement = insertion(MirrorContact, latest, business_id=self.business_id)
        changes = {name: statement.excluded[name] for name in rows[0] if name not in ("id", "xero_contact_id")}
        await self.session.execute(
            statement.on_conflict_do_update(index_elements=["business_id", "xero_contact_id"], set_=changes)
        )

    async def of(self, xero_contact_ids: Collection[UUID]) -> dict[UUID, MirrorContact]:
        """Contacts by Xero's id."""
        rows = await self.session.execute(self.rows().where(among(MirrorContact.xero_contact_id, xero_contact_ids)))
        return {row.xero_contact_id: row for row in rows.scalars()}

    async def numbered(self, contact_numbers: Collection[str]) -> Sequence[MirrorContact]:
        """The contacts with one of these numbers of ours that stand, or that were archived or merged."""
        statement = self.rows().where(among(MirrorContact.contact_number, contact_numbers))
        return list((await self.session.execute(statement)).scalars())

    async def called(self, name_keys: Collection[str]) -> Sequence[MirrorContact]:
        """The active contacts with any of these keys of names."""
        statement = self.rows().where(MirrorContact.status == "ACTIVE", among(MirrorContact.name_key, name_keys))
        return list((await self.session.execute(statement)).scalars())

    async def like(self, contacts: Collection[Likeness]) -> list[Likeness]:
        """The active contacts that may be possible duplicates of any of these.

        They have a key in common, or are next to one in the order of names; of each key there is a limit.
        """
        if not contacts:
            return []
        keys, names = _listed(selective_keys(contacts)), _listed({each.plain for each in contacts})
        mirrored, name = MirrorContact, MirrorContact.plain_name
        own = select(mirrored.xero_contact_id).where(mirrored.business_id == self.business_id)
        active = own.where(mirrored.status == "ACTIVE")
        key_of_it = and_(
            MirrorContactKey.business_id == mirrored.business_id,
            MirrorContactKey.xero_contact_id == mirrored.xero_contact_id,
        )
        of_key = active.join(MirrorContactKey, key_of_it).where(MirrorContactKey.key == keys.c.value).correlate(keys)
        neighbours = min(_MOST_NEIGHBOURS, max(_FEWEST_NEIGHBOURS, _ROWS_OF_NEIGHBOURS // len(contacts)))
        after = active.where(name >= names.c.value).correlate(names).order_by(name).limit(neighbours)
        before = active.where(name < names.c.value).correlate(names).order_by(name.desc()).limit(neighbours)
        parts = (
            (keys, of_key.order_by(name).limit(_MOST_OF_A_KEY).lateral()),
            (names, after.lateral()),
            (names, before.lateral()),
        )
        alike = union(*(select(part).select_from(source).join(part, true()) for source, part in parts))
        # The list of the driver, not a copy of it.
        keys_as_read: ColumnElement[Any] = type_coerce(mirrored.likeness_keys, NullType())
        columns = (mirrored.xero_contact_id, mirrored.name, name, keys_as_read)
        statement = select(*columns).where(
            mirrored.business_id == self.business_id, mirrored.xero_contact_id.in_(alike)
        )
        return [Likeness(*row) for row in await self.session.execute(statement)]

    async def with_keys(self, likeness_keys: Collection[str]) -> dict[str, list[UUID]]:
        """By each of these keys, the contacts that have it, archived ones too; of each key there is a limit."""
        keys, mirrored = _listed(likeness_keys), MirrorContact
        of_key = (
            select(mirrored.xero_contact_id)
            .join(
                MirrorContactKey,
                and_(
                    MirrorContactKey.business_id == mirrored.business_id,
                    MirrorContactKey.xero_contact_id == mirrored.xero_contact_id,
                ),
            )
            .where(
                mirrored.business_id == self.business_id,
                mirrored.merged_to.is_(None),
                MirrorContactKey.key == keys.c.value,
            )
            .correlate(keys)
            .limit(_MOST_THE_SAME)
            .lateral()
        )
        having: dict[str, list[UUID]] = {}
        for key, xero_contact_id in await self.session.execute(
            select(keys.c.value, of_key.c.xero_contact_id).join(of_key, true())
        ):
            having.setdefault(key, []).append(xero_contact_id)
        return having

    async def page(self, paging: Paging, q: str) -> Slice:
        """The active contacts whose name, e-mail address or number contains a text, by name.

        Each row is a contact and its keys.
        """
        mentions = or_(
            and_(true(), *(MirrorContact.plain_name.like(containing(word)) for word in plain_name(q).split())),
            MirrorContact.email.ilike(containing(q)),
            MirrorContact.contact_number.ilike(containing(q)),
            MirrorContact.account_number.ilike(containing(q)),
        )
        statement = self.rows().add_columns(MirrorContact.plain_name, MirrorContact.id)
        statement = statement.where(MirrorContact.status == "ACTIVE", mentions)
        return await keyset_page(self.session, statement, paging, by=MirrorContact.plain_name, tie=MirrorContact.id)

    async def candidates(
        self,
        *,
        name_keys: Collection[str],
        contact_numbers: Collection[str],
        account_keys: Collection[str],
        xero_contact_ids: Collection[UUID],
    ) -> list[MirrorContact]:
        """Contacts with any of these, and those that they were merged into."""
        condition = or_(
            among(MirrorContact.name_key, name_keys),
            among(MirrorContact.contact_number, contact_numbers),
            among(MirrorContact.account_key, account_keys),
            among(MirrorContact.xero_contact_id, xero_contact_ids),
        )
        rows: dict[UUID, MirrorContact] = {}
        new = list((await self.session.execute(self.rows().where(condition))).scalars())
        while new:
            rows |= {row.xero_contact_id: row for row in new}
            targets = {row.merged_to for row in new if row.merged_to} - rows.keys()
            merged = self.rows().where(among(MirrorContact.xero_contact_id, targets))
            new = list((await self.session.execute(merged)).scalars()) if targets else []
        return list(rows.values())


def _listed(values: Collection[str]) -> TableValuedAlias:
    """A table with one column, `value`."""
    return func.unnest(texts_parameter(sorted(values))).table_valued("value").render_derived()


def among(column: InstrumentedAttribute[Any], values: Collection[str] | Collection[UUID]) -> ColumnElement[bool]:
    """A condition with one parameter, however many values there are: a run has up to 10,000 contacts."""
    parameter = ids_parameter if isinstance(column.type, Uuid) else texts_parameter
    condition: ColumnElement[bool] = column == any_(parameter(cast("Any", values)))
    return condition
