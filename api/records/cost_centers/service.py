"""Cost centers of a business, and their options in the ledger."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from api.identity.lists import RowList
from api.platform.db.reads import STATEMENTS
from api.platform.db.work import UnitOfWork
from api.platform.http.versions import ANY_VERSION, ExpectedVersion
from api.records.clashes import NameTaken, refuse_taken, refuse_used
from api.records.content import revised, write
from api.records.cost_centers.models import CostCenter
from api.records.cost_centers.repository import CostCenterRepository
from api.records.cost_centers.schemas import CostCenterChange, CostCenterFilter, CostCenterIn, CostCenterOut, Match

COST_CENTERS_TABLE: Final = CostCenter


@dataclass(frozen=True)
class CostCenterView:
    """A cost center and its option in the ledger."""

    id: UUID
    name: str
    match: str
    option_id: str | None
    option_name: str | None


@dataclass(frozen=True)
class Binding:
    """The result of the comparison with the ledger's options, with the option if there is one."""

    match: Match
    option_id: str | None
    option_name: str | None


_UNBOUND = Binding("unchecked", None, None)


class CostCenterService:
    """The cost centers of one business."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._centers = CostCenterRepository(work)

    async def all(self) -> list[CostCenterView]:
        """All cost centers, ordered by name."""
        return [CostCenterView(*row) for row in await self._centers.views()]

    async def get(self, cost_center_id: UUID) -> CostCenter:
        """Read one cost center. Raises NotFound."""
        return await self._centers.get(cost_center_id)

    async def known(self, cost_center_ids: Collection[UUID]) -> set[UUID]:
        """The ids that belong to cost centers of this business."""
        return set(await self._centers.by(CostCenter.id, set(cost_center_ids)))

    async def create(self, content: CostCenterIn) -> CostCenter:
        """Create a cost center, unchecked against the ledger. Raises NameTaken."""
        await refuse_taken(self._centers, CostCenter.name, content.name, NameTaken)
        center = await self._centers.add(CostCenter(name=content.name))
        self._compare_soon()
        return center

    async def change(
        self, cost_center_id: UUID, change: CostCenterChange, expected: ExpectedVersion = ANY_VERSION
    ) -> CostCenter:
        """Rename a cost center. The new name is compared with the ledger again."""
        center = await self._centers.get(cost_center_id, locked=True)
        await expected.check(CostCenterOut, lambda: self.get(cost_center_id))
        if await self._name(center, revised(CostCenterIn, center, change)):
            _bind(center, _UNBOUND)
            self._compare_soon()
        return await self._centers.save(center)

    async def delete(self, cost_center_id: UUID, expected: ExpectedVersion = ANY_VERSION) -> None:
        """Delete a cost center. Raises InUse when a line uses it."""
        center = await self._centers.get(cost_center_id, locked=True)
        await expected.check(CostCenterOut, lambda: self.get(cost_center_id))
        await refuse_used(self._work, center)
        await self._centers.delete(center)

    async def bind(self, bindings: Mapping[UUID, Binding]) -> None:
        """Store the result of the comparison with the ledger for each of these cost centers."""
        for center_id, center in (await self._centers.by(CostCenter.id, set(bindings))).items():
            _bind(center, bindings[center_id])
        await self._work.session.flush()

    async def rename(self, cost_center_id: UUID, name: str) -> None:
        """Set the ledger's spelling and keep the binding. Raises NameTaken."""
        center = await self._centers.get(cost_center_id, locked=True)
        await self._name(center, CostCenterIn(name=name))
        await self._work.session.flush()

    def _compare_soon(self) -> None:
        self._work.wake_after_commit("ledger.rebind", self._work.business_id)

    async def _name(self, center: CostCenter, content: CostCenterIn) -> bool:
        await refuse_taken(self._centers, CostCenter.name, content.name, NameTaken, owner=center.id)
        return bool(write(center, content))


COST_CENTER_LIST: Final = RowList(
    CostCenterOut, CostCenterRepository(STATEMENTS).filtered, CostCenterFilter(), by=CostCenter.name
)


def _bind(center: CostCenter, binding: Binding) -> None:
    center.match, center.option_id, center.option_name = binding.match, binding.option_id, binding.option_name
