"""The two clocks: the clock of this process, and the clock of the database.

`now()` is the clock of this process. It is for what no other process compares with its own clock: log lines, sign-ins,
and the `expires_at` of an access token, which Xero gives as a number of seconds from its reply. Leases, due times and
column defaults use the database's clock: `app_now()` in SQL, `UnitOfWork.now()` for an instant in Python.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, DateTime, func
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.functions import Function

# One statement may see an instant of another one this far ahead: it may have started first and waited for a lock.
OVERLAP = timedelta(seconds=30)


def now() -> datetime:
    """The present instant by this process's clock, aware, in UTC."""
    return datetime.now(UTC)


def app_now() -> Function[datetime]:
    """The SQL function for the start of the statement by the database's clock; the first migration defines it."""
    return func.app_now(type_=DateTime(timezone=True))


def is_in_future(column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """The condition that the database's clock was set back after `app_now()` was stored in this column."""
    is_later: ColumnElement[bool] = column > app_now() + OVERLAP
    return is_later
