"""The statement behind the overview of the invoices of one business."""

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, Subquery, and_, case, func, or_, select

from api.platform.clock import app_now
from api.platform.db.repository import Repository
from api.records.invoices.models import Invoice
from api.records.invoices.states import DIFFERS_FROM_LEDGER, MAY_HAVE_PROBLEMS
from api.records.preferences.service import PREFERENCES_TABLE


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
            (and_(Invoice.is_ready, Invoice.approved_at < self._alarm_begins()), "waiting"),
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

    def _alarm_begins(self) -> ScalarSelect[Any]:
        """What was approved before is brought to attention if it was never sent; null: nothing is."""
        days = func.nullif(PREFERENCES_TABLE.never_sent_alarm_days, 0)
        begins: Select[Any] = select(app_now() - func.make_interval(0, 0, 0, days))
        return begins.where(PREFERENCES_TABLE.business_id == self.business_id).scalar_subquery()


def _has_problem() -> ColumnElement[bool]:
    return and_(Invoice.export_state.in_(MAY_HAVE_PROBLEMS), func.jsonb_array_length(Invoice.problems) > 0)
