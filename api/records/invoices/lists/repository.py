"""The statements behind lists, counts and single reads of invoices of one business."""

from collections.abc import Collection
from dataclasses import fields
from functools import partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Function,
    RowMapping,
    Select,
    Subquery,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    func,
    literal,
    not_,
    or_,
    select,
)

from api.platform.db.repository import Repository, is_any_of
from api.platform.http.paging import keyset_statement
from api.records.invoices.documents import InvoiceDocument
from api.records.invoices.filters import InvoiceFilter, Sort
from api.records.invoices.models import Invoice, InvoiceCount
from api.records.invoices.searching import Joined, mentions
from api.records.invoices.views import views_of
from api.records.repository import conditions

_BORROWED = {"contact_name", "contact_external_id", "job_number", "job_external_id", "job_description", "lines"}
# The indexes of the lists have what these compare, so that invoices that do not match are not read.
_IN_INDEX: Final = ("q", "contact_id", "job_id", "amount_from", "amount_to")
_STATES: Final = ("kind", "status", "export_state", "view")
SORTED_BY: Final = {
    "issued_on": Invoice.issued_on,
    "number": Invoice.number_key,
    "total": Invoice.total,
    "updated_at": Invoice.updated_at,
}
_HEAD: Final = [getattr(Invoice, field.name) for field in fields(InvoiceDocument) if field.name not in _BORROWED]


class InvoiceListRepository(Repository[Invoice]):
    """Rows of `invoices` for lists, without lines, and their numbers."""

    model = Invoice

    def page(
        self, wanted: InvoiceFilter, sort: Sort, limit: int, joined: Joined, *, continued: bool
    ) -> Select[*tuple[Any, ...]]:
        """The statement of a page of invoices without lines. It chooses the invoices first, then reads their names."""
        by, descending = SORTED_BY[sort.removeprefix("-")], sort.startswith("-")
        paged = partial(
            keyset_statement, limit=limit, continued=continued, by=by, tie=Invoice.id, descending=descending
        )
        columns = (*_HEAD, Invoice.number_key)
        if any(getattr(wanted, name) is not None for name in _IN_INDEX):
            matching = paged(self._filtered(wanted, joined, Invoice.id))
            rows = select(*columns).where(Invoice.id.in_(matching))
        else:
            rows = paged(self._filtered(wanted, joined, *columns))
        page = rows.subquery("page")
        order = (page.c[by.key], page.c.id)
        return _named(page, joined).order_by(*(each.desc() if descending else each.asc() for each in order))

    async def heads(self, invoice_ids: Collection[UUID], joined: Joined) -> dict[UUID, RowMapping]:
        """These invoices without lines, by id."""
        statement = self._heads(is_any_of(Invoice.id, invoice_ids), joined)
        return {row["id"]: row for row in (await self.session.execute(statement)).mappings()}

    def table(self, invoice_ids: Collection[UUID], joined: Joined) -> Subquery:
        """These invoices without lines, for other statements to join."""
        return self._heads(is_any_of(Invoice.id, invoice_ids), joined).subquery("invoice_views")

    def head(self, joined: Joined) -> Select[*tuple[Any, ...]]:
        """The statement of the invoice that is the parameter `invoice_id`, without lines."""
        return self._heads(Invoice.id == bindparam("invoice_id", type_=Uuid()), joined)

    def _heads(self, condition: ColumnElement[bool], joined: Joined) -> Select[*tuple[Any, ...]]:
        own = select(*_HEAD).where(Invoice.business_id == self.business_id, condition)
        return _named(own.subquery("chosen"), joined)

    async def oldest(
        self, wanted: InvoiceFilter, joined: Joined, *, except_ids: Collection[UUID], limit: int
    ) -> list[UUID]:
        """The ids of at most `limit` invoices of the filter, oldest first."""
        statement = self._filtered(wanted, joined, Invoice.id)
        if except_ids:
            statement = statement.where(not_(is_any_of(Invoice.id, except_ids)))
        oldest = statement.order_by(Invoice.issued_on, Invoice.id).limit(limit)
        return [row.id for row in await self.session.execute(oldest)]

    def _filtered(self, wanted: InvoiceFilter, joined: Joined, *columns: Any) -> Select[*tuple[Any, ...]]:
        return select(*columns).where(Invoice.business_id == self.business_id, *_conditions(wanted, joined))

    def counts(self, wanted: InvoiceFilter, joined: Joined) -> Select[*tuple[Any, ...]]:
        """The statement that counts the invoices of the filter in each view, with one row per kind that it has."""
        table: type[Invoice | InvoiceCount] = Invoice
        number: Function[int] = func.count()
        limits = _conditions(wanted, joined)
        if wanted == InvoiceFilter(**{name: getattr(wanted, name) for name in _STATES}):
            table, number, limits = InvoiceCount, func.sum(InvoiceCount.count), _of_states(InvoiceCount, wanted)
        counted = [
            func.coalesce(number.filter(condition), 0).label("needs_attention" if view == "attention" else view)
            for view, condition in views_of(table).items()
        ]
        views = select(table.kind, *counted, number.label("all")).where(table.business_id == self.business_id, *limits)
        return views.group_by(table.kind)


def _named(invoices: Subquery, joined: Joined) -> Select[*tuple[Any, ...]]:
    """These invoices with the names of their contacts and jobs."""
    contacts, jobs = joined
    names = (
        contacts.c.display_name.label("contact_name"),
        contacts.c.external_id.label("contact_external_id"),
        jobs.c.number.label("job_number"),
        jobs.c.external_id.label("job_external_id"),
        jobs.c.description.label("job_description"),
    )
    heads = select(*invoices.c, *names).join(contacts, contacts.c.id == invoices.c.contact_id)
    return heads.outerjoin(jobs, jobs.c.id == invoices.c.job_id)


def _of_states(table: type[Invoice] | type[InvoiceCount], wanted: InvoiceFilter) -> list[ColumnElement[bool]]:
    """The conditions of the filter that are about states, which are also counted."""
    limits: list[ColumnElement[bool]] = []
    if wanted.kind is not None:  # a part of the text, so that PostgreSQL plans the statement for it
        limits.append(table.kind == literal(wanted.kind, literal_execute=True))
    if wanted.status is not None:
        limits.append(table.status == literal(wanted.status, literal_execute=True))
    if wanted.export_state is not None:
        limits.append(table.export_state == wanted.export_state)
    if wanted.view is not None:
        limits.append(views_of(table)[wanted.view])
    return limits


def _conditions(wanted: InvoiceFilter, joined: Joined) -> list[ColumnElement[bool]]:
    names = ("contact_id", "job_id", "currency", "external_id", "updated_since")
    limits = [*_of_states(Invoice, wanted), *conditions(Invoice, **{name: getattr(wanted, name) for name in names})]
    for compared, first, last in (
        (Invoice.issued_on, wanted.issued_from, wanted.issued_to),
        (Invoice.due_on, wanted.due_from, wanted.due_to),
        (Invoice.total, wanted.amount_from, wanted.amount_to),
    ):
        limits += [compared >= first] if first is not None else []
        limits += [compared <= last] if last is not None else []
    if wanted.problem is not None:
        with_code = func.jsonb_build_array(func.jsonb_build_object("code", cast(wanted.problem, Text)))
        limits += [and_(Invoice.needs_attention), Invoice.problems.contains(with_code)]
    if wanted.q is not None:
        contact, job, own = mentions(wanted.q, joined)
        of_contact, of_job = _ids(joined.contacts, contact), _ids(joined.jobs, job)
        limits.append(or_(Invoice.contact_id.in_(of_contact), Invoice.job_id.in_(of_job), own))
    return limits


def _ids(table: Subquery, condition: ColumnElement[bool]) -> Select[tuple[UUID]]:
    """The ids of these rows. PostgreSQL reads them once for the statement, and not for each invoice."""
    return select(table.c.id).where(condition).correlate(None)
