"""A process of the API with two more addresses: hello without anything of ours, and a caller who asks for nothing.

`python -m bench.requests.server FD` serves on an open socket and reads its settings from the environment.
"""

import socket
import sys
from typing import Annotated

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from api.app import create_app
from api.identity.access import Caller, permitted
from api.platform.http.open_connections import ConnectionLimits
from api.platform.http.routing import ApiRouter
from api.platform.http.server import server_of
from api.platform.log import set_up_logging
from api.platform.runtime import exempt_from_collection
from api.xero.config import JobtallySettings
from bench.requests.paths import HELLO, NOTHING


class _WithHello:
    """The app of the product, beside an app without it in the same process."""

    def __init__(self, app: ASGIApp, bare: ASGIApp) -> None:
        self._app = app
        self._bare = bare

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_bare = scope["type"] == "http" and scope["path"].startswith("/bare/")
        await (self._bare if is_bare else self._app)(scope, receive, send)


def _bare_app() -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.get(HELLO)
    async def hello() -> dict[str, str]:
        return {"hello": "world"}

    return app


def _nothing() -> ApiRouter:
    router = ApiRouter("/api/v1", tag="bench")

    @router.get(NOTHING.removeprefix("/api/v1"), status_code=204)
    async def nothing(caller: Annotated[Caller, permitted("invoices:read")]) -> None:
        return None

    return router


def main() -> None:
    """Serve until a signal ends the process."""
    settings = JobtallySettings.from_env()
    set_up_logging(settings.log_level)
    app = create_app(settings, embedded_worker=False)
    app.include_router(_nothing())
    server = server_of(app, settings, ConnectionLimits())
    server.config.app = _WithHello(app, _bare_app())
    exempt_from_collection()
    server.run(sockets=[socket.socket(fileno=int(sys.argv[1]))])


if __name__ == "__main__":
    main()
