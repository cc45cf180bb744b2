"""The export check answers for every selection, whatever the states of its invoices are."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from api.sync.exports import preview
from api.sync.exports.examination import examine
from api.worker import housekeeping
from tests.callers import PASSWORD
from tests.clock import Clock
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness
from tests.sync.exports.test_statements import counting

NOT_SENDABLE = {
    "exported": "invoice_exported",
    "changed": "invoice_exported",
    "voided": "invoice_voided",
    "excluded": "invoice_excluded",
    "queued": "invoice_in_export",
    "sending": "invoice_in_export",
    "checking": "invoice_in_export",
}


async def _check(business: ConnectedBusiness, selection: dict[str, Any]) -> dict[str, Any]:
    reply = await business.client.post(f"{API}/export-checks", json={"selection": selection})
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


async def _preview(business: ConnectedBusiness, invoice: str) -> dict[str, Any]:
    reply = await business.client.get(f"{API}/invoices/{invoice}/xero-preview")
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


async def _invoices_in_every_state(business: ConnectedBusiness) -> dict[str, str]:
    """An approved invoice in each export state, by state; `not_exported` is the one that can be sent."""
    contact = await business.company("Hana Parata")
    invoices = {}
    for state in ("not_exported", *NOT_SENDABLE):
        invoices[state] = await business.invoice(f"INV-{state}", contact)
        await business.execute(
            "UPDATE invoices SET export_state = :state WHERE number = :number", state=state, number=f"INV-{state}"
        )
    return invoices


@pytest.mark.parametrize("mode", ["ids", "matching"])
async def test_an_invoice_that_cannot_be_sent_has_its_problem_and_the_others_are_checked(
    business: ConnectedBusiness, mode: str
) -> None:
    invoices = await _invoices_in_every_state(business)
    ids = list(invoices.values())
    selection: dict[str, Any] = {"mode": "ids", "ids": ids}
    if mode == "matching":
        selection = {"mode": "matching", "filter": {"kind": "customer"}, "expected_count": len(ids)}

    check = await _check(business, selection)

    assert (check["total"], check["ready"], check["needs_fix"]) == (8, 1, 7)
    assert check["ready_ids"] == [invoices["not_exported"]]
    shown = {checked["invoice_id"]: checked["problems"] for checked in check["invoices"]}
    for state, code in NOT_SENDABLE.items():
        (problem,) = shown[invoices[state]]
        assert (problem["code"], problem["source"], problem["choices"]) == (code, "check", []), state
        here = {"label": "Open the invoice", "href": f"/invoices?view=all&open={invoices[state]}"}
        exports = {"label": "Show the exports", "href": "/exports"}
        assert problem["fix"] == (exports if code == "invoice_in_export" else here), state
        assert (await _preview(business, invoices[state]))["problems"] == [problem], state
    groups = {group["code"]: (group["count"], group["fix"]["href"]) for group in check["groups"]}
    assert groups == {
        "invoice_exported": (2, "/invoices?view=all"),
        "invoice_voided": (1, f"/invoices?view=all&open={invoices['voided']}"),
        "invoice_excluded": (1, f"/invoices?view=all&open={invoices['excluded']}"),
        "invoice_in_export": (3, "/exports"),
    }


async def test_an_export_refuses_what_the_check_reports_with_the_same_codes(business: ConnectedBusiness) -> None:
    invoices = await _invoices_in_every_state(business)

    refused = await business.client.post(
        f"{API}/exports", json={"selection": {"mode": "ids", "ids": list(invoices.values())}}
    )

    assert [error["code"] for error in refused.json()["errors"]] == list(NOT_SENDABLE.values())
    details = [error["detail"] for error in refused.json()["errors"]]
    assert details[0] == "INV-exported is in Xero already. Leave it out."
    assert details[2] == (
        "INV-voided was voided in Xero."
        " Make a new invoice if it should be sent again, or exclude this one from exports."
    )


async def test_a_selection_that_has_changed_says_how_and_what_to_do(business: ConnectedBusiness) -> None:
    await business.invoice("INV-1", await business.company("Hana Parata"))

    selection = {"mode": "matching", "filter": {"kind": "customer"}, "expected_count": 2}
    reply = await business.client.post(f"{API}/export-checks", json={"selection": selection})

    assert reply.json()["code"] == "selection_changed"
    assert reply.json()["detail"] == "1 invoice matches now, not 2. Look at the list again, then select what you see."


async def test_an_unknown_invoice_among_others_is_one_more_problem(business: ConnectedBusiness) -> None:
    known = await business.invoice("INV-1", await business.company("Hana Parata"))
    unknown = "inv_01jeecwz2h6z28dd1fm9d2r7kx"

    check = await _check(business, {"mode": "ids", "ids": [known, unknown]})

    assert check["ready_ids"] == [known]
    assert [problem["code"] for problem in check["invoices"][0]["problems"]] == ["unknown_invoice"]
    refused = await business.client.post(f"{API}/exports", json={"selection": {"mode": "ids", "ids": [known, unknown]}})
    (error,) = refused.json()["errors"]
    assert (error["code"], error["pointer"]) == ("unknown_invoice", "#/selection/ids/1")
    assert error["detail"] == check["invoices"][0]["problems"][0]["detail"]


async def _john_smith_with_another_email_address_in_xero(business: ConnectedBusiness) -> str:
    """A person of ours whose invoice has been refused, because it is unsure who he is in Xero; gives his id."""
    async with business.controls() as controls:
        seeded = [{"Name": "John Smith", "EmailAddress": "john@otago.example"}]
        assert (await controls.post("/_ctl/seed", json={"contacts": seeded})).is_success
    john = await business.person("John", "Smith", email="js@north.example")
    await business.export(await business.invoice("INV-1", john))
    await business.drain()
    assert (await business.contact(john))["sync_state"] == "unsure"
    return john


async def test_an_invoice_whose_contact_is_unsure_is_not_ready_until_the_contact_is_changed(
    business: ConnectedBusiness,
) -> None:
    john = await _john_smith_with_another_email_address_in_xero(business)
    invoice = await business.invoice("INV-2", john)
    selection = {"mode": "ids", "ids": [invoice]}

    check = await _check(business, selection)

    assert (check["ready"], check["needs_fix"]) == (0, 1)
    (problem,) = check["invoices"][0]["problems"]
    assert (problem["code"], problem["pointer"]) == ("contact_unsure", "#/contact_id")
    assert "js@north.example" in problem["detail"]
    assert problem["fix"] == {"label": "Open the contact", "href": f"/contacts/{john}#link"}
    assert (await _preview(business, invoice))["problems"] == [problem]

    await business.client.patch(f"{API}/contacts/{john}", json={"email": "john@otago.example"})
    assert (await _check(business, selection))["ready_ids"] == [invoice]
    run = await business.export(invoice)
    await business.drain()
    assert (await business.run(run))["state"] == "done"


async def test_an_unsure_contact_is_ready_when_the_other_contact_of_its_name_is_renamed(
    business: ConnectedBusiness,
) -> None:
    first, second = await business.company("Tui Cafe"), await business.company("Tui Cafe")
    await business.export(await business.invoice("INV-1", first))
    await business.drain()
    invoice = await business.invoice("INV-2", first)
    selection = {"mode": "ids", "ids": [invoice]}
    assert [group["code"] for group in (await _check(business, selection))["groups"]] == ["contact_unsure"]

    await business.client.patch(f"{API}/contacts/{second}", json={"name": "Tui Cafe Ōtaki"})

    assert (await _check(business, selection))["ready_ids"] == [invoice]


async def test_the_check_holds_what_the_plan_would_not_approve_after_the_invoices_before_it(
    business: ConnectedBusiness,
) -> None:
    await business.prefer(customer_invoice_status="AUTHORISED", supplier_invoice_status="AUTHORISED")
    await business.execute("UPDATE ledger_organisations SET plan = 'STARTER'")
    supplier = await business.company("Napier Skip Hire")
    bills = [await business.invoice(f"B-{number}", supplier, "supplier") for number in range(7)]
    check = await _check(business, {"mode": "ids", "ids": bills})
    assert (check["ready_ids"], check["needs_fix"]) == (bills[:5], 2)
    assert {each["invoice_id"]: each["problems"][0]["code"] for each in check["invoices"]} == dict.fromkeys(
        bills[5:], "plan_limit"
    )
    assert [(group["code"], group["invoice_ids"]) for group in check["groups"]] == [("plan_limit", bills[5:])]
    assert [(group["code"], group["invoice_ids"]) for group in check["remarks"]] == [("plan_limit_near", bills[4:5])]


async def test_a_preview_has_the_same_problems_as_the_check(business: ConnectedBusiness) -> None:
    line = {"description": "Pipe", "quantity": "1", "unit_price": "5.00", "accounting_code": "999"}
    invoice = await business.invoice("INV-1", await business.company("Hana Parata"), lines=[line])

    check = await _check(business, {"mode": "ids", "ids": [invoice]})
    preview = await _preview(business, invoice)

    assert preview["problems"] == check["invoices"][0]["problems"]
    (problem,) = preview["problems"]
    assert (problem["code"], problem["pointer"]) == ("account_code_unknown", "#/lines/0/accounting_code")
    assert problem["fix"] == {"label": "Open accounting codes", "href": "/settings/accounting-codes"}


async def test_the_check_says_before_the_first_export_whom_each_invoice_goes_to(business: ConnectedBusiness) -> None:
    john = await _john_smith_with_another_email_address_in_xero(business)
    contacts = {
        "linked": await business.company("Tui Cafe"),
        "will_link": await business.company("Corner Bakery Co", email="bread@example.nz"),
        "new": await business.company("Nobody Knows Ltd"),
        "unsure": await business.person("John", "Smith", email="third@example.nz"),
    }
    await business.export(await business.invoice("INV-10", contacts["linked"]))
    await business.drain()
    invoices = [await business.invoice(f"INV-2{n}", contact) for n, contact in enumerate(contacts.values())]
    second = await business.invoice("INV-30", contacts["new"])

    check = await _check(business, {"mode": "ids", "ids": [*invoices, second]})

    by_how = {entry["how"]: entry for entry in check["contacts"]}
    assert {how: entry["contact_id"] for how, entry in by_how.items()} == contacts
    assert (by_how["linked"]["decided_by"], by_how["linked"]["goes_to"]) == ("created", "Tui Cafe")
    assert (by_how["will_link"]["decided_by"], by_how["will_link"]["evidence"]) == ("name", ["name"])
    (difference,) = [each for each in by_how["will_link"]["differs"] if each["field"] == "email"]
    assert (difference["ours"], difference["effect"]) == ("bread@example.nz", "kept_in_xero")
    assert (by_how["new"]["goes_to"], by_how["new"]["invoices"]) == ("Nobody Knows Ltd", 2)
    assert by_how["new"]["totals"] == [{"currency": "NZD", "total": "230.00"}]
    assert (by_how["unsure"]["goes_to"], by_how["unsure"]["decided_by"]) == (None, None)
    (blocked,) = check["invoices"]
    assert (blocked["invoice_id"], blocked["problems"][0]["code"]) == (invoices[3], "contact_unsure")
    assert (await business.contact(contacts["unsure"]))["sync_state"] == "not_sent", "the check changes nothing"
    assert john not in by_how


async def test_the_check_costs_as_many_statements_for_thirty_contacts_as_for_three(business: ConnectedBusiness) -> None:
    invoices = [
        await business.invoice(f"INV-{number}", await business.company(f"Company {number}")) for number in range(30)
    ]
    await business.read_contacts()
    await _check(business, {"mode": "ids", "ids": invoices[:3]})  # the first has more to do: it has old parts read
    costs = []
    for ids in (invoices[:3], invoices):
        with counting(business) as cost:
            check = await _check(business, {"mode": "ids", "ids": ids})
        assert len(check["contacts"]) == len(ids)
        costs.append(cost.statements)
    assert costs[0] == costs[1]


def _draft(contact: str, **fields: Any) -> dict[str, Any]:
    lines = [{"description": "Labour", "quantity": "1", "unit_price": "100.00"}]
    head = {"kind": "customer", "number": "INV-77", "contact_id": contact, "issued_on": "2026-11-20"}
    return {**head, "due_on": "2026-12-20", "lines": lines, **fields}


async def _check_draft(business: ConnectedBusiness, **content: Any) -> dict[str, Any]:
    reply = await business.client.post(f"{API}/export-checks", json={"invoice": content})
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


async def test_a_draft_that_is_not_stored_gets_the_answer_of_a_stored_one(business: ConnectedBusiness) -> None:
    contact = await business.company("Hana Parata")
    wrong: dict[str, Any] = {"issued_on": "2026-10-20", "currency": "JPY", "due_on": None}
    wrong["lines"] = [{"description": "Labour", "quantity": "1", "unit_price": "-5.00", "accounting_code": "999"}]
    await business.prefer(customer_invoice_status="AUTHORISED")
    before = await business.execute("SELECT count(*) FROM standing_checks")
    draft = await _check_draft(business, **_draft(contact, **wrong))
    assert await business.execute("SELECT count(*) FROM standing_checks") == before
    assert (await business.client.get(f"{API}/invoices", params={"kind": "customer"})).json()["items"] == []
    events = await business.execute("SELECT 1 FROM audit_events WHERE action = 'invoices.create'")
    assert events == []
    made = await business.client.post(f"{API}/invoices", json=_draft(contact, **wrong))
    stored = await _check(business, {"mode": "ids", "ids": [made.json()["id"]]})
    codes = [problem["code"] for problem in draft["invoices"][0]["problems"]]
    assert {"total_negative", "due_date_missing", "currency_not_enabled", "account_code_unknown"} <= set(codes)
    assert ["invoice_not_approved", *codes] == [problem["code"] for problem in stored["invoices"][0]["problems"]]
    assert not any("open=inv_" in str(problem["fix"]) for problem in draft["invoices"][0]["problems"])
    assert draft["contacts"] == stored["contacts"]


async def test_a_good_draft_is_ready_and_its_remarks_are_shown(business: ConnectedBusiness) -> None:
    lines = [{"description": "Tool", "quantity": "1", "unit_price": "9.00", "accounting_code": "310"}]
    answer = await _check_draft(business, **_draft(await business.company("Hana Parata"), lines=lines))
    assert (answer["total"], answer["ready"], answer["ready_totals"][0]["total"]) == (1, 1, "10.35")
    assert [group["code"] for group in answer["remarks"]] == ["code_of_other_kind"]


async def test_a_draft_is_refused_as_it_would_be_when_it_is_created(business: ConnectedBusiness) -> None:
    contact = await business.company("Hana Parata")
    url = f"{API}/export-checks"
    unknown = await business.client.post(url, json={"invoice": _draft(contact, number="I-2", job_external_id="no")})
    assert [error["pointer"] for error in unknown.json()["errors"]] == ["#/invoice/job_external_id"]
    chosen = {"mode": "ids", "ids": [await business.invoice("I-3", contact)]}
    for body in ({"invoice": _draft(contact, number="I-2"), "selection": chosen}, {}):
        reply = await business.client.post(url, json=body)
        assert [error["code"] for error in reply.json()["errors"]] == ["choose_one"]


async def test_a_number_that_another_invoice_has_is_a_problem_of_the_draft_beside_the_others(
    business: ConnectedBusiness,
) -> None:
    contact = await business.company("Hana Parata")
    await business.invoice("inv-77", contact)
    lines = [{"description": "Labour", "quantity": "1", "unit_price": "5.00", "accounting_code": "999"}]
    (held,) = (await _check_draft(business, **_draft(contact, lines=lines)))["invoices"]
    assert [(each["code"], each["pointer"]) for each in held["problems"]] == [
        ("number_taken", "#/number"),
        ("account_code_unknown", "#/lines/0/accounting_code"),
    ]


async def test_a_stored_invoice_is_checked_with_new_content_and_stays_as_it_is(business: ConnectedBusiness) -> None:
    contact = await business.company("Hana Parata")
    own, other = [await business.invoice(number, contact) for number in ("INV-1", "INV-2")]
    before = (await business.client.get(f"{API}/invoices/{own}")).json()

    async def check(**content: Any) -> list[str]:
        body = {"invoice_id": own, "invoice": _draft(contact, **content)}
        reply = await business.client.post(f"{API}/export-checks", json=body)
        assert reply.status_code == 200, reply.text
        return [problem["code"] for each in reply.json()["invoices"] for problem in each["problems"]]

    wrong = [{"description": "Labour", "quantity": "1", "unit_price": "5.00", "accounting_code": "999"}]
    assert await check(number="INV-1") == []
    assert await check(number="INV-1", lines=wrong) == ["account_code_unknown"]
    assert await check(number="inv-2") == ["number_taken"]
    assert (await business.client.get(f"{API}/invoices/{own}")).json() == before
    selected = {"selection": {"mode": "ids", "ids": [other]}, "invoice_id": own}
    refused = await business.client.post(f"{API}/export-checks", json=selected)
    assert [error["code"] for error in refused.json()["errors"]] == ["invoice_missing"]
    await business.export(own)
    assert await check(number="INV-1") == ["invoice_in_export"]


async def test_a_refresh_that_ends_while_a_check_compares_does_not_vouch_for_what_was_compared(
    business: ConnectedBusiness, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = await business.invoice("INV-1", await business.company("Hana Parata"))
    clock.shift(timedelta(minutes=61))
    async with business.controls() as controls:
        await controls.post("/_ctl/accounts/200", json={"status": "ARCHIVED"})

    async def examine_slowly(*arguments: Any) -> Any:
        examined = await examine(*arguments)
        await business.refresh_ledger()
        return examined

    selection = {"mode": "ids", "ids": [invoice]}
    await _check(business, selection)  # asks for the refresh
    with monkeypatch.context() as patch:
        patch.setattr(preview, "examine", examine_slowly)
        early = await _check(business, selection)
    assert (early["ready"], early["refreshing"]) == (1, True)
    late = await _check(business, selection)
    assert (late["groups"][0]["code"], late["refreshing"]) == ("account_code_archived", False)


async def test_a_new_contact_with_an_address_that_xero_cannot_hold_is_named_before_it_is_created(
    business: ConnectedBusiness,
) -> None:
    contact = await business.company("Büro Kauri", email="info@büro.example")
    invoice = await business.invoice("INV-1", contact)
    await business.read_contacts()
    (checked,) = (await _check(business, {"mode": "ids", "ids": [invoice]}))["invoices"]
    (problem,) = checked["problems"]
    assert (problem["code"], problem["fix"]["href"]) == ("contact_email_refused", f"/contacts/{contact}")
    assert "info@büro.example” here. Xero takes plain letters only" in problem["detail"]


async def test_a_stored_value_that_cannot_be_written_is_a_problem_and_holds_no_other_invoice(
    business: ConnectedBusiness,
) -> None:
    contact = await business.company("Hana Parata")
    invalid, sound = [await business.invoice(number, contact) for number in ("INV-1", "INV-2")]
    await business.execute("UPDATE invoices SET number = repeat('9', 300) WHERE number = 'INV-1'")
    shown = await _preview(business, invalid)
    assert (shown["element"], [problem["code"] for problem in shown["problems"]]) == ({}, ["unwritable"])
    assert "at most 255 characters" in shown["problems"][0]["detail"]
    assert (await _preview(business, sound))["element"]["InvoiceNumber"] == "INV-2"

    export = await business.export(invalid, sound)
    await business.drain()
    assert [item["state"] for item in await business.items(export)] == ["rejected", "exported"]


async def test_a_preview_is_byte_for_byte_what_is_sent_and_stays_what_was_sent(business: ConnectedBusiness) -> None:
    contact = await business.company("Hana Parata")
    await business.export(await business.invoice("INV-0", contact))
    await business.drain()  # now the contact is in Xero
    invoices = [await business.invoice(f"INV-{number}", contact) for number in (1, 2)]
    before = [await _preview(business, invoice) for invoice in invoices]

    await business.export(*invoices)
    await business.drain()
    (attempt,) = await business.execute("SELECT body, last_sent_at FROM write_attempts ORDER BY id DESC LIMIT 1")
    changed = {"lines": [{"description": "Something else", "quantity": "1", "unit_price": "1.00"}]}
    await business.client.patch(f"{API}/invoices/{invoices[0]}", json=changed, headers={"If-Match": "*"})

    assert [each["sent_at"] for each in before] == [None, None]
    assert bytes(attempt.body).decode() == f'{{"Invoices":[{",".join(each["element_json"] for each in before)}]}}'
    for invoice, own in zip(invoices, before, strict=True):
        after = await _preview(business, invoice)
        assert (after["element_json"], after["element"]) == (own["element_json"], own["element"])
        assert datetime.fromisoformat(after["sent_at"]) == attempt.last_sent_at


async def _after(business: ConnectedBusiness, clock: Clock, days: int, invoice: str) -> dict[str, Any]:
    """The preview that a user sees who signs in so many days later, after the housekeeping."""
    clock.shift(timedelta(days=days))
    await housekeeping({"gateways": business.app.state.gateways})
    credentials = {"email": business.client.email, "password": PASSWORD}
    assert (await business.client.post(f"{API}/session", json=credentials)).status_code == 201
    return await _preview(business, invoice)


async def test_90_days_after_the_answer_the_hash_and_the_ids_are_left_of_what_was_sent(
    business: ConnectedBusiness, clock: Clock
) -> None:
    invoice = await business.invoice("INV-1", await business.company("Hana Parata"))
    assert (await _preview(business, invoice))["sent_call"] is None
    await business.export(invoice)
    await business.drain()

    kept = await _after(business, clock, 89, invoice)
    erased = await _after(business, clock, 2, invoice)

    (attempt,) = await business.execute("SELECT * FROM write_attempts WHERE kind = 'create_invoices'")
    assert attempt.body is None
    assert (kept["element"]["InvoiceNumber"], kept["sent_call"]["bytes_kept"]) == ("INV-1", True)
    assert (erased["element"], erased["element_json"], erased["sent_call"]["bytes_kept"]) == ({}, "", False)
    assert erased["sent_at"] == kept["sent_at"]
    assert (erased["sent_call"]["sha256"], erased["sent_call"]["idempotency_key"], erased["sent_call"]["place"]) == (
        attempt.body_sha256,
        attempt.idempotency_key,
        1,
    )


async def test_the_bytes_of_a_call_whose_outcome_is_open_are_kept_for_as_long_as_it_is(
    business: ConnectedBusiness, clock: Clock
) -> None:
    invoice = await business.invoice("INV-1", await business.company("Hana Parata"))
    await business.export(invoice)
    await business.drain()
    await business.execute("UPDATE write_attempts SET state = 'open'")

    assert (await _after(business, clock, 400, invoice))["sent_call"]["bytes_kept"]
