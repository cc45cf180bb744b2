"""`/items`."""

from typing import Annotated

from fastapi import Response

from api.identity.access import service
from api.platform.db.repository import Count
from api.platform.errors import NotFound
from api.platform.http.dependencies import filter_of
from api.platform.http.paging import PagingDep
from api.platform.http.routing import ApiRouter, errors
from api.platform.http.schemas import CountOut, Page, page_response
from api.platform.http.versions import ExpectedVersionDep
from api.platform.ids import encode
from api.records.clashes import CodeTaken, InUse
from api.records.items.models import Item
from api.records.items.schemas import ItemChange, ItemFilter, ItemId, ItemIn, ItemOut
from api.records.items.service import ItemService

router = ApiRouter("/items", tag="items")
Reading = Annotated[ItemService, service(ItemService, "items:read")]
Writing = Annotated[ItemService, service(ItemService, "items:write")]
Wanted = Annotated[ItemFilter, filter_of(ItemFilter)]


@router.get("", response_model=Page[ItemOut])
async def list_items(items: Reading, paging: PagingDep, wanted: Wanted) -> Response:
    """List your items, ordered by code."""
    page = await items.page(paging, wanted)
    return page_response(ItemOut, page.rows, page.next_cursor)


@router.get("/counts", response_model=CountOut)
async def count_items(items: Reading, wanted: Wanted) -> Count:
    """Count the items that match the filters."""
    return await items.count(wanted)


@router.post("", status_code=201, response_model=ItemOut, responses=errors(CodeTaken))
async def create_item(body: ItemIn, items: Writing, response: Response) -> Item:
    """Add an item. The items of a connected ledger are added automatically."""
    item = await items.create(body)
    response.headers["Location"] = f"/api/v1/items/{encode('itm', item.id)}"
    return item


@router.get("/{item_id}", response_model=ItemOut, responses=errors(NotFound))
async def get_item(item_id: ItemId, items: Reading) -> Item:
    """Read one item."""
    return await items.get(item_id)


@router.patch("/{item_id}", response_model=ItemOut, responses=errors(NotFound, CodeTaken, InUse))
async def change_item(item_id: ItemId, body: ItemChange, items: Writing, version: ExpectedVersionDep) -> Item:
    """Change an item. Its code cannot change while an invoice line uses it."""
    return await items.change(item_id, body, version)


@router.delete("/{item_id}", status_code=204, responses=errors(NotFound, InUse))
async def delete_item(item_id: ItemId, items: Writing, version: ExpectedVersionDep) -> None:
    """Delete an item that no invoice line uses."""
    await items.delete(item_id, version)
