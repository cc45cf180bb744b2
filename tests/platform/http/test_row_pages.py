"""Pages that are written from rows: the same answer as from objects of the shape."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from api.platform.http.row_pages import row_page_response
from api.platform.http.schemas import OutputModel, ProblemOut, page_response
from api.platform.ids import PublicId
from api.platform.problems import Problem, as_rows
from api.records.money import AmountOut


class _State(StrEnum):
    SENT = "sent"


class _Line(OutputModel):
    amount: AmountOut


class _Shape(OutputModel):
    id: Annotated[UUID, PublicId("inv", "invoice")]
    job_id: Annotated[UUID, PublicId("job", "job")] | None
    state: _State
    issued_on: date | None
    changed_at: datetime
    total: AmountOut
    problems: list[ProblemOut]
    line: _Line | None


_ROW: dict[str, Any] = {
    "changed_at": datetime(2026, 11, 20, 2, 11, 9, tzinfo=UTC),
    "id": UUID("01939b2e-7c51-7cc4-a1b8-0f7e5a2b1c3d"),
    "job_id": None,
    "state": "sent",
    "issued_on": date(2026, 11, 20),
    "total": Decimal("-0.00"),
    "problems": as_rows([Problem("number_missing", "Add a number", "It has none.")]),
    "line": {"amount": Decimal("1.50")},
    "number_key": "what the answer does not have",
}


def test_a_page_of_rows_says_the_same_as_a_page_of_objects() -> None:
    rows = [_ROW, {**_ROW, "job_id": _ROW["id"], "issued_on": None, "line": None, "total": Decimal("12.5")}]
    written = [answer(_Shape, rows, "next").body for answer in (row_page_response, page_response)]

    quick, plain = (json.loads(bytes(body)) for body in written)

    assert quick == plain
    assert quick["items"][0]["total"] == "0.00"
    assert quick["items"][1]["job_id"].startswith("job_")
    assert "number_key" not in quick["items"][0]


def test_a_value_that_a_later_release_stores_is_shown_and_not_refused() -> None:
    page = json.loads(bytes(row_page_response(_Shape, [{**_ROW, "state": "archived"}], None).body))

    assert page["items"][0]["state"] == "archived"
    assert page["next_cursor"] is None
