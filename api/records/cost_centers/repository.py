"""Cost centers of one business."""

from api.platform.db.repository import Repository
from api.records.cost_centers.models import CostCenter


class CostCenterRepository(Repository[CostCenter]):
    """Rows of `cost_centers`."""

    model = CostCenter
