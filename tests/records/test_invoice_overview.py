"""The overview of invoices: what can be exported and what needs a person, by cause."""

from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from api.platform.problems import Problem
from tests.callers import Caller
from tests.records.invoicing import INVOICES, approved, contact, draft, line, mark
from tests.records.making import business_of

ARCHIVED = Problem("contact_archived", "The contact is archived in Xero", "Restore it there.")
NO_DATE = Problem("due_date_missing", "Add a due date", "Xero wants one.")
DIFFERS = Problem("total_mismatch", "Our total and Xero's differ", "By a cent.")


async def groups(client: Caller) -> dict[tuple[str, str, str | None], tuple[int, dict[str, str]]]:
    reply = await client.get(f"{INVOICES}/overview")
    assert reply.status_code == 200, reply.text
    return {
        (group["kind"], group["group"], group["code"]): (
            group["count"],
            {sum_["currency"]: sum_["total"] for sum_ in group["totals"]},
        )
        for group in reply.json()["items"]
    }


async def test_each_invoice_is_in_one_group_and_drafts_and_settled_ones_are_in_none(
    client: Caller, app: FastAPI
) -> None:
    to: dict[str, Any] = {"contact_id": await contact(client), "amounts": "no_tax"}
    await draft(client, "draft", **to)
    await approved(client, "ready", **to)
    await approved(client, "bill", kind="supplier", **to)
    await mark(app, client, await approved(client, "sent", **to), "exported")
    await mark(app, client, await approved(client, "out", **to), "excluded")
    await mark(app, client, await approved(client, "both", **to), "not_exported", problems=[NO_DATE, ARCHIVED])
    await mark(app, client, await approved(client, "one", **to), "not_exported", problems=[NO_DATE])
    await mark(app, client, await approved(client, "archived", **to), "not_exported", problems=[ARCHIVED])
    await mark(app, client, await approved(client, "voided", **to), "voided")
    remarked = await approved(client, "remarked", **to)
    await mark(app, client, remarked, "exported", remarks=[DIFFERS])

    shown = await groups(client)

    assert {key: count for key, (count, _) in shown.items()} == {
        ("customer", "ready", None): 1,
        ("customer", "problem", "contact_archived"): 1,
        ("customer", "problem", "due_date_missing"): 2,
        ("customer", "remark", "total_mismatch"): 1,
        ("customer", "voided", None): 1,
        ("supplier", "ready", None): 1,
    }
    counts = (await client.get(f"{INVOICES}/counts")).json()["customer"]
    assert (counts["ready"], counts["needs_attention"]) == (1, 5)
    assert (await client.put(f"{INVOICES}/{remarked['id']}/remarks/read-marker")).status_code == 204
    assert ("customer", "remark", "total_mismatch") not in await groups(client)


async def test_sums_of_several_currencies_are_never_added_up(client: Caller) -> None:
    to: dict[str, Any] = {"contact_id": await contact(client), "amounts": "no_tax"}
    await approved(client, "A", lines=[line(unit_price="100.10")], **to)
    await approved(client, "B", lines=[line(unit_price="200.20")], **to)
    await approved(client, "C", lines=[line(unit_price="50.00")], currency="USD", **to)

    assert await groups(client) == {("customer", "ready", None): (3, {"NZD": "300.30", "USD": "50.00"})}


async def test_what_was_approved_days_ago_and_is_not_exported_is_a_group_of_its_own(
    client: Caller, app: FastAPI
) -> None:
    to: dict[str, Any] = {"contact_id": await contact(client), "amounts": "no_tax"}
    await approved(client, "new", **to)
    await approved(client, "old", **to)
    async with app.state.database.work(business_of(client)) as work:
        await work.session.execute(
            text("UPDATE invoices SET approved_at = approved_at - interval '4 days' WHERE number = 'old'")
        )

    shown = await groups(client)

    assert {key: count for key, (count, _) in shown.items()} == {
        ("customer", "ready", None): 1,
        ("customer", "waiting", None): 1,
    }


@pytest.mark.parametrize(("days", "group"), [(4, "waiting"), (6, "ready"), (0, "ready"), (None, "ready")])
async def test_how_long_an_invoice_may_wait_is_a_preference(
    client: Caller, app: FastAPI, days: int | None, group: str
) -> None:
    await approved(client, "old", contact_id=await contact(client))
    preferred = await client.patch(
        "/api/v1/preferences", json={"never_sent_alarm_days": days}, headers={"If-Match": "*"}
    )
    assert preferred.status_code == 200
    async with app.state.database.work(business_of(client)) as work:
        await work.session.execute(text("UPDATE invoices SET approved_at = approved_at - interval '5 days'"))

    assert list(await groups(client)) == [("customer", group, None)]


async def test_a_business_with_nothing_to_do_has_no_group(client: Caller, neighbour: Caller) -> None:
    await approved(neighbour, contact_id=await contact(neighbour))

    assert await groups(client) == {}
