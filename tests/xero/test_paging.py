"""Reading a list in pages that shrink, for any list, any page size and any failures."""

import asyncio
from unittest.mock import patch
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.xero import paging
from api.xero.errors import XeroBusy
from api.xero.paging import read_pages, read_whole
from api.xero.reply import Reply
from api.xero.wire import InvoiceHeader, Pagination


class List:
    """A list at Xero whose pages fail when the weights of their elements are more than 100 together."""

    def __init__(self, weights: list[int], *, counts: bool, largest: int) -> None:
        self._weights, self._counts, self._largest = weights, counts, largest
        self.calls = 0

    async def read(self, number: int, size: int, skip: int) -> Reply[InvoiceHeader]:
        self.calls += 1
        size = min(size, self._largest)
        start = (number - 1) * size
        weights = self._weights[start : start + size]
        if sum(weights) > 100:
            raise XeroBusy(page_failed=True)
        headers = [InvoiceHeader(invoice_id=UUID(int=start + index + 1)) for index in range(len(weights))]
        pages = -(-len(self._weights) // size)
        paging = {"page": number, "pageSize": size, "pageCount": pages, "itemCount": len(self._weights)}
        pagination = Pagination.model_validate(paging) if self._counts else None
        return Reply(tuple(headers[skip:]), 200, None, paging=pagination)


@given(
    weights=st.lists(st.sampled_from([0, 1, 40, 100]), max_size=60),
    offset=st.integers(0, 60),
    page_size=st.integers(1, 20),
    counts=st.booleans(),
    largest=st.integers(1, 20),
)
def test_every_element_from_the_offset_on_is_read_once_and_in_order(
    weights: list[int], offset: int, page_size: int, counts: bool, largest: int
) -> None:
    offset = min(offset, len(weights))
    listed = List(weights, counts=counts, largest=largest if counts else page_size)

    async def numbers() -> list[int]:
        return [int(element.id) async for page in read_pages(listed.read, offset) for element in page.elements]

    with patch.object(paging, "PAGE_SIZE", page_size):
        assert asyncio.run(numbers()) == list(range(offset + 1, len(weights) + 1))
        assert listed.calls <= 12 * (len(weights) + 1)


@given(weights=st.lists(st.sampled_from([0, 1, 100, 101]), min_size=1, max_size=40))
def test_a_whole_read_ends_with_every_element_or_with_an_error(weights: list[int]) -> None:
    listed = List(weights, counts=True, largest=1000)

    if max(weights) > 100:
        with pytest.raises(XeroBusy):
            asyncio.run(read_whole(listed.read))
    else:
        listing = asyncio.run(read_whole(listed.read))
        assert (len(listing.elements), listing.complete) == (len(weights), True)
