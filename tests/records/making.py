"""Functions that create rows through the API and read its errors."""

from typing import Any
from uuid import UUID

import httpx2

from api.platform.ids import decode
from tests.callers import Caller

API = "/api/v1"
COMPANY = {"kind": "company", "name": "Kōwhai Dental Ltd", "roles": ["customer"]}
PERSON = {"kind": "person", "first_name": "Mere", "last_name": "Hohepa", "roles": ["customer"]}


async def make(client: Caller, resource: str, /, **fields: Any) -> dict[str, Any]:
    """Create a row under `/api/v1/<resource>`, as the API answers it."""
    reply = await client.post(f"{API}/{resource}", json=fields)
    assert reply.status_code == 201, reply.text
    return dict(reply.json())


async def items(client: Caller, resource: str, /, **asked: Any) -> list[dict[str, Any]]:
    """Read one page of a list."""
    reply = await client.get(f"{API}/{resource}", params=asked)
    assert reply.status_code == 200, reply.text
    return list(reply.json()["items"])


def content(row: dict[str, Any]) -> dict[str, Any]:
    """The row without the instants at which it was created and changed."""
    return {name: value for name, value in row.items() if name not in ("created_at", "updated_at")}


def errors(reply: httpx2.Response) -> set[tuple[str, str]]:
    """Pointer and code of every field error."""
    assert reply.status_code == 422, reply.text
    return {(error["pointer"], error["code"]) for error in reply.json()["errors"]}


def business_of(client: Caller) -> UUID:
    return decode("biz", client.business["business"]["id"])
