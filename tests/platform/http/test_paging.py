"""Reading a list page by page."""

import base64

import pytest

from tests.callers import Caller
from tests.platform.http.conftest import status_and_code

STATUSES = "/api/v1/job-statuses"


async def make(client: Caller, *names: str) -> None:
    for name in names:
        assert (await client.post(STATUSES, json={"name": name})).status_code == 201


async def test_pages_neither_repeat_nor_skip_rows_while_others_write(client: Caller):
    await make(client, *(f"Stage {n}" for n in range(7)))
    before = {row["id"] for row in (await client.get(STATUSES, params={"limit": 200})).json()["items"]}
    seen: list[str] = []
    cursor: str | None = None
    for number in range(20):
        parameters = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await client.get(STATUSES, params=parameters)).json()
        assert len(page["items"]) <= 2
        seen += [row["id"] for row in page["items"]]
        await make(client, f"Between {number}", f"A {number}") if number < 3 else None
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen))
    assert before <= set(seen)


@pytest.mark.parametrize("limit", ["0", "201", "-1", "many", "1.5"])
async def test_a_page_has_1_to_200_items(client: Caller, limit: str):
    reply = await client.get(STATUSES, params={"limit": limit})
    assert status_and_code(reply) == (422, "invalid")
    assert reply.json()["errors"][0]["parameter"] == "limit"


async def test_a_cursor_works_only_unchanged_and_for_its_own_list(client: Caller):
    await make(client, "One", "Two", "Three")
    cursor = (await client.get(STATUSES, params={"limit": 1})).json()["next_cursor"]
    raw = bytearray(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    raw[-1] ^= 1
    tampered = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    wrong = [
        (STATUSES, tampered),
        (STATUSES, "nonsense"),
        (STATUSES, "é"),
        (STATUSES, ""),
        ("/api/v1/contacts", cursor),
    ]
    for path, wrong_cursor in wrong:
        reply = await client.get(path, params={"cursor": wrong_cursor})
        assert status_and_code(reply) == (422, "invalid"), wrong_cursor
        assert reply.json()["errors"][0]["code"] == "cursor_unusable"
    assert (await client.get(STATUSES, params={"cursor": cursor, "limit": 200})).status_code == 200
