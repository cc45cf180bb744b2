"""Items of a business."""

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from api.identity.lists import RowList
from api.platform.db.reads import STATEMENTS
from api.platform.db.work import UnitOfWork
from api.platform.errors import FieldError, Invalid
from api.platform.http.versions import ANY_VERSION, ExpectedVersion
from api.records.accounting_codes.service import AccountingCodeService
from api.records.content import revised, write
from api.records.items.ledger import LedgerItem, compare, follow, forget, item_key
from api.records.items.models import Item
from api.records.items.repository import ItemRepository
from api.records.items.schemas import ItemChange, ItemFilter, ItemIn, ItemOut

__all__ = ["ITEM_LIST", "ItemService", "LedgerItem", "item_key"]

_KINDS = {"sale_code": "income", "purchase_code": "expense"}


class ItemService:
    """The items of one business."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._items = ItemRepository(work)

    async def get(self, item_id: UUID) -> Item:
        """Read one item. Raises NotFound."""
        return await self._items.get(item_id)

    async def create(self, content: ItemIn) -> Item:
        """Create an item. Raises CodeTaken."""
        await self._check_codes(content, set(_KINDS))
        await self._items.refuse_taken(content.code)
        return await self._items.add(Item(**content.model_dump()))

    async def change(self, item_id: UUID, change: ItemChange, expected: ExpectedVersion = ANY_VERSION) -> Item:
        """Apply a merge-patch. Raises InUse for a new code while a line uses the item."""
        item = await self._items.get(item_id, locked=True)
        await expected.check(ItemOut, lambda: self.get(item_id))
        content = revised(ItemIn, item, change)
        await self._check_codes(content, {name for name in _KINDS if getattr(content, name) != getattr(item, name)})
        if content.code != item.code:
            await self._items.refuse_used(item)
            await self._items.refuse_taken(content.code, owner=item.id)
            forget(item)
        write(item, content)
        compare(item)
        return await self._items.save(item)

    async def delete(self, item_id: UUID, expected: ExpectedVersion = ANY_VERSION) -> None:
        """Delete an item. Raises InUse when a line uses it."""
        item = await self._items.get(item_id, locked=True)
        await expected.check(ItemOut, lambda: self.get(item_id))
        await self._items.refuse_used(item)
        await self._items.delete(item)

    async def take_from_ledger(self, items: Sequence[LedgerItem]) -> None:
        """Add the items that are missing, and let the others follow `items`, the whole ledger."""
        catalogue = {item_key(item.code): item for item in items}
        rows = await self._items.locked()
        for row in rows:
            follow(row, catalogue.get(row.code_key))
        present = {row.code_key for row in rows}
        for key, item in catalogue.items():
            if key not in present:
                row = Item(business_id=self._work.business_id, code=item.code)
                follow(row, item)
                self._work.session.add(row)
        await self._work.session.flush()

    async def _check_codes(self, content: ItemIn, names: Collection[str]) -> None:
        wanted = {name: getattr(content, name) for name in sorted(names) if getattr(content, name) is not None}
        kinds = await AccountingCodeService(self._work).kinds(set(wanted.values()))
        errors = [
            FieldError(
                "wrong_code_kind",
                f"{code} is an {kinds[code]} code. Choose an {_KINDS[name]} code here.",
                pointer=f"#/{name}",
            )
            for name, code in wanted.items()
            if kinds.get(code, _KINDS[name]) != _KINDS[name]
        ]
        if errors:
            raise Invalid(errors=errors)


ITEM_LIST: Final = RowList(ItemOut, ItemRepository(STATEMENTS).filtered, ItemFilter(), by=Item.code)
