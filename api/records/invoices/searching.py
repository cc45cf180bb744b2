"""The search in lists of invoices: in their numbers and totals, and in the names of their contacts and jobs."""

import re
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Subquery, and_, or_, true

from api.records.invoices.models import Invoice
from api.records.text import containing, search_key

_AMOUNT: Final = re.compile(r"[0-9]{1,13}([.][0-9]{1,2})?")


class Joined(NamedTuple):
    """The views of contacts and jobs whose names lists show."""

    contacts: Subquery
    jobs: Subquery


class Mentions(NamedTuple):
    """The conditions of a search: a contact, a job, or the invoice itself mentions the text."""

    contact: ColumnElement[bool]
    job: ColumnElement[bool]
    invoice: ColumnElement[bool]


def mentions(q: str, joined: Joined) -> Mentions:
    """The conditions that a contact, a job or an invoice mentions `q`."""
    key = search_key(q)
    # Each word is compared on its own, so that a person matches in either order of the names.
    words = [containing(word) for word in key.split()]
    name = and_(true(), *(joined.contacts.c.sort_name.like(word) for word in words))
    job = and_(true(), *(joined.jobs.c.search_text.like(word) for word in words))
    amount = q.replace(",", "").removeprefix("$")
    total = [Invoice.total == Decimal(amount)] if _AMOUNT.fullmatch(amount) else []
    numbers = (_has_in_number(each) for each in sorted({key, q.strip().lower()}))
    return Mentions(name, job, or_(*numbers, *total))


def _has_in_number(text: str) -> ColumnElement[bool]:
    """Whether the number contains this text, both without dashes and blanks: `kp 2477` finds KP-2477."""
    bare = re.sub("[ -]", "", text)
    return Invoice.bare_number.like(containing(bare)) if bare else Invoice.number_key.like(containing(text))
