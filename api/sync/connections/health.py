"""What calls say about a connection: Xero answers, Xero is silent, or only a person can repair it."""

from collections.abc import Sequence

from api.identity.mails.service import ADMINISTRATORS, MailContent, queue_mails
from api.platform.db.work import UnitOfWork
from api.platform.log import get_logger
from api.platform.problems import Problem
from api.records.notifications.service import NotificationService
from api.sync.connections.gateway import XeroGateway
from api.sync.connections.problems import ENDINGS, HOLD, problem_of
from api.sync.connections.repository import ConnectionRepository, GrantRepository
from api.sync.connections.states import ConnectionState
from api.xero.errors import XeroDisconnected

_logger = get_logger("jobtally.connections")
_PAGE = "/settings/connections/xero"
_NOTHING_IS_LOST = "Nothing is lost. What waits to be sent is sent by itself after you have reconnected."


async def note_answer(gateway: XeroGateway) -> None:
    """Xero answered: the connection is checked and reachable. Not stored again within a short time."""
    if gateway.is_checked:
        return
    async with gateway.work() as work:
        await ConnectionRepository(work).note_answer()


async def note_silence(gateway: XeroGateway) -> None:
    """Xero does not answer; the first silence is kept until Xero answers again."""
    async with gateway.work() as work:
        await ConnectionRepository(work).note_silence()


async def note_loss(gateway: XeroGateway, error: XeroDisconnected) -> Problem:
    """Only a person can repair the connection: end it or hold it, and notify once. Gives the problem to show."""
    async with gateway.work() as work:
        problem = problem_of(
            error.reason,
            error.detail,
            organisation=gateway.organisation_name,
            xero_user=await GrantRepository(work).user_name(gateway.grant_id),
        )
    if error.reason in ENDINGS:
        await _end(gateway, ENDINGS[error.reason], error, problem)
    else:
        await _hold(gateway, error, problem)
    return problem


async def _end(gateway: XeroGateway, state: ConnectionState, error: XeroDisconnected, problem: Problem) -> None:
    async with gateway.work() as work:
        # A connection made since this gateway was opened is not lost.
        connection_id = await ConnectionRepository(work).mark_lost(state, gateway.connected_at, problem.as_row())
        if connection_id is None:
            return
        once = f"connection-lost:{connection_id}:{gateway.connected_at.isoformat()}"
        message = _loss_message(state, gateway.organisation_name)
        subject = f"Reconnect {gateway.organisation_name} to Jobtally"
        await _mail(work, subject, [message, _NOTHING_IS_LOST], once=once)
        await NotificationService(work).publish(
            "connection.needs_reconnect",
            message,
            {"state": state, "reason": error.reason, "href": _PAGE},
            once=once,
        )
    _logger.warning("connection lost", business_id=str(gateway.business_id), reason=error.reason)


async def _hold(gateway: XeroGateway, error: XeroDisconnected, problem: Problem) -> None:
    async with gateway.work() as work:
        connection_id = await ConnectionRepository(work).hold(HOLD, gateway.connected_at, problem.as_row())
        if connection_id is None:
            return
        message = f"{problem.title}. {problem.detail}"
        since = f"connection-refused:{connection_id}:{error.reason}:{gateway.connected_at.isoformat()}"
        await _mail(work, f"{gateway.organisation_name}: {problem.title}", [message], once=since)
        await NotificationService(work).publish(
            "connection.refused",
            message,
            {"reason": error.reason, "href": _PAGE},
            once=f"connection-refused:{connection_id}:{error.reason}:{(await work.now()).date().isoformat()}",
        )
    _logger.warning("Xero refuses our calls", business_id=str(gateway.business_id), reason=error.reason)


async def _mail(work: UnitOfWork, subject: str, paragraphs: Sequence[str], *, once: str) -> None:
    content = MailContent(subject, paragraphs, "Open the connection to Xero", _PAGE)
    await queue_mails(work, content, roles=ADMINISTRATORS, once=once)


def _loss_message(state: ConnectionState, organisation_name: str) -> str:
    if state == ConnectionState.REMOVED:
        return f"{organisation_name} removed this app in Xero. Reconnect to go on sending."
    return f"Xero has signed us out of {organisation_name}. Reconnect to go on sending."
