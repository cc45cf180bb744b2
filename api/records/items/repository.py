"""Items of one business."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select

from api.platform.db.repository import Repository
from api.platform.errors import FieldError
from api.records.clashes import CodeTaken, refuse_referenced
from api.records.items.ledger import item_key
from api.records.items.models import Item
from api.records.items.schemas import ItemFilter
from api.records.repository import columns_named, conditions
from api.records.text import containing

_COLUMNS = (
    Item.id,
    Item.code,
    Item.name,
    Item.description,
    Item.sale_price,
    Item.sale_code,
    Item.purchase_price,
    Item.purchase_code,
    Item.match,
    Item.in_ledger,
    Item.created_at,
    Item.updated_at,
)


class ItemRepository(Repository[Item]):
    """Rows of `items`."""

    model = Item

    def filtered(self, wanted: ItemFilter) -> Select[*tuple[Any, ...]]:
        """Select the items that match the filters."""
        of_these = conditions(Item, match=wanted.match, updated_since=wanted.updated_since)
        statement: Select[*tuple[Any, ...]] = select(*_COLUMNS).where(Item.business_id == self.business_id, *of_these)
        if wanted.q is None:
            return statement
        texts = (Item.code, Item.name, Item.description)
        return statement.where(or_(*(column.ilike(containing(wanted.q)) for column in texts)))

    async def locked(self) -> Sequence[Item]:
        """Every item, `FOR UPDATE` in the order of their codes."""
        statement = self.rows().order_by(Item.code_key).with_for_update()
        rows: Sequence[Item] = (await self.session.execute(statement)).scalars().all()
        return rows

    async def refuse_taken(self, code: str, *, owner: UUID | None = None) -> None:
        """Raise CodeTaken when another item has this code in any letter case."""
        key = item_key(code)
        row = (await self.by(Item.code_key, {key})).get(key)
        if row is not None and row.id != owner:
            raise CodeTaken(errors=[FieldError(CodeTaken.code, CodeTaken.remedy, pointer="#/code")])

    async def refuse_used(self, row: Item) -> None:
        """Raise InUse when a line uses this item."""
        await refuse_referenced(self.work, columns_named("invoice_lines.item_code"), row.code)
