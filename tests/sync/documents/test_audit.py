"""The audit for duplicates: what it finds, whom it tells, and the command of the operator."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs
from typer.testing import CliRunner, Result

from api.cli import cli
from api.platform.db.work import UnitOfWork
from api.platform.ids import encode
from api.sync.documents import tasks
from api.sync.documents.audit import audit_installation
from sandbox.faults import Fault
from tests.clock import Clock
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness, invoice_id_of
from tests.sync.documents.documents import Books

_SEVERAL, _MISSING = "documents.several_in_xero", "documents.missing_in_xero"


@pytest.fixture
def books(business: ConnectedBusiness) -> Books:
    return Books(business)


async def _exported(business: ConnectedBusiness, number: str) -> str:
    invoice = await business.invoice(number, await business.company(f"{number} Ltd"))
    export_id = await business.export(invoice)
    await business.drain()
    assert (await business.run(export_id))["state"] == "done"
    return invoice


async def _xero_id_of(business: ConnectedBusiness, invoice: str) -> UUID:
    statement = "SELECT xero_invoice_id FROM invoice_links WHERE invoice_id = :id"
    ((xero_id,),) = await business.execute(statement, id=invoice_id_of(invoice))
    return UUID(str(xero_id))


async def _audit(business: ConnectedBusiness) -> None:
    await tasks.audit({"gateways": business.gateways}, str(business.business_id))


async def _lines(business: ConnectedBusiness, **options: Any) -> list[str]:
    return [line async for line in audit_installation(business.gateways, **options)]


def _counted(kind: str) -> float:
    return REGISTRY.get_sample_value("jobtally_duplicates_total", {"kind": kind}) or 0.0


async def test_nothing_is_reported_when_each_invoice_has_its_document(
    business: ConnectedBusiness, books: Books
) -> None:
    await _exported(business, "INV-1")
    books.add()
    invoice = uuid4()
    books.add(marker=invoice)
    books.add(marker=invoice, Status="VOIDED")

    await _audit(business)

    assert await _lines(business) == []
    assert await business.notifications(_SEVERAL) == await business.notifications(_MISSING) == []


async def test_an_invoice_with_two_live_documents_is_reported_with_both_and_notified_once(
    business: ConnectedBusiness, books: Books
) -> None:
    invoice = await business.invoice("INV-7", await business.company("Hana Parata"))
    twins = {books.add(marker=invoice_id_of(invoice)) for _ in range(2)}
    counted = _counted("several_in_xero")

    with capture_logs() as logs:
        await _audit(business)
        await _audit(business)

    (notification,) = await business.notifications(_SEVERAL)
    assert notification["message"].startswith("Xero has more than one document for INV-7.")
    ((shown),) = notification["data"]["invoices"]
    assert (shown["invoice_id"], set(shown["xero_invoice_ids"])) == (invoice, set(map(str, twins)))
    assert _counted("several_in_xero") == counted + 2
    logged = {entry["invoice_id"] for entry in logs if entry["event"] == "audit finding"}
    assert logged == {str(invoice_id_of(invoice))}
    (line,) = await _lines(business)
    assert f"INV-7 ({invoice}) has 2 documents in Xero" in line
    assert all(str(twin) in line for twin in twins)


async def _attention(business: ConnectedBusiness) -> list[dict[str, Any]]:
    listed = await business.client.get(f"{API}/invoices?view=attention")
    items: list[dict[str, Any]] = listed.json()["items"]
    return items


async def test_an_exported_invoice_with_two_documents_needs_attention_until_one_of_them_is_removed(
    business: ConnectedBusiness, books: Books
) -> None:
    invoice = await _exported(business, "INV-1")
    twin = books.add(marker=invoice_id_of(invoice))

    await _audit(business)

    seen = (await business.client.get(f"{API}/invoices/{invoice}")).json()
    (remark,) = seen["remarks"]
    assert (remark["code"], seen["export_state"]) == ("several_in_xero", "exported")
    assert str(twin) in remark["detail"]
    assert [each["id"] for each in await _attention(business)] == [invoice]

    books.change(twin, Status="VOIDED")
    await _audit(business)

    assert (await business.client.get(f"{API}/invoices/{invoice}")).json()["remarks"] == []
    assert await _attention(business) == []


async def test_an_exported_invoice_whose_document_xero_no_longer_has_is_reported(
    business: ConnectedBusiness, books: Books
) -> None:
    gone, kept = await _exported(business, "INV-1"), await _exported(business, "INV-2")
    xero_id = await _xero_id_of(business, gone)
    books.remove(xero_id)
    await business.execute("DELETE FROM mirror_documents")  # nothing was read since it was written

    await _audit(business)

    (notification,) = await business.notifications(_MISSING)
    assert notification["message"].startswith("Xero no longer has the document of INV-1.")
    (line,) = await _lines(business)
    assert f"INV-1 ({gone}) was exported as {xero_id}, which does not exist in Xero" in line
    assert kept not in line


async def test_a_document_that_only_the_mirror_lacks_is_read_and_not_reported(
    business: ConnectedBusiness, books: Books
) -> None:
    await _exported(business, "INV-1")
    await _audit(business)
    await business.execute("DELETE FROM mirror_documents")
    await business.execute("UPDATE document_cursors SET read_up_to = read_up_to + interval '1 hour'")

    assert await _lines(business) == []


async def test_offline_the_audit_uses_what_was_read_before_and_makes_no_call(
    business: ConnectedBusiness, books: Books
) -> None:
    invoice = await business.invoice("INV-7", await business.company("Hana Parata"))
    for _ in range(2):
        books.add(marker=invoice_id_of(invoice))
    assert await _lines(business, offline=True) == []
    await _audit(business)
    business.stand_in.world.calls.clear()

    (line,) = await _lines(business, offline=True)

    assert "INV-7" in line
    assert not business.stand_in.world.calls


async def test_an_incomplete_mirror_reports_no_document_as_missing(business: ConnectedBusiness, books: Books) -> None:
    books.remove(await _xero_id_of(business, await _exported(business, "INV-1")))
    await _audit(business)
    await business.execute("UPDATE document_cursors SET is_complete = false")

    assert await _lines(business, offline=True) == []


async def test_a_business_whose_xero_does_not_answer_is_named_as_not_audited(
    business: ConnectedBusiness, books: Books
) -> None:
    fault = {"kind": "unavailable", "method": "GET", "path": "Invoices", "count": None}
    business.stand_in.faults.waiting.append(Fault.model_validate(fault))

    await _audit(business)
    (line,) = await _lines(business)

    assert "not audited, because Xero could not be read" in line


async def test_each_business_is_audited_in_one_hour_of_the_day(
    business: ConnectedBusiness, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[tuple[str, str]] = []
    monkeypatch.setattr(UnitOfWork, "wake_after_commit", lambda work, task, *ids: woken.append((task, *map(str, ids))))

    for _ in range(24):
        await tasks.queue_audits({"gateways": business.gateways})
        clock.shift(3600)

    assert woken == [("documents.audit", str(business.business_id))]


async def test_the_command_prints_what_the_audit_finds_and_ends_with_1(
    business: ConnectedBusiness, books: Books, database_url: str
) -> None:
    invoice = await business.invoice("INV-7", await business.company("Hana Parata"))
    twins = [books.add(marker=invoice_id_of(invoice)) for _ in range(2)]
    await _audit(business)
    environment = {"JOBTALLY_DATABASE_URL": database_url, "JOBTALLY_ENV": "", "JOBTALLY_PUBLIC_URL": ""}

    async def run(*arguments: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, cli, ["audit-duplicates", *arguments], env=environment)

    printed = await run("--offline", encode("biz", business.business_id))
    other = await run("--offline", encode("biz", uuid4()))
    wrong = await run("biz_what")
    for twin in twins:
        books.change(twin, Status="VOIDED")
    await _audit(business)
    clean = await run("--offline")

    assert printed.exit_code == 1, printed.output
    assert all(str(twin) in printed.stdout for twin in twins)
    assert (other.exit_code, "there is no such business" in other.stdout) == (1, True)
    assert wrong.exit_code == 2
    assert (clean.exit_code, clean.stdout) == (0, "")
