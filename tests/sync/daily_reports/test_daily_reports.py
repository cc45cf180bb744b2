"""Each morning: an alarm about approved invoices that were never sent, and the summary of the day before."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api.sync.daily_reports.repository import NeverSent
from api.sync.daily_reports.sentences import never_sent_sentence
from api.sync.daily_reports.service import next_morning
from tests.clock import Clock
from tests.records.making import API
from tests.smtp import MailServer, mail_server
from tests.sync.connected_business import ConnectedBusiness
from tests.sync.idle_worker import IdleWorker

_AUCKLAND = ZoneInfo("Pacific/Auckland")


class Mornings:
    """The mornings of a business, with a mail server."""

    def __init__(self, business: ConnectedBusiness, worker: IdleWorker, clock: Clock, server: MailServer) -> None:
        self.business, self.worker, self.clock, self.server = business, worker, clock, server
        worker.use_mail_server(server.url)

    async def pass_by(self, number: int) -> None:
        """Let so many mornings pass, with somebody signed in."""
        for _ in range(number):
            await self.worker.idle_until_due("daily_reports.send")
        await self.business.execute("UPDATE sessions SET last_seen_at = app_now()")

    async def alarms(self) -> list[str]:
        return [row["message"] for row in await self.business.notifications("invoices.never_sent")]

    @property
    def mails(self) -> list[tuple[str, str]]:
        """Subjects and texts."""
        return [(mail["Subject"], next(iter(mail.iter_parts())).get_content()) for mail in self.server.delivered]


@pytest.fixture
async def mornings(business: ConnectedBusiness, worker: IdleWorker, clock: Clock):
    async with mail_server() as server:
        yield Mornings(business, worker, clock, server)


async def test_approved_invoices_that_nobody_sends_raise_one_alarm_and_new_ones_the_next(
    business: ConnectedBusiness, mornings: Mornings
) -> None:
    contact = await business.company("Hana Parata")
    await business.invoice("INV-1", contact)
    await business.invoice("B-1", contact, "supplier", currency="AUD")
    await mornings.pass_by(3)
    assert await mornings.alarms() == [], "the third morning is less than three days later"
    await mornings.pass_by(3)
    (alarm,) = await business.notifications("invoices.never_sent")
    assert alarm["message"] == (
        "1 customer invoice (NZD 115.00) and 1 supplier invoice (AUD 115.00) were approved more than 3 days ago and"
        " have never been sent to Xero."
    )
    assert alarm["data"] == {
        "total": 2,
        "need_fix": 0,
        "days": 3,
        "amounts": [{"currency": "AUD", "total": "115.00"}, {"currency": "NZD", "total": "115.00"}],
        "href": "/invoices?view=ready",
    }
    ((subject, text),) = mornings.mails
    assert subject == "Approved invoices were never sent to Xero"
    assert "/invoices?view=ready" in text
    await business.invoice("INV-2", contact)
    await mornings.pass_by(5)
    assert len(await mornings.alarms()) == 2
    assert (await mornings.alarms())[1].startswith("2 customer invoices (NZD 230.00)")


async def test_drafts_excluded_old_and_sent_invoices_raise_no_alarm(
    business: ConnectedBusiness, mornings: Mornings
) -> None:
    contact = await business.company("Hana Parata")
    await business.prefer(send_from_date="2026-11-01")
    await business.invoice("OLD", contact, issued_on="2026-10-31", due_on="2026-11-30")
    excluded, draft, sent = [await business.invoice(number, contact) for number in ("I-1", "I-2", "I-3")]
    assert (await business.client.put(f"{API}/invoices/{excluded}/exclusion")).is_success
    assert (await business.client.delete(f"{API}/invoices/{draft}/approval")).is_success
    await business.export(sent)
    await business.drain()
    await mornings.pass_by(5)
    assert await mornings.alarms() == []


async def test_an_approval_that_was_given_again_counts_from_then_on(
    business: ConnectedBusiness, mornings: Mornings
) -> None:
    invoice = await business.invoice("INV-1", await business.company("Hana Parata"))
    await mornings.pass_by(4)
    await business.client.delete(f"{API}/invoices/{invoice}/approval")
    await business.client.put(f"{API}/invoices/{invoice}/approval")
    await mornings.pass_by(2)
    assert len(await mornings.alarms()) == 1
    await mornings.pass_by(3)
    assert len(await mornings.alarms()) == 2


@pytest.mark.parametrize(("days", "mornings_until_alarm"), [(0, None), (None, None), (1, 2)])
async def test_the_number_of_days_is_a_preference_and_none_switches_the_alarm_off(
    days: int | None, mornings_until_alarm: int | None, business: ConnectedBusiness, mornings: Mornings
) -> None:
    await business.prefer(never_sent_alarm_days=days)
    await business.invoice("INV-1", await business.company("Hana Parata"), issued_on="2026-11-20", due_on=None)
    await mornings.pass_by(mornings_until_alarm or 5)
    alarms = await mornings.alarms()
    assert len(alarms) == (1 if mornings_until_alarm else 0)
    assert all("more than a day ago" in alarm for alarm in alarms)


async def test_the_summary_is_mailed_each_morning_after_which_something_was_done(
    business: ConnectedBusiness, mornings: Mornings
) -> None:
    await business.prefer(digest_mail=True, never_sent_alarm_days=None)
    contact = await business.company("Hana Parata")
    await mornings.pass_by(1)
    assert mornings.mails == []
    await business.export(await business.invoice("I-1", contact), await business.invoice("I-2", contact))
    for _ in range(2):
        await business.refresh_ledger()
        await business.drain()
    await business.invoice("I-3", contact)
    await business.check_standing()
    await mornings.pass_by(1)
    ((subject, text),) = mornings.mails
    assert subject == "Kerer\u016b Plumbing: invoices of the last day"
    assert text.splitlines()[:3] == ["Sent to Xero: 2", "", "Ready to export: 1"]
    await mornings.pass_by(2)
    assert len(mornings.mails) == 1


async def test_without_the_preference_no_summary_is_sent(business: ConnectedBusiness, mornings: Mornings) -> None:
    await business.export(await business.invoice("I-1", await business.company("Hana Parata")))
    await mornings.pass_by(1)
    assert mornings.mails == []


@pytest.mark.parametrize(
    ("instant", "morning"),
    [
        (datetime(2026, 11, 24, 17, 59, tzinfo=UTC), "2026-11-25T07:00:00+13:00"),
        (datetime(2026, 11, 24, 18, 0, tzinfo=UTC), "2026-11-26T07:00:00+13:00"),
        (datetime(2027, 4, 3, 12, 0, tzinfo=UTC), "2027-04-04T07:00:00+12:00"),  # the clocks go back that night
    ],
)
def test_the_morning_is_that_of_the_business(instant: datetime, morning: str) -> None:
    assert next_morning(instant, _AUCKLAND).isoformat() == morning


def test_an_alarm_about_one_invoice_is_a_sentence_about_one() -> None:
    groups: list[Any] = [NeverSent("supplier", "NZD", 1, 1, 1234)]  # type: ignore[arg-type]  # an int prints the same
    assert never_sent_sentence(groups, 3) == (
        "1 supplier invoice (NZD 1,234.00) was approved more than 3 days ago and has never been sent to Xero."
    )
