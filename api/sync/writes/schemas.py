"""What the API shows of waiting for Xero, which several resources share."""

from enum import StrEnum


class WaitingFor(StrEnum):
    """What a waiting export, push or import waits for."""

    RATE = "rate"
    DAY_LIMIT = "day_limit"
    XERO = "xero"
    CONNECTION = "connection"
