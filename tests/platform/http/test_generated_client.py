"""A Python client that is generated from openapi.yaml creates a contact and an invoice, approves and lists it."""

import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx  # noqa: TID251  # the library of the generated client
import pytest
from fastapi import FastAPI

from api.platform.clock import now
from tests.callers import Caller

REPOSITORY = Path(__file__).parents[3]
PACKAGE = "client_from_openapi"
CONTACT = {"kind": "company", "name": "Kōwhai Dental Ltd", "roles": ["customer"], "external_id": "C-1042"}
LINE = {"description": "Labour, two plumbers", "quantity": "6.5", "unit_price": "95.00", "discount_percent": "10"}

Part = Callable[[str], Any]


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the generated package. The generator names every part of the document that it has to leave out."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "config.yaml").write_text("post_hooks: []\n")
    paths = ["--path", str(REPOSITORY / "openapi.yaml"), "--output-path", str(folder / PACKAGE)]
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", *paths]
    made = subprocess.run(
        [*command, "--config", str(folder / "config.yaml")], cwd=folder, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stdout + made.stderr
    assert "arning" not in made.stdout + made.stderr, made.stdout + made.stderr
    return folder


@pytest.fixture
def part(generated: Path, monkeypatch: pytest.MonkeyPatch) -> Part:
    """A module of the generated package by its name in it."""
    monkeypatch.syspath_prepend(str(generated))
    return lambda name: import_module(f"{PACKAGE}.{name}")


@pytest.fixture
async def connection(app: FastAPI, client: Caller, part: Part) -> AsyncIterator[Any]:
    """The generated client with an API key of a new business."""
    key = {
        "name": "Quickstart",
        "scopes": ["contacts:write", "invoices:read", "invoices:write"],
        "expires_on": (now().date() + timedelta(days=9)).isoformat(),
    }
    secret = (await client.post("/api/v1/api-keys", json=key)).json()["secret"]
    connection = part("client").AuthenticatedClient(
        base_url="http://localhost:8080", token=secret, httpx_args={"transport": httpx.ASGITransport(app=app)}
    )
    async with connection:
        yield connection


async def test_a_generated_client_creates_approves_and_lists_an_invoice(connection: Any, part: Part):
    contact = await part("api.contacts.create_contact").asyncio(
        client=connection, body=part("models.contact_in").ContactIn.from_dict(CONTACT), idempotency_key="contact-1"
    )
    fields = {
        "kind": "customer",
        "number": "INV-20480",
        "contact_id": contact.id,
        "issued_on": "2026-11-20",
        "lines": [LINE],
    }
    draft = await part("api.invoices.create_invoice").asyncio(
        client=connection, body=part("models.invoice_in").InvoiceIn.from_dict(fields)
    )
    approved = await part("api.invoices.approve_invoice").asyncio(draft.id, client=connection)
    page = await part("api.invoices.list_invoices").asyncio(client=connection, q="INV-20480")

    assert (draft.status, draft.contact_name, draft.lines[0].line_amount) == ("draft", CONTACT["name"], "555.75")
    assert approved.status == "approved"
    assert [(invoice.id, invoice.status, invoice.total) for invoice in page.items] == [
        (draft.id, "approved", approved.total)
    ]
    assert page.next_cursor is None


async def test_a_generated_client_reads_a_problem_and_the_headers_of_an_answer(connection: Any, part: Part):
    create = part("api.contacts.create_contact")
    body = part("models.contact_in").ContactIn.from_dict(CONTACT)
    first = await create.asyncio_detailed(client=connection, body=body)
    second = await create.asyncio_detailed(client=connection, body=body)

    assert first.headers["Location"].endswith(first.parsed.id)
    assert (second.status_code, second.parsed.code) == (409, "external_id_taken")
    assert second.parsed.request_id == second.headers["X-Request-Id"]
