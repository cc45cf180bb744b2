"""A connection is watched while nobody uses it: a lost one is noticed in time, and an outage is no loss."""

from datetime import timedelta

import pytest

from api.xero.errors import XeroDisconnected
from sandbox.faults import Fault
from tests.smtp import mail_server
from tests.sync.connected_business import ConnectedBusiness
from tests.sync.idle_worker import IdleWorker


def _questions(business: ConnectedBusiness) -> int:
    """How often Xero was asked for its connections."""
    return len(business.calls("GET", "/connections"))


def _fail(business: ConnectedBusiness, count: int | None, **fault: object) -> None:
    asked = {"kind": "status", "path": "/connections", "method": "GET", "count": count, **fault}
    business.stand_in.faults.waiting.append(Fault.model_validate(asked))


def _remove_at_xero(business: ConnectedBusiness) -> None:
    business.stand_in.world.identity.connections.clear()


def _sign_out_at_xero(business: ConnectedBusiness) -> None:
    for grant in business.stand_in.world.identity.grants.values():
        grant.revoked = True


@pytest.mark.parametrize(("end", "state"), [(_remove_at_xero, "removed"), (_sign_out_at_xero, "needs_reconnect")])
async def test_a_connection_that_was_used_this_week_is_known_to_be_lost_within_an_hour(
    end, state: str, business: ConnectedBusiness, worker: IdleWorker
) -> None:
    await worker.idle_for(timedelta(hours=2))
    end(business)
    await worker.idle_for(timedelta(minutes=60))
    connection = await business.connection()
    assert connection["state"] == state
    assert connection["reason"].startswith(connection["problem"]["title"])
    assert len(await business.notifications("connection.needs_reconnect")) == 1
    asked = _questions(business)
    await worker.idle_for(timedelta(hours=2))
    assert _questions(business) == asked, "a lost connection is not watched"


async def test_the_administrators_get_one_mail_about_a_lost_connection(
    business: ConnectedBusiness, worker: IdleWorker
) -> None:
    await business.execute("UPDATE connections SET organisation_name = E'Kauri\r\nBcc: all@example.nz'")
    _remove_at_xero(business)
    async with mail_server() as server:
        worker.use_mail_server(server.url)
        await worker.idle_for(timedelta(hours=3))
    (mail,) = server.delivered
    assert (mail["Bcc"], mail["Subject"]) == (None, "Reconnect Kauri Bcc: all@example.nz to Jobtally")
    text, _ = (part.get_content() for part in mail.iter_parts())
    assert "is sent by itself after you have" in text
    assert "http://localhost:8080/settings/connections/xero" in text


async def test_an_unused_connection_is_asked_about_once_a_day_until_something_waits(
    business: ConnectedBusiness, worker: IdleWorker
) -> None:
    await business.execute("UPDATE connections SET used_at = app_now() - interval '8 days'")
    await worker.idle_for(timedelta(hours=1))
    before = _questions(business)
    await worker.idle_for(timedelta(hours=24))
    assert _questions(business) == before + 1
    await business.execute("UPDATE sessions SET last_seen_at = app_now()")
    await business.invoice("INV-1", await business.company("Hana Parata"))
    _remove_at_xero(business)
    await worker.idle_for(timedelta(minutes=60))
    assert (await business.connection())["state"] == "removed"


async def test_a_connection_that_answers_otherwise_is_not_asked_about(
    business: ConnectedBusiness, worker: IdleWorker
) -> None:
    before = _questions(business)
    for _ in range(6):
        await worker.idle_for(timedelta(minutes=25))
        await business.execute("UPDATE connections SET checked_at = app_now(), used_at = app_now()")
    assert _questions(business) == before


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 503},
        {"status": 401},
        {"kind": "timeout", "when": "before"},
        {"status": 403, "text": "<html>Blocked</html>"},
        {"kind": "malformed_json"},
    ],
    ids=["503", "401", "timeout", "page in front", "unreadable"],
)
async def test_a_failed_check_is_no_loss_and_is_repeated_within_minutes(
    fault: dict[str, object], business: ConnectedBusiness, worker: IdleWorker
) -> None:
    await worker.idle_for(timedelta(minutes=35))
    _fail(business, 2, **fault)
    await worker.idle_for(timedelta(minutes=60))
    assert not business.stand_in.faults.waiting
    assert (await business.connection())["state"] == "connected"
    assert await business.notifications("connection.needs_reconnect") == []


async def test_a_token_that_xero_refuses_shows_at_once_that_the_grant_has_ended(business: ConnectedBusiness) -> None:
    gateway = await business.gateway()
    assert await gateway.is_listed()
    _sign_out_at_xero(business)
    with pytest.raises(XeroDisconnected):
        await gateway.is_listed()


async def test_xero_is_shown_as_silent_while_no_check_is_answered(
    business: ConnectedBusiness, worker: IdleWorker
) -> None:
    _fail(business, None, status=503)
    await worker.idle_for(timedelta(minutes=60))
    connection = await business.connection()
    assert (connection["state"], connection["reason"]) == (
        "unreachable",
        "Xero does not answer. Jobtally tries again by itself.",
    )
    business.stand_in.faults.waiting.clear()
    await worker.idle_for(timedelta(minutes=10))
    assert (await business.connection())["state"] == "connected"


async def test_a_check_leaves_the_problem_of_a_connection_that_xero_refuses_to_serve(
    business: ConnectedBusiness, worker: IdleWorker
) -> None:
    problem = '{"code": "xero_right_missing", "title": "T", "detail": "D", "pointer": null, "fix": null, "choices": [],'
    problem += ' "source": "xero", "xero_message": null}'
    await business.execute("UPDATE connections SET problem = cast(:problem AS jsonb)", problem=problem)
    await worker.idle_for(timedelta(minutes=60))
    assert (await business.connection())["problem"]["code"] == "xero_right_missing"
