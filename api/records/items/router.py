"""`/items`."""

from typing import Annotated

from fastapi import Response

from api.identity.access import service
from api.identity.reader import Reader, reading
from api.platform.db.repository import Count
from api.platform.errors import NotFound
from api.platform.http.dependencies import filter_of
from api.platform.http.paging import PagingDep
from api.platform.http.routing import ApiRouter, errors
from api.platform.http.schemas import CountOut, Page
from api.platform.http.versions import ExpectedVersionDep
from api.platform.ids import encode
from api.records.clashes import CodeTaken, InUse
from api.records.items.models import Item
from api.records.items.schemas import ItemChange, ItemFilter, ItemId, ItemIn, ItemOut
from api.records.items.service import ITEM_LIST, ItemService

router = ApiRouter("/items", tag="items")
Reading = Annotated[Reader, reading("items:read")]
Writing = Annotated[ItemService, service(ItemService, "items:write")]
Wanted = Annotated[ItemFilter, filter_of(ItemFilter)]


@router.get("", response_model=Page[ItemOut])
async def list_items(reader: Reading, paging: PagingDep, wanted: Wanted) -> Response:
    """List your items, ordered by code."""
    return await ITEM_LIST.page(reader, paging, wanted)


@router.get("/counts", response_model=CountOut)
async def count_items(reader: Reading, wanted: Wanted) -> Count:
    """Count the items that match the filters."""
    return await ITEM_LIST.count(reader, wanted)


@router.post("", status_code=201, response_model=ItemOut, responses=errors(CodeTaken))
async def create_item(body: ItemIn, items: Writing, response: Response) -> Item:
    """Add an item. The items of a connected ledger are added automatically."""
    item = await items.create(body)
    response.headers["Location"] = f"/api/v1/items/{encode('itm', item.id)}"
    return item


@router.get("/{item_id}", response_model=ItemOut, responses=errors(NotFound))
async def get_item(item_id: ItemId, reader: Reading) -> Response:
    """Read one item."""
    return await ITEM_LIST.get(reader, item_id)


@router.patch("/{item_id}", response_model=ItemOut, responses=errors(NotFound, CodeTaken, InUse))
async def change_item(item_id: ItemId, body: ItemChange, items: Writing, version: ExpectedVersionDep) -> Item:
    """Change an item. Its code cannot change while an invoice line uses it."""
    return await items.change(item_id, body, version)


@router.delete("/{item_id}", status_code=204, responses=errors(NotFound, InUse))
async def delete_item(item_id: ItemId, items: Writing, version: ExpectedVersionDep) -> None:
    """Delete an item that no invoice line uses."""
    await items.delete(item_id, version)
