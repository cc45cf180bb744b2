"""Preferences: changes, validation and concurrent edits."""

from typing import Any

import httpx2
import pytest

from tests.callers import Caller
from tests.records.making import make

HERE = "/api/v1/preferences"
ANY = {"If-Match": "*"}


async def change(client: Caller, **fields: Any) -> httpx2.Response:
    return await client.patch(HERE, json=fields, headers=ANY)


def error_codes(reply: httpx2.Response) -> dict[str, str]:
    """The code of every field error by its pointer."""
    assert reply.status_code == 422, reply.text
    return {error["pointer"]: error["code"] for error in reply.json()["errors"]}


async def test_a_new_business_starts_with_drafts_and_the_tax_of_its_country(client: Caller, neighbour: Caller) -> None:
    first = (await client.get(HERE)).json()
    second = (await neighbour.get(HERE)).json()

    assert first == {
        "person_name_format": "first_last",
        "send_payer_reference": False,
        "contact_push_enabled": False,
        "default_income_code": None,
        "default_expense_code": None,
        "tracking_category_id": None,
        "reference_parts": ["job_number"],
        "reference_on_bills": False,
        "customer_invoice_status": "DRAFT",
        "supplier_invoice_status": "DRAFT",
        "default_sales_tax_type": "OUTPUT2",
        "default_purchase_tax_type": "INPUT2",
        "send_item_codes": False,
        "mark_as_sent": False,
        "skip_tracking_setup": False,
        "send_from_date": None,
        "never_sent_alarm_days": 3,
        "digest_mail": False,
        "job_status_on_export": None,
    }
    assert (second["default_sales_tax_type"], second["default_purchase_tax_type"]) == ("OUTPUT", "INPUT")


async def test_a_change_affects_only_the_fields_it_sends(client: Caller) -> None:
    before = (await client.get(HERE)).json()

    changed = await change(client, default_income_code="200", reference_parts=["job_location", "job_number"])

    expected = {**before, "default_income_code": "200", "reference_parts": ["job_location", "job_number"]}
    assert changed.json() == expected
    assert (await client.get(HERE)).json() == expected


async def test_null_clears_one_default_code_and_keeps_the_other(client: Caller) -> None:
    await change(client, default_income_code="200", default_expense_code="310")

    changed = (await change(client, default_income_code=None)).json()

    assert (changed["default_income_code"], changed["default_expense_code"]) == (None, "310")


async def test_a_change_based_on_an_old_version_is_refused(client: Caller) -> None:
    seen = (await client.get(HERE)).headers["ETag"]
    mine = await client.patch(HERE, json={"send_item_codes": True}, headers={"If-Match": seen})

    theirs = await client.patch(HERE, json={"send_payer_reference": True}, headers={"If-Match": seen})

    assert (theirs.status_code, theirs.json()["code"]) == (412, "changed_meanwhile")
    assert (await client.get(HERE)).json()["send_payer_reference"] is False
    again = await client.patch(HERE, json={"send_payer_reference": True}, headers={"If-Match": mine.headers["ETag"]})
    assert again.status_code == 200


async def test_a_change_without_if_match_is_refused(client: Caller) -> None:
    refused = await client.patch(HERE, json={"send_item_codes": True})

    assert (refused.status_code, refused.json()["code"]) == (428, "if_match_required")


@pytest.mark.parametrize("tag", ["1", "W/1", 'W/"1"', "", '"1'])
async def test_a_tag_of_another_form_matches_nothing_and_the_answer_says_how_to_write_it(
    client: Caller, tag: str
) -> None:
    refused = await client.patch(HERE, json={"send_item_codes": True}, headers={"If-Match": tag})

    assert (refused.status_code, refused.json()["code"]) == (412, "if_match_malformed")
    assert "with its quotes and without W/" in refused.json()["detail"]


@pytest.mark.parametrize("tag", ['"0"', '"nonsense"'])
async def test_an_unknown_tag_matches_nothing_and_the_answer_has_the_present_one(client: Caller, tag: str) -> None:
    refused = await client.patch(HERE, json={"send_item_codes": True}, headers={"If-Match": tag})

    assert (refused.status_code, refused.json()["code"]) == (412, "changed_meanwhile")
    assert refused.headers["ETag"] == (await client.get(HERE)).headers["ETag"]


async def test_unchanged_preferences_are_answered_304(client: Caller) -> None:
    tag = (await client.get(HERE)).headers["ETag"]
    same = await client.patch(HERE, json={"send_item_codes": False}, headers={"If-Match": tag})

    again = await client.get(HERE, headers={"If-None-Match": tag})

    assert (same.status_code, again.status_code) == (200, 304)


async def test_the_two_default_codes_have_to_differ(client: Caller) -> None:
    await change(client, default_income_code="200")

    refused = await change(client, default_expense_code="200")

    assert error_codes(refused) == {
        "#/default_income_code": "default_codes_equal",
        "#/default_expense_code": "default_codes_equal",
    }


async def test_a_default_code_of_the_other_kind_is_refused_and_an_unknown_one_is_accepted(client: Caller) -> None:
    await make(client, "accounting-codes", code="310", name="Materials", kind="expense")
    await make(client, "accounting-codes", code="200", name="Sales", kind="income")

    refused = await change(client, default_income_code="310", default_expense_code="200")

    assert error_codes(refused) == {
        "#/default_income_code": "wrong_code_kind",
        "#/default_expense_code": "wrong_code_kind",
    }
    assert (await change(client, default_income_code="NEW", default_expense_code="310")).status_code == 200


async def test_all_field_errors_are_listed_and_nothing_is_stored(client: Caller) -> None:
    before = (await client.get(HERE)).json()
    status = "jst_01jf9jwz2hfk2a38g7zvjjpf1x"

    refused = await change(
        client,
        send_item_codes=True,
        mark_as_sent=True,
        job_status_on_export=status,
        default_sales_tax_type="GST",
        default_purchase_tax_type="OUTPUT2",
    )

    assert error_codes(refused) == {
        "#/job_status_on_export": "unknown_job_status",
        "#/default_sales_tax_type": "unknown_tax_type",
        "#/default_purchase_tax_type": "tax_type_misfit",
    }
    assert (await client.get(HERE)).json() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reference_parts", []),
        ("reference_parts", ["job_number", "job_number"]),
        ("reference_parts", ["job_number", "colour"]),
        ("reference_parts", None),
        ("person_name_format", "upside_down"),
        ("person_name_format", None),
        ("customer_invoice_status", "PAID"),
        ("send_item_codes", "yes"),
        ("send_item_codes", None),
        ("mark_as_sent", "yes"),
        ("mark_as_sent", None),
        ("skip_tracking_setup", None),
        ("default_income_code", 200),
        ("default_income_code", ""),
        ("default_income_code", "20\x000"),
        ("version", 7),
        ("job_status_on_export", "con_01jf9jwz2hfk2a38g7zvjjpf1x"),
    ],
)
async def test_an_invalid_preference_is_refused_with_its_pointer(client: Caller, field: str, value: Any) -> None:
    (pointer,) = error_codes(await change(client, **{field: value}))

    assert pointer.startswith(f"#/{field}")


async def test_a_job_status_of_another_business_cannot_be_chosen(client: Caller, neighbour: Caller) -> None:
    own = (await client.post("/api/v1/job-statuses", json={"name": "Invoiced"})).json()["id"]
    theirs = (await neighbour.post("/api/v1/job-statuses", json={"name": "Invoiced"})).json()["id"]

    assert (await change(client, job_status_on_export=own)).json()["job_status_on_export"] == own
    assert error_codes(await change(client, job_status_on_export=theirs)) == {
        "#/job_status_on_export": "unknown_job_status"
    }


async def test_a_change_of_preferences_is_in_the_audit_trail(client: Caller) -> None:
    await change(client, send_item_codes=True, default_income_code="200")

    trail = (await client.get("/api/v1/audit-events")).json()["items"]

    (event,) = [event for event in trail if event["action"] == "preferences.change"]
    assert event["details"] == {"fields": ["default_income_code", "send_item_codes"]}
