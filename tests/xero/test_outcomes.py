"""Every answer and every network failure has a defined meaning, and a doubtful write is never called rejected."""

import inspect
from collections.abc import Awaitable, Callable

import httpx2
import pytest
from respx import MockResponse, Router

from api.xero.client import XeroClient
from api.xero.errors import XeroBusy, XeroDisconnected, XeroError, XeroRejected, XeroUnknownOutcome
from api.xero.http import ReplyTooLarge
from api.xero.outcomes import classify
from tests.xero.conftest import API, Budget

SECRET = "token-1"  # what the token source of these tests gives

# Only these failures happen before Xero can have received a byte of the request.
NOTHING_SENT = {
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
}
IN_DOUBT = {
    httpx2.RequestError,
    httpx2.TransportError,
    httpx2.TimeoutException,
    httpx2.ReadTimeout,
    httpx2.WriteTimeout,
    httpx2.NetworkError,
    httpx2.ReadError,
    httpx2.WriteError,
    httpx2.CloseError,
    httpx2.ProtocolError,
    httpx2.LocalProtocolError,
    httpx2.RemoteProtocolError,
    httpx2.SSEError,
    httpx2.DecodingError,
    httpx2.TooManyRedirects,
    ReplyTooLarge,
}


def failures(kind: type[httpx2.RequestError] = httpx2.RequestError) -> set[type[httpx2.RequestError]]:
    return {kind}.union(*(failures(child) for child in kind.__subclasses__()))


def test_every_failure_of_the_http_client_is_classified() -> None:
    from_library = {kind for kind in failures() if not kind.__module__.startswith("tests.")}
    assert from_library == NOTHING_SENT | IN_DOUBT


@pytest.mark.parametrize("kind", sorted(NOTHING_SENT | IN_DOUBT, key=str))
async def test_a_network_failure_is_busy_for_a_read_and_for_a_write_only_when_nothing_was_sent(
    client: XeroClient, httpx2_mock: Router, budget: Budget, kind: type[httpx2.RequestError]
) -> None:
    httpx2_mock.route(url__startswith=API).mock(side_effect=kind(f"it quoted b'Bearer {SECRET}'"))
    expected = XeroBusy if kind in NOTHING_SENT else XeroUnknownOutcome

    with pytest.raises(XeroBusy) as reading:
        await client.accounts()
    with pytest.raises(XeroError) as writing:
        await client.create_invoices(b"{}", "key-1")

    assert type(writing.value) is expected
    # A reply that is too large was being sent: the call itself has ended.
    has_ended = kind in NOTHING_SENT or kind is ReplyTooLarge
    assert [certain for _, _, certain in budget.settled] == [has_ended] * 2
    for error in (reading.value, writing.value):
        assert SECRET not in "".join(map(str, (error, repr(error), vars(error))))
        assert (error.__cause__, error.__context__) == (None, None), "a transport failure holds the token"


def expected_for(method: str, status: int, body: bytes) -> type[XeroError]:
    if status == 403 and b"Message" in body:  # Xero's own words
        return XeroDisconnected
    if status == 403 and method != "GET":
        return XeroUnknownOutcome
    if status in (401, 403, 429):
        return XeroBusy
    if method == "GET":
        return XeroRejected if status < 500 and status != 408 else XeroBusy
    return XeroRejected if status < 500 and status not in (408, 409) else XeroUnknownOutcome


@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
async def test_every_status_from_400_to_599_means_one_of_the_four_errors(
    client: XeroClient, httpx2_mock: Router, method: str
) -> None:
    calls: dict[str, Callable[[], Awaitable[object]]] = {
        "GET": client.accounts,
        "PUT": lambda: client.create_invoices(b"{}", "key-1"),
        "POST": lambda: client.update_contacts(b"{}", "key-1"),
    }
    for status in range(400, 600):
        for body in (b"", b"<html>no</html>", b'{"Message":"No."}', b"{"):
            answer = MockResponse(status, content=body, headers={"Xero-Correlation-Id": "corr-9"})
            httpx2_mock.route(url__startswith=API).mock(return_value=answer)
            with pytest.raises(XeroError) as caught:
                await calls[method]()
            assert type(caught.value) is expected_for(method, status, body), (method, status, body)
            assert (caught.value.http_status, caught.value.correlation_id) == (status, "corr-9")
            if isinstance(caught.value, XeroRejected):
                assert caught.value.messages
                assert all(text and "<" not in text for text in caught.value.messages)


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308])
async def test_a_redirect_is_not_followed_and_leaves_the_outcome_of_a_write_unknown(
    client: XeroClient, httpx2_mock: Router, status: int
) -> None:
    elsewhere = MockResponse(status, headers={"Location": "https://elsewhere.example/"})
    httpx2_mock.route(url__startswith=API).mock(return_value=elsewhere)

    with pytest.raises(XeroUnknownOutcome):
        await client.create_invoices(b"{}", "key-1")
    with pytest.raises(XeroBusy):
        await client.accounts()
    assert {call.request.url.host for call in httpx2_mock.calls} == {"api.xero.com"}


@pytest.mark.parametrize(
    ("headers", "limit", "wait"),
    [
        ({"X-Rate-Limit-Problem": "minute", "Retry-After": "27"}, "minute", 27.0),
        ({"x-rate-limit-problem": "Minute limit", "retry-after": "1.5"}, "minute", 1.5),
        ({"X-RATE-LIMIT-PROBLEM": "DayLimit", "RETRY-AFTER": "66975"}, "day", 66975.0),
        ({"X-Rate-Limit-Problem": "Daily limit"}, "day", None),
        ({"X-Rate-Limit-Problem": "appminute", "Retry-After": "9"}, "app", 9.0),
        ({"X-Rate-Limit-Problem": "Concurrent"}, "concurrent", None),
        ({}, "concurrent", None),
        ({"Retry-After": "5"}, "minute", 5.0),
        ({"X-Rate-Limit-Problem": "minute", "Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, "minute", None),
        ({"X-Rate-Limit-Problem": "minute", "Retry-After": "-3"}, "minute", None),
        ({"X-Rate-Limit-Problem": "minute", "Retry-After": "nan"}, "minute", None),
    ],
)
def test_a_429_names_the_limit_and_the_waiting_time(headers: dict[str, str], limit: str, wait: float | None) -> None:
    error = classify("PUT", 429, headers, b"")

    assert isinstance(error, XeroBusy)
    assert (error.limit, error.retry_after) == (limit, wait)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"Title":"Forbidden","Detail":"AuthenticationUnsuccessful"}', "tenant"),
        (b'{"title":"Forbidden","detail":"authenticationunsuccessful"}', "tenant"),
        (b'{"Detail":"The User specified does not have the correct permissions"}', "permission"),
        (b'{"Detail":"The organisation\'s subscription has ended"}', "subscription"),
        (b'{"Detail":"Your trial has expired."}', "subscription"),
    ],
)
def test_a_403_in_xeros_words_says_what_a_person_has_to_do(body: bytes, reason: str) -> None:
    for method in ("GET", "PUT"):
        error = classify(method, 403, {}, body)

        assert isinstance(error, XeroDisconnected)
        assert error.reason == reason


@pytest.mark.parametrize("body", [b"<html>Blocked by your administrator</html>", b"", b"[]", b'{"error":"waf"}'])
def test_a_403_that_is_not_xeros_leaves_a_write_in_doubt_and_a_read_for_later(body: bytes) -> None:
    assert isinstance(classify("PUT", 403, {}, body), XeroUnknownOutcome)
    assert isinstance(classify("GET", 403, {}, body), XeroBusy)


@pytest.mark.parametrize(
    "body", [b"<html>no</html>", b"", b'{"Message":"Idempotency Key abc is used with a different request."}']
)
def test_a_404_refuses_a_whole_write_whatever_its_body(body: bytes) -> None:
    assert isinstance(classify("PUT", 404, {}, body), XeroRejected)


def test_a_reused_idempotency_key_leaves_the_outcome_of_a_write_unknown() -> None:
    body = b'{"Message":"Idempotency Key abc is used with a\\r\\ndifferent request."}'

    assert isinstance(classify("PUT", 400, {}, body), XeroUnknownOutcome)
    assert isinstance(classify("GET", 400, {}, body), XeroRejected)


def test_an_outage_during_a_delete_is_busy_because_deleting_twice_is_harmless() -> None:
    assert isinstance(classify("DELETE", 500, {}, b""), XeroBusy)


def test_plain_text_of_xero_is_kept_and_cut_at_500_characters() -> None:
    prose = classify("GET", 404, {}, b"The resource you're looking for\r\n cannot be found")
    long = classify("GET", 400, {}, b'{"Message":"' + b"x" * 9000 + b'"}')
    angle = classify("GET", 400, {}, b'{"Message":"Name must not contain < or >"}')

    assert isinstance(prose, XeroRejected)
    assert prose.messages == ["The resource you're looking for cannot be found"]
    assert isinstance(long, XeroRejected)
    assert len(long.messages[0]) == 500
    assert isinstance(angle, XeroRejected)
    assert angle.messages == ["Name must not contain < or >"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"Elements": [{"ValidationErrors": [{"Message": "Not \\u0000this \\ud83d one"}]}]}',
        b'{"Message": "Not \\u0000this \\ud83d one"}',
    ],
)
def test_a_text_of_xero_has_nothing_that_cannot_be_stored(body: bytes) -> None:
    error = classify("PUT", 400, {}, body)
    assert isinstance(error, XeroRejected)
    assert error.messages == ["Not this ? one"]


def test_the_gateway_has_exactly_four_errors() -> None:
    from api.xero import errors

    kinds = {kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, XeroError)}
    assert kinds == {XeroError, XeroRejected, XeroBusy, XeroDisconnected, XeroUnknownOutcome}
