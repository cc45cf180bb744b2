"""The reports of one business, once a day in its morning."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from api.identity.businesses.service import business_name, home_time_zone
from api.identity.mails.service import WHO_EXPORT, MailContent, queue_mails
from api.platform.db.work import UnitOfWork
from api.platform.schedule.service import schedule
from api.records.notifications.service import NotificationService
from api.records.preferences.service import PreferencesService, PreferencesView
from api.sync.daily_reports.repository import DailyReportRepository, NeverSent
from api.sync.daily_reports.sentences import fix_sentence, never_sent_sentence, summary_lines

_TASK: Final = "daily_reports.send"
_MORNING: Final = time(7)
_SPREAD_SECONDS: Final = 3600  # over which the mornings of many businesses are spread
_PERIOD: Final = timedelta(days=1)
_LISTS: Final = {"customer": "/invoices", "supplier": "/bills"}


async def begin(work: UnitOfWork, country: str) -> None:
    """Plan the first report of a new business."""
    await _plan(work, ZoneInfo(await home_time_zone(work)))


async def report(work: UnitOfWork) -> None:
    """Raise the alarm and send the summary, if there is something to say, and plan the next morning: one commit."""
    zone = ZoneInfo(await home_time_zone(work))
    preferences = await PreferencesService(work).current()
    day = (await work.now()).astimezone(zone).date().isoformat()
    await _plan(work, zone)
    if preferences.digest_mail:
        await _summarise(work, day)
    if preferences.never_sent_alarm_days:
        await _raise_alarm(work, preferences, preferences.never_sent_alarm_days, day)


async def _plan(work: UnitOfWork, zone: ZoneInfo) -> None:
    wait = timedelta(seconds=work.business_id.int % _SPREAD_SECONDS)
    await schedule(work, _TASK, next_morning(await work.now(), zone) + wait)


def next_morning(instant: datetime, zone: ZoneInfo) -> datetime:
    """The next seven o'clock in this time zone."""
    here = instant.astimezone(zone)
    morning = datetime.combine(here.date(), _MORNING, zone)
    return morning if morning > here else datetime.combine(here.date() + _PERIOD, _MORNING, zone)


async def _raise_alarm(work: UnitOfWork, preferences: PreferencesView, days: int, day: str) -> None:
    """Publish an alarm if an invoice has become old since the last one; it counts all that are."""
    invoices, age = DailyReportRepository(work), timedelta(days=days)
    if not await invoices.note_never_sent(age, preferences.send_from_date):
        return
    groups = await invoices.never_sent(age, preferences.send_from_date)
    message, once, href = never_sent_sentence(groups, days), f"never-sent:{day}", _list_of(groups)
    fix = fix_sentence(groups)
    paragraphs = [message, fix] if fix else [message]
    content = MailContent("Approved invoices were never sent to Xero", paragraphs, "Open the invoices", href)
    await queue_mails(work, content, roles=WHO_EXPORT, once=once)
    totals = {group.currency: Decimal(0) for group in groups}
    for group in groups:
        totals[group.currency] += group.total
    await NotificationService(work).publish(
        "invoices.never_sent",
        " ".join(paragraphs),
        {
            "total": sum(group.count for group in groups),
            "need_fix": sum(group.count - group.ready for group in groups),
            "days": days,
            "amounts": [{"currency": currency, "total": f"{total:.2f}"} for currency, total in sorted(totals.items())],
            "href": href,
        },
        once=once,
    )


def _list_of(groups: Sequence[NeverSent]) -> str:
    """The list of the kind of which there are most, in the view where most of them are."""
    kind = max(groups, key=lambda group: group.count).kind
    own = [group for group in groups if group.kind == kind]
    ready, number = sum(group.ready for group in own), sum(group.count for group in own)
    return f"{_LISTS[kind]}?view={'ready' if ready * 2 >= number else 'attention'}"


async def _summarise(work: UnitOfWork, day: str) -> None:
    """Mail the summary of the last day; nothing if nothing was sent, refused or is waiting."""
    summary = await DailyReportRepository(work).summary(await work.now() - _PERIOD)
    if not (summary.exported or summary.not_accepted or summary.waiting):
        return
    name = await business_name(work)
    content = MailContent(f"{name}: invoices of the last day", summary_lines(summary), "Open Jobtally", "/invoices")
    await queue_mails(work, content, roles=WHO_EXPORT, once=f"daily-summary:{day}")
