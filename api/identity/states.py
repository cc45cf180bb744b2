"""The states of a mail to a member."""

from enum import StrEnum


class MailState(StrEnum):
    """`unwanted`: the member has left or wants no mail; `refused`: the mail server does not take it."""

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"
    UNWANTED = "unwanted"
    NOT_SET_UP = "not_set_up"
