"""Items of one business."""

from typing import Any

from sqlalchemy import Select, or_, select

from api.platform.db.repository import Repository
from api.records.clashes import refuse_referenced
from api.records.items.models import Item
from api.records.repository import columns_named

_COLUMNS = (
    Item.id,
    Item.code,
    Item.name,
    Item.description,
    Item.sale_price,
    Item.sale_code,
    Item.purchase_price,
    Item.purchase_code,
)


class ItemRepository(Repository[Item]):
    """Rows of `items`."""

    model = Item

    def filtered(self, q: str | None) -> Select[*tuple[Any, ...]]:
        """Select the items whose code, name or description contains `q`."""
        statement: Select[*tuple[Any, ...]] = select(*_COLUMNS).where(Item.business_id == self.business_id)
        if q is None:
            return statement
        texts = (Item.code, Item.name, Item.description)
        return statement.where(or_(*(column.icontains(q, autoescape=True) for column in texts)))

    async def refuse_used(self, row: Item) -> None:
        """Raise InUse when a line uses this item."""
        await refuse_referenced(self.work, columns_named("invoice_lines.item_code"), row.code)
