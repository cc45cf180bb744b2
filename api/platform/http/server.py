"""The HTTP server of one process: uvicorn with our limits for connections."""

import resource
import socket

import uvicorn
from fastapi import FastAPI

from api.platform.http.admission import admitting
from api.platform.http.network_rates import NetworkRates
from api.platform.http.open_connections import ConnectionLimits, OpenConnections, ProcessLimits
from api.platform.runtime import exempt_from_collection
from api.platform.settings import Settings

_OWN_FILES = 256  # that a process needs besides the connections of its clients
_SHUTDOWN_SECONDS = 20


def server_of(app: FastAPI, settings: Settings, limits: ConnectionLimits) -> uvicorn.Server:
    """The server of this app; nothing runs yet."""
    trusted = settings.trusted_proxies
    openings = NetworkRates(limits.openings_per_second, limits.opening_burst)
    shared = ProcessLimits(app, OpenConnections(limits), openings)
    config = uvicorn.Config(
        app,
        http=admitting(shared, trusted),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=bool(trusted),
        forwarded_allow_ips=list(trusted) or None,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
    )
    return uvicorn.Server(config)


def run_server(app: FastAPI, settings: Settings, listeners: list[socket.socket]) -> None:
    """Serve until the process gets a signal to stop."""
    server = server_of(app, settings, ConnectionLimits(total=_possible_connections()))
    exempt_from_collection()
    server.run(sockets=listeners)


def _possible_connections() -> int:
    """How many clients the open files of this process allow; it raises the soft limit of files first."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ConnectionLimits.total + _OWN_FILES
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(_OWN_FILES, min(ConnectionLimits.total, soft - _OWN_FILES))
