"""Tracking: unknown and archived options of a line are dropped, as in Xero."""

import pytest

from tests.sandbox.client import API, StandInClient, line, texts


async def region(xero: StandInClient):
    category = (await xero.read("TrackingCategories"))["TrackingCategories"][0]
    options = {option["Name"]: option["TrackingOptionID"] for option in category["Options"]}
    return category["TrackingCategoryID"], options


async def tracked(xero: StandInClient, *entries, **fields):
    row = await xero.put_invoice(LineItems=[line(Tracking=list(entries))], **fields)
    assert row["StatusAttributeString"] == "OK"
    return [(entry["Name"], entry["Option"]) for entry in row["LineItems"][0]["Tracking"]]


async def test_a_line_is_tracked_by_id_or_by_exact_name(xero: StandInClient):
    category_id, options = await region(xero)
    by_id = {"TrackingCategoryID": category_id, "TrackingOptionID": options["South"]}

    assert await tracked(xero, by_id) == [("Region", "South")]
    assert await tracked(xero, {"Name": "Region", "Option": "West"}, InvoiceNumber="J-2") == [("Region", "West")]


@pytest.mark.parametrize(
    "entry",
    [
        {"Name": "Region", "Option": "north"},
        {"Name": "Regions", "Option": "North"},
        {"Name": "Region"},
        {"Name": "Old Divisions", "Option": "Domestic"},
        {"TrackingCategory": {"Name": "Region", "Option": "North"}},
    ],
)
async def test_an_unknown_option_is_dropped_silently(xero: StandInClient, entry):
    assert await tracked(xero, entry) == []


async def test_an_archived_option_is_dropped_silently(xero: StandInClient):
    await xero.post("/_ctl/tracking-options/North", json={"status": "ARCHIVED"})

    assert await tracked(xero, {"Name": "Region", "Option": "North"}) == []


async def test_a_line_keeps_a_single_option_per_category(xero: StandInClient):
    both = ({"Name": "Region", "Option": "North"}, {"Name": "Region", "Option": "South"})

    assert await tracked(xero, *both) == [("Region", "North")]


@pytest.mark.parametrize(
    "tracking",
    [
        {"Name": "Region", "Option": "North"},
        [{"Name": "Region", "Option": "North "}],
        [{"TrackingCategoryID": "11111111-1111-4111-8111-111111111111", "Option": "North"}],
    ],
)
async def test_tracking_that_causes_a_500_in_xero_causes_a_500_here(xero: StandInClient, tracking):
    reply = await xero.write("PUT", "Invoices", await xero.invoice(LineItems=[line() | {"Tracking": tracking}]))

    assert reply.status_code == 500
    assert reply.json()["Title"] == "An error occurred"


async def test_a_renamed_option_is_shown_on_existing_invoices(xero: StandInClient):
    row = await xero.put_invoice(LineItems=[line(Tracking=[{"Name": "Region", "Option": "North"}])])
    await xero.post("/_ctl/tracking-options/North", json={"name": "Far North"})

    again = (await xero.read(f"Invoices/{row['InvoiceID']}"))["Invoices"][0]
    assert again["LineItems"][0]["Tracking"][0]["Option"] == "Far North"


async def test_an_option_name_is_unique(xero: StandInClient):
    category_id, _ = await region(xero)
    path = f"{API}/TrackingCategories/{category_id}/Options"
    added = await xero.put(path, json={"Name": "Coast"})
    again = await xero.put(path, json={"Name": "coast"})

    assert [option["Name"] for option in added.json()["Options"]] == ["Coast"]
    assert again.status_code == 400
    assert texts(again.json()["Elements"][0]) == ["For each specified tracking option the name must be unique"]


async def test_an_option_in_use_is_archived_instead_of_deleted(xero: StandInClient):
    category_id, options = await region(xero)
    await xero.put_invoice(LineItems=[line(Tracking=[{"Name": "Region", "Option": "North"}])])

    async def delete(name: str) -> str:
        path = f"{API}/TrackingCategories/{category_id}/Options/{options[name]}"
        return str((await xero.delete(path)).json()["Options"][0]["Status"])

    assert (await delete("North"), await delete("South")) == ("ARCHIVED", "DELETED")


async def test_two_categories_may_be_active(xero: StandInClient):
    second = await xero.put(f"{API}/TrackingCategories", json={"Name": "Trade"})
    third = await xero.put(f"{API}/TrackingCategories", json={"Name": "Crew"})

    assert (second.status_code, third.status_code) == (200, 400)
    assert len((await xero.read("TrackingCategories", includeArchived="true"))["TrackingCategories"]) == 3
