"""An httpx2 transport that calls the stand-in without a socket and simulates lost replies."""

from __future__ import annotations

import httpx2

from sandbox.app import StandIn
from sandbox.fault_injection import ConnectionLost


class InProcessTransport(httpx2.ASGITransport):
    """A transport for `httpx2.AsyncClient`; a `timeout` or `reset` fault raises the error that a socket would raise."""

    def __init__(self, app: StandIn) -> None:
        super().__init__(app=app)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Call the app; raise `ReadTimeout` or `RemoteProtocolError` for a lost reply."""
        try:
            return await super().handle_async_request(request)
        except ConnectionLost as lost:
            kind = httpx2.ReadTimeout if lost.kind == "timeout" else httpx2.RemoteProtocolError
            raise kind("The stand-in dropped the reply.", request=request) from lost
