"""`/cost-centers`."""

from typing import Annotated

from fastapi import Response

from api.identity.access import service
from api.identity.reader import Reader, reading
from api.platform.db.repository import Count
from api.platform.errors import NotFound
from api.platform.http.dependencies import filter_of
from api.platform.http.paging import PagingDep
from api.platform.http.routing import ApiRouter, errors
from api.platform.http.schemas import CountOut, Page
from api.platform.http.versions import ExpectedVersionDep
from api.platform.ids import encode
from api.records.clashes import InUse, NameTaken
from api.records.cost_centers.models import CostCenter
from api.records.cost_centers.schemas import (
    CostCenterChange,
    CostCenterFilter,
    CostCenterId,
    CostCenterIn,
    CostCenterOut,
)
from api.records.cost_centers.service import COST_CENTER_LIST, CostCenterService

router = ApiRouter("/cost-centers", tag="cost-centers")
Reading = Annotated[Reader, reading("settings:read")]
Writing = Annotated[CostCenterService, service(CostCenterService, "settings:write")]
Wanted = Annotated[CostCenterFilter, filter_of(CostCenterFilter)]


@router.get("", response_model=Page[CostCenterOut])
async def list_cost_centers(reader: Reading, paging: PagingDep, wanted: Wanted) -> Response:
    """List your cost centers by name, each with its option in the ledger."""
    return await COST_CENTER_LIST.page(reader, paging, wanted)


@router.get("/counts", response_model=CountOut)
async def count_cost_centers(reader: Reading, wanted: Wanted) -> Count:
    """Count the cost centers that match the filters."""
    return await COST_CENTER_LIST.count(reader, wanted)


@router.post("", status_code=201, response_model=CostCenterOut, responses=errors(NameTaken))
async def create_cost_center(body: CostCenterIn, centers: Writing, response: Response) -> CostCenter:
    """Add a cost center. It is compared with the ledger's options afterwards."""
    center = await centers.create(body)
    response.headers["Location"] = f"/api/v1/cost-centers/{encode('cos', center.id)}"
    return center


@router.get("/{cost_center_id}", response_model=CostCenterOut, responses=errors(NotFound))
async def get_cost_center(cost_center_id: CostCenterId, reader: Reading) -> Response:
    """Read one cost center."""
    return await COST_CENTER_LIST.get(reader, cost_center_id)


@router.patch("/{cost_center_id}", response_model=CostCenterOut, responses=errors(NotFound, NameTaken))
async def change_cost_center(
    cost_center_id: CostCenterId, body: CostCenterChange, centers: Writing, version: ExpectedVersionDep
) -> CostCenter:
    """Rename a cost center. The new name is compared with the ledger's options again."""
    return await centers.change(cost_center_id, body, version)


@router.delete("/{cost_center_id}", status_code=204, responses=errors(NotFound, InUse))
async def delete_cost_center(cost_center_id: CostCenterId, centers: Writing, version: ExpectedVersionDep) -> None:
    """Delete a cost center that no invoice line uses."""
    await centers.delete(cost_center_id, version)
