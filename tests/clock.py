"""Time in tests: the process's clock (time-machine) and the database's clock (the setting `app.clock_offset`).

The stand-in runs in the process of the test, so it uses the process's clock unless a test gives it another.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import time_machine
from sqlalchemy import Connection, Engine, event, make_url

_OFFSET = "app.clock_offset"
_NONE = timedelta(0)


class Clock:
    """Both clocks; they start at the real time, or as far from it as `offset`, and go on by themselves."""

    def __init__(self, process: time_machine.Traveller, offset: timedelta) -> None:
        self._process = process
        self._database_offset = self._first_offset = offset

    def shift(self, by: timedelta | float) -> None:
        """Move both clocks forward; a number is seconds."""
        self.shift_process(by)
        self.shift_database(by)

    def shift_process(self, by: timedelta | float) -> None:
        """Move only the clock of this process, forward or back."""
        self._process.shift(by)

    def shift_database(self, by: timedelta | float) -> None:
        """Move only the clock of the database, forward or back; transactions that begin later see it."""
        self._database_offset += by if isinstance(by, timedelta) else timedelta(seconds=by)

    def begin(self, connection: Connection) -> None:
        """Give the offset of the database's clock to a connection that has another one."""
        if connection.info.get(_OFFSET, self._first_offset) != self._database_offset:
            offset = f"{self._database_offset.total_seconds()} seconds"
            connection.exec_driver_sql("SELECT set_config('app.clock_offset', %s, false)", (offset,))
            connection.info[_OFFSET] = self._database_offset

    def rollback(self, connection: Connection) -> None:
        """Forget which offset the connection has: one that was set in the transaction is gone."""
        if connection.info.get(_OFFSET):
            connection.info[_OFFSET] = None


def with_offset(url: str, offset: timedelta) -> str:
    """The address of a database whose clock starts with this offset."""
    options = f"-c {_OFFSET}={offset.total_seconds()}s"
    return make_url(url).update_query_dict({"options": options}).render_as_string(hide_password=False)


@contextmanager
def moving_clock(offset: timedelta = _NONE) -> Iterator[Clock]:
    """A clock for every database engine of this process, until the block ends.

    With an offset, the addresses of the databases have to be made by `with_offset`.
    """
    with time_machine.travel(datetime.now(UTC) + offset, tick=True) as process:
        clock = Clock(process, offset)
        event.listen(Engine, "begin", clock.begin)
        event.listen(Engine, "rollback", clock.rollback)
        try:
            yield clock
        finally:
            event.remove(Engine, "begin", clock.begin)
            event.remove(Engine, "rollback", clock.rollback)
