"""Checks before every Accounting API call: token, organisation, scope, limits, idempotency key; renders the reply."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from sandbox import wire
from sandbox.call import Call, Route
from sandbox.faults import Fault
from sandbox.idempotency import Replies, fingerprint
from sandbox.limits import Usage
from sandbox.replies import Refusal, Reply, gateway_problem, plain
from sandbox.state import Ledger, World
from sandbox.tokens import Bearer, read_bearer

Endpoint = Callable[[Request], Awaitable[Response]]
_LARGEST_BODY = 10 * 1024 * 1024
_ALWAYS = {"Cache-Control": "max-age=0, no-cache, no-store", "Vary": "Accept"}


class Gateway:
    """Makes Starlette endpoints of routes."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.usage = Usage()
        self.replies = Replies()

    def endpoint(self, route: Route) -> Endpoint:

        async def serve(request: Request) -> Response:
            headers: dict[str, str] = {}
            try:
                reply = await self._serve(route, request, headers)
            except Refusal as refusal:
                reply = refusal.reply
            return render(reply, request.headers.get("accept", ""), headers)

        return serve

    async def _serve(self, route: Route, request: Request, headers: dict[str, str]) -> Reply:
        bearer = read_bearer(self._world, request)
        ledger = self._ledger(bearer, request.headers.get("xero-tenant-id", ""))
        if not bearer.scopes & set(route.scopes):
            raise gateway_problem(
                401, "Unauthorized", "AuthorizationUnsuccessful", WWW_Authenticate="insufficient_scope"
            )
        body = await request.body()
        headers |= self.usage.enter(self._world.options, self._world.now(), bearer.client_id, ledger.tenant_id)
        try:
            if len(body) > _LARGEST_BODY:
                raise plain(413, "The request is larger than 10 MB.")
            return await self._run(
                route,
                request,
                Call(
                    world=self._world,
                    ledger=ledger,
                    client_id=bearer.client_id,
                    path=request.path_params,
                    query={name.lower(): value for name, value in request.query_params.items()},
                    headers=request.headers,
                    body=body,
                ),
            )
        finally:
            self.usage.leave(bearer.client_id, ledger.tenant_id)

    def _ledger(self, bearer: Bearer, tenant_id: str) -> Ledger:
        connected = any(
            entry.tenant_id == tenant_id.lower()
            and entry.client_id == bearer.client_id
            and entry.user_id == bearer.user_id
            and not entry.removed
            for entry in self._world.identity.connections
        )
        if not connected:
            raise gateway_problem(403, "Forbidden", "AuthenticationUnsuccessful")
        return self._world.ledgers[tenant_id.lower()]

    async def _run(self, route: Route, request: Request, call: Call) -> Reply:
        async def run() -> Reply:
            if pause := request.scope.get("sandbox.pause"):
                await pause()
            fault: Fault | None = request.scope.get("sandbox.fault")
            if fault is not None and fault.when == "before":
                return _failure(fault)
            try:
                reply = route.operation(call)
            except Refusal as refusal:
                reply = refusal.reply
            return reply if fault is None else _failure(fault)

        key = request.headers.get("idempotency-key")
        if key is None or route.method not in ("POST", "PUT"):
            return await run()
        request_hash = fingerprint(route.method, str(request.url), call.ledger.tenant_id, call.body)
        return await self.replies.once(call.now, call.client_id, key, request_hash, run)


def _failure(fault: Fault) -> Reply:
    return Reply(fault.status, text=fault.text or "", media_type="text/plain; charset=utf-8")


def render(reply: Reply, accept: str, headers: dict[str, str]) -> Response:
    """The HTTP response: JSON when the caller accepts it, otherwise XML."""
    all_headers = {**_ALWAYS, **headers, **reply.headers, "Xero-Correlation-Id": reply.correlation_id}
    if reply.document is None:
        return Response(reply.text or None, reply.status, all_headers, reply.media_type if reply.text else None)
    if "application/json" in accept.lower():
        return Response(wire.to_json(reply.document), reply.status, all_headers, "application/json; charset=utf-8")
    return Response(wire.to_xml(reply.document), reply.status, all_headers, "text/xml; charset=utf-8")
