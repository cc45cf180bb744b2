"""Cost centers of one business."""

from api.platform.db.repository import Repository
from api.records.cost_centers.models import CostCenter


class CostCenterRepository(Repository[CostCenter]):
    """Every part of the business that money is counted for."""

    model = CostCenter
