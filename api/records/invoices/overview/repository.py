"""The statement behind the overview of the invoices of one business."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, or_, select

from api.platform.clock import app_now
from api.platform.db.repository import Repository
from api.records.invoices.models import Invoice
from api.records.invoices.states import DIFFERS_FROM_LEDGER, MAY_HAVE_PROBLEMS

WAITS_LONG_AFTER: Final = timedelta(days=3)


class OverviewRepository(Repository[Invoice]):
    """Counts and sums of rows of `invoices`."""

    model = Invoice

    def groups(self) -> Select[*tuple[Any, ...]]:
        """The statement that counts and sums what is ready and what needs attention, by cause and currency."""
        rows = self._rows_with_cause()
        key = (rows.c.kind, rows.c.group, rows.c.code, rows.c.currency)
        figures = (
            func.min(rows.c.title).label("title"),  # Xero's refusals may word one code in several ways
            func.count().label("count"),
            func.sum(rows.c.total).label("total"),
            func.min(rows.c.approved_at).label("approved_since"),
        )
        return select(*key, *figures).group_by(*key).order_by(*key)

    def _rows_with_cause(self) -> Subquery:
        has_problem, differs = _has_problem(), Invoice.export_state.in_(DIFFERS_FROM_LEDGER)
        cause = case(
            (has_problem, Invoice.problems[0]),
            (or_(and_(Invoice.is_ready), differs), None),
            else_=Invoice.remarks[0],
        )
        group = case(
            (and_(Invoice.is_ready, Invoice.approved_at < app_now() - WAITS_LONG_AFTER), "waiting"),
            (and_(Invoice.is_ready), "ready"),
            (has_problem, "problem"),
            (differs, Invoice.export_state),
            else_="remark",
        )
        statement = select(
            Invoice.kind,
            group.label("group"),
            cause["code"].astext.label("code"),
            cause["title"].astext.label("title"),
            Invoice.currency,
            Invoice.total,
            Invoice.approved_at,
        )
        is_shown = or_(and_(Invoice.is_ready), and_(Invoice.needs_attention))
        return statement.where(Invoice.business_id == self.business_id, is_shown).subquery("caused")


def _has_problem() -> ColumnElement[bool]:
    return and_(Invoice.export_state.in_(MAY_HAVE_PROBLEMS), func.jsonb_array_length(Invoice.problems) > 0)
