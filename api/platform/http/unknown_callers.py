"""How many requests unknown callers of a network may send to this process, and how quickly."""

import time
from typing import Final

from fastapi import FastAPI
from starlette.datastructures import Headers

from api.platform.errors import TooManyRequests
from api.platform.http.bodies import PROBES, check_network, requests_for
from api.platform.http.network_rates import NetworkRates

_LARGEST_BODY_BYTES: Final = 1024 * 1024
_BAD_REQUEST: Final = 20  # as many requests as one counts that is refused by its form
_MINUTE_SECONDS: Final = 60
_BURST_SECONDS: Final = 5
_LEAST_AT_ONCE: Final = 20.0  # also with a low limit: the first request of a session or key is one of an unknown caller


class UnknownCallers:
    """The requests of unknown callers of one process, counted for each network.

    A network may send the requests of five seconds at once, but no fewer than `least_at_once`, then so many a
    second as make up those of a minute. Callers whose credentials were lately accepted are not concerned. Probes are
    counted apart.
    """

    def __init__(self, app: FastAPI, least_at_once: float = _LEAST_AT_ONCE) -> None:
        per_second = app.state.settings.requests_per_minute / _MINUTE_SECONDS
        self._app = app
        self._requests = NetworkRates(per_second, max(least_at_once, per_second * _BURST_SECONDS))

    def count(self, network: str, method: str, path: str, headers: Headers, head_bytes: int = 0) -> None:
        """Count a request by its size. Raises TooManyRequests if its network has nothing left."""
        if self._app.state.known_credentials.has(headers):
            return
        now, is_probe = time.monotonic(), path in PROBES
        counted_as = f"probes of {network}" if is_probe else network
        if not self._requests.allow(counted_as, now, requests_for(headers, _LARGEST_BODY_BYTES, head_bytes)):
            raise TooManyRequests(headers={"Retry-After": str(self._requests.seconds_left(counted_as, now))})
        if not is_probe:
            check_network(self._app, network, method, headers)

    def note_bad_request(self, network: str) -> None:
        """Count a request that was refused by its form."""
        self._requests.charge(network, time.monotonic(), _BAD_REQUEST)
