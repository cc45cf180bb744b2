"""The problems of invoices that are about their contacts."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Text, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.sql.expression import cast

from api.platform.db.repository import Repository, is_any_of
from api.records.invoices.models import Invoice
from api.records.invoices.states import ExportState


class HeldInvoiceRepository(Repository[Invoice]):
    """Rows of `invoices` with problems."""

    model = Invoice

    async def free(self, contact_ids: Collection[UUID], codes: Collection[str]) -> None:
        """Take the problems with these codes from the invoices of these contacts that are not in an export."""
        problem = func.jsonb_array_elements(Invoice.problems).column_valued("problem")
        code = cast(problem, JSONB)["code"].astext
        others = select(func.coalesce(func.jsonb_agg(cast(problem, JSONB)), literal([], JSONB)))
        kept = others.where(code != func.all(literal(list(codes), ARRAY(Text())))).scalar_subquery()
        has_problem = or_(*(Invoice.problems.contains([{"code": each}]) for each in codes))
        statement = update(Invoice).where(
            Invoice.business_id == self.business_id,
            is_any_of(Invoice.contact_id, contact_ids),
            Invoice.export_state == ExportState.NOT_EXPORTED,
            has_problem,
        )
        await self.session.execute(statement.values(problems=kept), execution_options={"synchronize_session": False})
