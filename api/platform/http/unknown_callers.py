"""What unknown callers may ask for, judged before the application is called for a request.

A refused request costs a little of the server and nothing of the database. `SpentAddresses` judges those that come
through a proxy, which speaks for many clients.
"""

import time
from typing import Final

from fastapi import FastAPI
from prometheus_client import Counter
from starlette.datastructures import Headers

from api.platform.errors import ApiError, TooManyRequests
from api.platform.http.address import Peer
from api.platform.http.bodies import PROBES, check_network, requests_for
from api.platform.http.network_rates import NetworkRates

_LARGEST_BODY_BYTES: Final = 1024 * 1024
_BAD_REQUEST: Final = 20  # as many requests as one counts that is refused by its form
_REFUSED_REQUEST: Final = 10  # as many new connections as a request counts that was one too many
_MINUTE_SECONDS: Final = 60
_BURST_SECONDS: Final = 15
_REFUSALS: Final = Counter(
    "jobtally_early_refusals", "Requests that were refused before the application was called.", ["code"]
)


class UnknownCallers:
    """The requests of unknown callers of one process, counted for each network.

    A network may send the requests of a quarter of a minute at once, then so many a second as make up those of a
    minute. Callers whose credentials were lately accepted are not concerned. Probes are counted apart.
    """

    def __init__(self, app: FastAPI, openings: NetworkRates) -> None:
        per_second = app.state.settings.requests_per_minute / _MINUTE_SECONDS
        self._app = app
        self._requests = NetworkRates(per_second, max(1.0, per_second * _BURST_SECONDS))
        self._openings = openings

    def count(self, peer: Peer, method: str, path: str, headers: Headers, head_bytes: int) -> None:
        """Count a request by its size. Raises TooManyRequests if its network has nothing left."""
        if peer.is_proxy or self._app.state.known_credentials.has(headers):
            return
        now, is_probe = time.monotonic(), path in PROBES
        counted_as = f"probes of {peer.network}" if is_probe else peer.network
        if not self._requests.allow(counted_as, now, requests_for(headers, _LARGEST_BODY_BYTES, head_bytes)):
            raise TooManyRequests(headers={"Retry-After": str(self._requests.seconds_left(counted_as, now))})
        if not is_probe:
            check_network(self._app, peer.network, method, headers)

    def note_refusal(self, peer: Peer, error: ApiError) -> None:
        """Count a refusal: who goes on is soon refused at once, then cannot even open connections as quickly."""
        _REFUSALS.labels(error.code).inc()
        if peer.is_proxy:
            return
        if isinstance(error, TooManyRequests):
            self._openings.charge(peer.network, time.monotonic(), _REFUSED_REQUEST)
        elif error.status < 500:
            self._requests.charge(peer.network, time.monotonic(), _BAD_REQUEST)
