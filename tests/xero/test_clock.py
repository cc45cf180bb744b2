"""What a reply says about Xero's clock."""

from datetime import UTC, datetime, timedelta

import pytest
from respx import MockResponse, Router

from api.xero.client import XeroClient
from api.xero.clock import ClockReading
from api.xero.errors import XeroUnknownOutcome
from tests.xero.conftest import API, Budget

DATE = "Wed, 25 Nov 2026 08:00:00 GMT"
MIDDLE = datetime(2026, 11, 25, 8, 0, 0, 500_000, tzinfo=UTC)


def test_the_date_of_a_reply_counts_for_the_middle_of_the_call() -> None:
    reading = ClockReading.from_reply(200, {"Date": DATE}, 4.0)

    assert reading is not None
    assert reading.ahead_of(MIDDLE + timedelta(seconds=2)) == timedelta(0)
    assert reading.ahead_of(MIDDLE + timedelta(seconds=62)) == timedelta(seconds=-60)


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (403, {"date": DATE}, 1.0),  # something in front of Xero may have written it
        (200, {"date": DATE}, 11.0),  # of which instant of the call is it?
        (200, {}, 1.0),
        (200, {"date": "yesterday"}, 1.0),
        (200, {"date": "Wed, 25 Nov 2026 08:00:00 -0000"}, 1.0),  # without a time zone
    ],
)
def test_a_reply_that_leaves_doubt_says_nothing_about_the_clock(
    status: int, headers: dict[str, str], seconds: float
) -> None:
    assert ClockReading.from_reply(status, headers, seconds) is None


async def test_each_call_hands_the_clock_of_its_reply_to_the_budget(
    client: XeroClient, budget: Budget, httpx2_mock: Router
) -> None:
    httpx2_mock.get(f"{API}/Items").mock(return_value=MockResponse(200, json={"Items": []}, headers={"Date": DATE}))
    httpx2_mock.put(f"{API}/Invoices").mock(return_value=MockResponse(502, text="bad gateway", headers={"Date": DATE}))

    await client.items()
    with pytest.raises(XeroUnknownOutcome):
        await client.create_invoices(b"{}", "key-1")

    assert [clock and clock.xero_time for clock in budget.clocks] == [MIDDLE, None]
