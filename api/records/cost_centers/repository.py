"""Cost centers of one business."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, Select, select

from api.platform.db.repository import Repository
from api.records.cost_centers.models import CostCenter
from api.records.cost_centers.schemas import CostCenterFilter
from api.records.repository import conditions

_CONTENT: Final = (
    CostCenter.id,
    CostCenter.name,
    CostCenter.match,
    CostCenter.option_id,
    CostCenter.option_name,
)


class CostCenterRepository(Repository[CostCenter]):
    """Rows of `cost_centers`."""

    model = CostCenter

    def filtered(self, wanted: CostCenterFilter) -> Select[*tuple[Any, ...]]:
        """Select the cost centers that match the filters."""
        wanted_conditions = conditions(CostCenter, match=wanted.match, updated_since=wanted.updated_since)
        return self._content().add_columns(CostCenter.created_at, CostCenter.updated_at).where(*wanted_conditions)

    async def views(self) -> Sequence[Row[*tuple[Any, ...]]]:
        """The content columns of every cost center, ordered by name."""
        return (await self.session.execute(self._content().order_by(CostCenter.name))).all()

    def _content(self) -> Select[*tuple[Any, ...]]:
        return select(*_CONTENT).where(CostCenter.business_id == self.business_id)
