"""Items of one business."""

from typing import Any

from sqlalchemy import Select, or_, select

from api.platform.db.repository import Repository
from api.platform.http.paging import Paging, Slice, keyset_page
from api.records.clashes import refuse_referenced
from api.records.items.models import Item
from api.records.items.schemas import ItemFilter
from api.records.repository import columns_named, conditions

_COLUMNS = (
    Item.id,
    Item.code,
    Item.name,
    Item.description,
    Item.sale_price,
    Item.sale_code,
    Item.purchase_price,
    Item.purchase_code,
    Item.created_at,
    Item.updated_at,
)


class ItemRepository(Repository[Item]):
    """Rows of `items`."""

    model = Item

    def filtered(self, wanted: ItemFilter) -> Select[*tuple[Any, ...]]:
        """Select the items that match the filters."""
        since = conditions(Item, updated_since=wanted.updated_since)
        statement: Select[*tuple[Any, ...]] = select(*_COLUMNS).where(Item.business_id == self.business_id, *since)
        if wanted.q is None:
            return statement
        texts = (Item.code, Item.name, Item.description)
        return statement.where(or_(*(column.icontains(wanted.q, autoescape=True) for column in texts)))

    async def page(self, paging: Paging, wanted: ItemFilter) -> Slice:
        """List the items that match the filters, ordered by code."""
        return await keyset_page(self.session, self.filtered(wanted), paging, by=Item.code, tie=Item.id)

    async def refuse_used(self, row: Item) -> None:
        """Raise InUse when a line uses this item."""
        await refuse_referenced(self.work, columns_named("invoice_lines.item_code"), row.code)
