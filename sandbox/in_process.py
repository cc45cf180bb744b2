"""Lets a client call the stand-in without a socket, lost replies included."""

from __future__ import annotations

import httpx2

from sandbox.app import StandIn
from sandbox.street import ConnectionLost


class InProcessTransport(httpx2.ASGITransport):
    """A transport for `httpx2.AsyncClient`; a `timeout` or `reset` fault becomes the error a socket would give."""

    def __init__(self, app: StandIn) -> None:
        super().__init__(app=app)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Call the app."""
        try:
            return await super().handle_async_request(request)
        except ConnectionLost as lost:
            kind = httpx2.ReadTimeout if lost.kind == "timeout" else httpx2.RemoteProtocolError
            raise kind("The stand-in let the reply get lost.", request=request) from lost
