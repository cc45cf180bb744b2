"""Starts the server again if it dies while this process uses it."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from api.platform.embedded_postgres.errors import PostgresUnavailable
from api.platform.embedded_postgres.postgres import EmbeddedPostgres
from api.platform.log import get_logger

_LOOK_SECONDS = 0.5
# A server that dies more often is broken: starting it again and again would hide that.
_MOST_DEATHS, _WITHIN_SECONDS = 5, 60.0
_logger = get_logger("jobtally.postgres")


@contextmanager
def watched(postgres: EmbeddedPostgres, give_up: Callable[[PostgresUnavailable], None]) -> Iterator[None]:
    """Start the server again each time it dies, until the block ends. `give_up` gets the reason if that fails.

    `give_up` is called in another thread.
    """
    ended = threading.Event()
    thread = threading.Thread(target=_watch, args=(postgres, give_up, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _watch(postgres: EmbeddedPostgres, give_up: Callable[[PostgresUnavailable], None], ended: threading.Event) -> None:
    deaths: deque[float] = deque(maxlen=_MOST_DEATHS)
    while not ended.wait(_LOOK_SECONDS):
        if postgres.is_alive():
            continue
        _logger.error("PostgreSQL has died, starting it again")
        deaths.append(time.monotonic())
        try:
            if len(deaths) == _MOST_DEATHS and deaths[-1] - deaths[0] < _WITHIN_SECONDS:
                raise PostgresUnavailable(f"The embedded PostgreSQL died {_MOST_DEATHS} times within a minute.")
            postgres.restart()
        except PostgresUnavailable as reason:
            give_up(reason)
            return
        _logger.warning("PostgreSQL runs again")
