"""Lists of rows, and single ones of these rows, read in the round trip that identifies the caller."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute
from starlette.responses import Response

from api.identity.reader import Reader
from api.platform.db.reads import Read, ReadRow
from api.platform.db.repository import Count, count_of, counting, with_id
from api.platform.errors import NotFound
from api.platform.http.paging import Paging, keyset_statement, one_page, place_of
from api.platform.http.row_pages import row_page_response, row_response
from api.platform.http.schemas import OutputModel

F = TypeVar("F", bound=Hashable)
KEPT_STATEMENTS: Final = 256  # most requests have one of few filters; a search is compiled each time


def _as_it_is(row: ReadRow) -> ReadRow:
    return row


class RowList(Generic[F]):
    """The rows of the business of the caller, in the order of the column `by`, as answers of this shape.

    `select_rows` gives the statement of the rows that match a filter; all of them match the filter `every`. `values`
    gives the values of the shape's fields, where these are not columns.
    """

    def __init__(
        self,
        shape: type[OutputModel],
        select_rows: Callable[[F], Select[*tuple[Any, ...]]],
        every: F,
        *,
        by: InstrumentedAttribute[Any],
        descending: bool = False,
        values: Callable[[ReadRow], Mapping[str, Any]] = _as_it_is,
        missing: type[NotFound] = NotFound,
    ) -> None:
        self._shape = shape
        self._select_rows = select_rows
        self._every = every
        self._by = by
        self._id = by.class_.id
        self._descending = descending
        self._values = values
        self._missing = missing
        self._page = lru_cache(KEPT_STATEMENTS)(self._compile_page)
        self._count = lru_cache(KEPT_STATEMENTS)(self._compile_count)
        self._row = lru_cache(1)(self._compile_row)

    async def page(self, reader: Reader, paging: Paging, wanted: F) -> Response:
        """A page of the rows that match the filter."""
        (rows,) = await reader.fetch(self._page_read(paging, wanted))
        return self._page_response(paging, rows)

    async def page_within(
        self, reader: Reader, paging: Paging, wanted: F, *, parent: "RowList[Any]", parent_id: UUID
    ) -> Response:
        """Like `page`, for rows that belong to one row of another list; their statement has the parameter `parent_id`.

        Raises NotFound if the business has no such row.
        """
        page_read = self._page_read(paging, wanted).with_values(parent_id=parent_id)
        parents, rows = await reader.fetch(parent.row_read(parent_id), page_read)
        parent.row_of(parents)
        return self._page_response(paging, rows)

    async def count(self, reader: Reader, wanted: F) -> Count:
        """Count the rows that match the filter."""
        ((row,),) = await reader.fetch(self._count(wanted))
        return count_of(row["count"])

    async def get(self, reader: Reader, row_id: UUID) -> Response:
        """One row. Raises NotFound; the id of another business's row is as unknown as any other."""
        (rows,) = await reader.fetch(self.row_read(row_id))
        return row_response(self._shape, self._values(self.row_of(rows)))

    def row_read(self, row_id: UUID) -> Read:
        """The statement of one row."""
        return self._row().with_values(row_id=row_id)

    def row_of(self, rows: Sequence[ReadRow]) -> ReadRow:
        """The row of `row_read`. Raises NotFound."""
        if not rows:
            raise self._missing
        return rows[0]

    def _page_read(self, paging: Paging, wanted: F) -> Read:
        read = self._page(wanted, paging.limit, continued=paging.after is not None)
        return read.with_values(**place_of(paging, self._by))

    def _page_response(self, paging: Paging, rows: Sequence[ReadRow]) -> Response:
        rows, next_cursor = one_page(rows, paging, self._by)
        return row_page_response(self._shape, [*map(self._values, rows)], next_cursor)

    def _compile_page(self, wanted: F, limit: int, *, continued: bool) -> Read:
        statement = self._select_rows(wanted)
        return Read.of(
            keyset_statement(
                statement, limit, continued=continued, by=self._by, tie=self._id, descending=self._descending
            )
        )

    def _compile_count(self, wanted: F) -> Read:
        return Read.of(counting(self._select_rows(wanted), self._id))

    def _compile_row(self) -> Read:
        return Read.of(with_id(self._select_rows(self._every), self._id))
