"""The tasks of a worker, their schedules, and the sweep that finds what no task was queued for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from arq.cron import cron

from api.identity.account.service import forget_expired as forget_expired_links
from api.identity.api_keys.service import forget_ended as forget_ended_keys
from api.identity.invitations.service import forget_expired as forget_expired_invitations
from api.identity.mails import tasks as mails
from api.identity.mails.service import MailSender, wake_due_mails
from api.identity.mails.service import forget_ended as forget_ended_mails
from api.identity.sessions.service import forget_ended as forget_ended_sessions
from api.platform.db.work import SYSTEM
from api.platform.http.idempotency import forget_expired as forget_expired_replies
from api.platform.mail import Mailer
from api.platform.queue import Task, WorkerPlan, run_worker
from api.platform.runtime import Runtime, open_runtime
from api.platform.schedule.service import wake_due
from api.platform.settings import Settings
from api.sync.connections import tasks as connections
from api.sync.connections.service import XeroGateways
from api.sync.connections.service import forget_expired as forget_expired_consents
from api.sync.contacts.decisions import tasks as contacts
from api.sync.contacts.imports import tasks as contact_imports
from api.sync.contacts.pushes import tasks as pushes
from api.sync.daily_reports import tasks as daily_reports
from api.sync.documents import tasks as documents
from api.sync.exports import tasks as exports
from api.sync.exports.standing import tasks as standing
from api.sync.ledger import tasks as ledger
from api.sync.writes.service import erase_old_bodies
from api.xero.config import JobtallySettings
from api.xero.http import open_http

TASKS: dict[str, Task] = {
    "connections.check": connections.check,
    "contacts.refresh": contacts.refresh,
    "contacts.restate": contacts.restate,
    "contacts.restate_unsure": contacts.restate_unsure,
    "contacts.push": pushes.push,
    "contact_imports.run": contact_imports.run,
    "daily_reports.send": daily_reports.send,
    "documents.audit": documents.audit,
    "documents.read": documents.read,
    "exports.drain": exports.drain,
    "invoices.check": standing.check,
    "ledger.refresh": ledger.refresh,
    "ledger.rebind": ledger.rebind,
    "mails.send": mails.send,
}


_HOUSEKEEPING = (
    forget_expired_replies,
    forget_expired_links,
    forget_ended_sessions,
    forget_expired_invitations,
    forget_ended_keys,
    forget_ended_mails,
    forget_expired_consents,
    erase_old_bodies,
)


async def housekeeping(ctx: dict[str, Any]) -> None:
    """Delete what has expired: answers, sessions, links, invitations, API keys, mails, begun consents, sent bytes."""
    database = ctx["gateways"].database
    for forget in _HOUSEKEEPING:  # each in a transaction of its own: one that fails or is slow does not undo the others
        async with database.work(SYSTEM) as work:
            await forget(work)


CRONS = (
    cron(connections.keep_alive, name="connections.keep_alive", hour=3, minute=17, keep_result=0, max_tries=1),
    cron(pushes.queue_pushes, name="contacts.queue_pushes", second=23, keep_result=0, max_tries=1),
    cron(documents.queue_audits, name="documents.queue_audits", minute=53, keep_result=0, max_tries=1),
    cron(housekeeping, name="platform.housekeeping", minute=41, keep_result=0, max_tries=1),
)


def plan(settings: Settings, gateways: XeroGateways) -> WorkerPlan:
    """The tasks, schedules and sweep of a worker that uses these gateways."""

    async def sweep() -> None:
        await ledger.sweep(gateways)
        await exports.sweep(gateways)
        await standing.sweep(gateways)
        await contact_imports.sweep(gateways)
        await wake_due(gateways.database)
        await wake_due_mails(gateways.database)

    return WorkerPlan(
        tasks=TASKS,
        crons=CRONS,
        sweep=sweep,
        sweep_seconds=gateways.timing.sweep_seconds,
        context={
            "gateways": gateways,
            "database": gateways.database,
            "mail_sender": MailSender(Mailer(settings), settings.app_base_url),
        },
    )


@asynccontextmanager
async def embedded_worker(runtime: Runtime, gateways: XeroGateways) -> AsyncIterator[None]:
    """Run a worker inside the API process, on the in-process Redis."""
    async with run_worker(plan(runtime.settings, gateways), runtime.queue):
        yield


@asynccontextmanager
async def separate_worker(settings: JobtallySettings) -> AsyncIterator[None]:
    """Run a worker on the Redis and the database of the settings."""
    async with (
        open_runtime(settings) as runtime,
        open_http() as http,
        run_worker(plan(settings, XeroGateways(runtime, settings.xero, http)), runtime.queue),
    ):
        yield
