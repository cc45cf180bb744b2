"""`python -m sandbox`: runs the stand-in, by default on loopback."""

from __future__ import annotations

import argparse
import contextlib
import socket

import uvicorn

from sandbox.app import create_stand_in
from sandbox.state import Options


def main() -> None:
    """Serve until interrupted."""
    arguments = _parser().parse_args()
    listener = socket.create_server((arguments.host, arguments.port))
    address = f"http://localhost:{listener.getsockname()[1]}"
    app = create_stand_in(
        client_id=arguments.client_id,
        client_secret=arguments.client_secret,
        redirect_uris=tuple(arguments.redirect_uri),
        auto_approve=arguments.auto_approve,
        calls_per_minute=arguments.calls_per_minute,
        calls_per_day=arguments.calls_per_day,
        concurrency=arguments.concurrency,
        app_name=arguments.app_name,
        public_url=arguments.public_url or address,
    )
    print(f"Xero stand-in listening on {address}", flush=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, date_header=False))
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listener])


def _parser() -> argparse.ArgumentParser:
    defaults = Options()
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A local stand-in for Xero.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9090, help="0 selects a free port")
    parser.add_argument("--public-url", help="the address used in discovery and tokens")
    parser.add_argument("--client-id", default=defaults.client_id)
    parser.add_argument("--client-secret", default=defaults.client_secret)
    parser.add_argument(
        "--redirect-uri", action="append", default=[], help="repeatable; default: any http://localhost URI"
    )
    parser.add_argument("--app-name", default=defaults.app_name, help="the name of the calling app on the consent page")
    parser.add_argument("--auto-approve", action="store_true", help="skip the consent page")
    parser.add_argument("--calls-per-minute", type=int, default=defaults.calls_per_minute)
    parser.add_argument("--calls-per-day", type=int, default=defaults.calls_per_day)
    parser.add_argument("--concurrency", type=int, default=defaults.concurrency)
    return parser


if __name__ == "__main__":
    main()
