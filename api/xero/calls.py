"""One call to one organisation: take the token, reserve the budget, send, settle the budget, classify the answer."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import structlog

from api.xero.clock import ClockReading
from api.xero.errors import XeroBusy, XeroDisconnected, XeroError
from api.xero.http import CALL_SECONDS, Answer, Http, TransportFailure, send
from api.xero.limits import LimitReading
from api.xero.outcomes import REFUSED_TOKEN_WAIT_SECONDS, classify, classify_transport, has_ended, lacks_scope
from api.xero.ports import BudgetStore, TokenSource

log = structlog.get_logger("jobtally.xero")

# A call counts as in flight until it has timed out here and Xero has had 10 seconds to end it too.
FLIGHT_SECONDS = CALL_SECONDS + 10


def _allow() -> None:
    """Permit every call."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request to send. The log shows the template `path`. If `before_sending` raises, nothing is sent."""

    method: str
    path: str
    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    before_sending: Callable[[], None] = _allow


def _refuses_token(answer: Answer) -> bool:
    return answer.status == 401 and not lacks_scope(answer.headers)


class OrganisationCalls:
    """Makes calls on behalf of one organisation. Holds no state between them."""

    def __init__(self, http: Http, tenant_id: str, tokens: TokenSource, budget: BudgetStore) -> None:
        self._http = http
        self._tenant_id = tenant_id
        self._tokens = tokens
        self._budget = budget

    async def make(self, call: Call) -> Answer:
        """Return a 2xx answer or raise one of the four errors of `errors.py`.

        After a 401 the token is refreshed once and the same bytes are sent again. After a 403 of Xero, Xero is asked
        whether the connection still exists.
        """
        token = await self._tokens.access_token()
        answer = await self._send_once(call, token)
        if _refuses_token(answer):
            token = await self._tokens.access_token(refused=token)
            answer = await self._send_once(call, token)
        if _refuses_token(answer):
            await self._tokens.note_refusal()
        else:
            await self._tokens.note_acceptance()
        error = classify(call.method, answer.status, answer.headers, answer.body)
        if isinstance(error, XeroDisconnected):
            error = await self._confirmed(error)
        if error is not None:
            raise error
        return answer

    async def _confirmed(self, refusal: XeroDisconnected) -> XeroError:
        """What a refusal means, now that Xero says whether the connection exists."""
        status, correlation_id = refusal.http_status, refusal.correlation_id
        if not await self._tokens.is_listed(self._tenant_id):
            return XeroDisconnected("tenant", http_status=status, correlation_id=correlation_id)
        if refusal.reason == "tenant":
            return XeroBusy(
                REFUSED_TOKEN_WAIT_SECONDS, "unavailable", http_status=status, correlation_id=correlation_id
            )
        return refusal

    async def _send_once(self, call: Call, token: str) -> Answer:
        # The caller has read the token before: without a token there is no reservation to end.
        reservation = await self._budget.reserve(FLIGHT_SECONDS)
        try:
            call.before_sending()
        except Exception:
            await self._budget.settle(reservation, LimitReading(), certain=True)
            raise
        started = time.monotonic()
        try:
            outcome: Answer | TransportFailure = await self._send(call, token)
        except TransportFailure as failure:
            outcome = failure
        # The error is raised outside the except block: a transport failure holds the request, and so the token.
        seconds = time.monotonic() - started
        self._log(call, outcome, seconds)
        if isinstance(outcome, Answer):
            clock = ClockReading.from_reply(outcome.status, outcome.headers, seconds)
            reading = LimitReading.from_headers(outcome.headers)
            await self._budget.settle(reservation, reading, certain=True, clock=clock)
            return outcome
        await self._budget.settle(reservation, LimitReading(), certain=has_ended(outcome))
        raise classify_transport(call.method, outcome)

    async def _send(self, call: Call, token: str) -> Answer:
        headers = {
            "Accept": "application/json",  # without it Xero answers in XML
            **({"Content-Type": "application/json; charset=utf-8"} if call.content is not None else {}),
            **call.headers,
            "Xero-Tenant-Id": self._tenant_id,
            "Authorization": f"Bearer {token}",
        }
        return await send(self._http, call.method, call.url, params=call.params, headers=headers, content=call.content)

    def _log(self, call: Call, outcome: Answer | TransportFailure, seconds: float) -> None:
        result: dict[str, object]
        if isinstance(outcome, Answer):
            result = {"status": outcome.status, "correlation_id": outcome.headers.get("xero-correlation-id")}
        else:
            result = {"failure": type(outcome).__name__}
        log.info(
            "xero.call",
            method=call.method,
            path=call.path,
            organisation=self._tenant_id,
            ms=round(seconds * 1000),
            **result,
        )
