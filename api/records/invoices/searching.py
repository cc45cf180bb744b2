"""The search in lists of invoices: in their numbers and totals, and in the names of their contacts and jobs."""

import re
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Subquery, and_, or_, select, true

from api.records.invoices.models import Invoice
from api.records.text import search_key

_AMOUNT: Final = re.compile(r"[0-9]{1,13}([.][0-9]{1,2})?")


class Joined(NamedTuple):
    """The views of contacts and jobs whose names lists show."""

    contacts: Subquery
    jobs: Subquery


def mentions(q: str, joined: Joined) -> ColumnElement[bool]:
    """The condition that an invoice mentions `q`."""
    key = search_key(q)
    contacts, jobs = joined.contacts.c, joined.jobs.c
    # Each word is compared on its own, so that a person matches in either order of the names.
    name = and_(true(), *(contacts.sort_name.contains(word, autoescape=True) for word in key.split()))
    # The names of contacts and jobs are read once, and not for each of their invoices.
    of_contact = select(contacts.id).where(name).correlate(None)
    of_job = select(jobs.id).where(jobs.search_text.contains(key, autoescape=True)).correlate(None)
    amount = q.replace(",", "").removeprefix("$")
    total = [Invoice.total == Decimal(amount)] if _AMOUNT.fullmatch(amount) else []
    return or_(
        Invoice.contact_id.in_(of_contact),
        Invoice.job_id.in_(of_job),
        Invoice.number_key.contains(key, autoescape=True),
        *total,
    )
