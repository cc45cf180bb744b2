"""What keeps every invoice from being exported now, and how old the mirrors are that invoices are checked against."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from api.platform.db.work import UnitOfWork
from api.platform.errors import kind_of
from api.platform.problems import Problem
from api.records.preferences.service import PreferencesView
from api.sync.connections.service import CONNECT, ConnectionService, NotConnectedYet, XeroUnavailable
from api.sync.exports.problems import DEFAULT_CODES
from api.sync.exports.service import DefaultCodesUnset
from api.sync.ledger.service import LedgerService, Part
from api.xero.limits import Ceilings

_POLL_MS = 1000
# A refresh that waits for the minute's limit or for Xero to answer is worth waiting for; one for the next day is not.
_SOON: Final = timedelta(minutes=2)
_NOT_CONNECTED = kind_of(NotConnectedYet)
_CODES_UNSET = kind_of(DefaultCodesUnset)
_AWAY = kind_of(XeroUnavailable)


@dataclass(frozen=True)
class Standpoint:
    """What a check looks at the invoices from."""

    organisation_name: str | None
    obstacles: list[Problem]
    checked_against: Mapping[Part, datetime]
    refreshing: bool

    @property
    def poll_after_ms(self) -> int | None:
        """Milliseconds after which to check again."""
        return _POLL_MS if self.refreshing else None


async def read_standpoint(work: UnitOfWork, preferences: PreferencesView, ceilings: Ceilings) -> Standpoint:
    """Where the business stands; parts of the mirrors that are old are asked for."""
    connection = await ConnectionService(work).row()
    obstacles: list[Problem] = []
    if preferences.default_income_code is None or preferences.default_expense_code is None:
        obstacles.append(Problem(_CODES_UNSET.code, _CODES_UNSET.title, _CODES_UNSET.remedy, fix=DEFAULT_CODES))
    organisation_id = await ConnectionService(work).known_organisation()
    is_live = await ConnectionService(work).live() is not None
    if not is_live:
        never = Problem(_NOT_CONNECTED.code, _NOT_CONNECTED.title, _NOT_CONNECTED.remedy, fix=CONNECT)
        lost = connection.problem if connection is not None else None
        obstacles.insert(0, Problem.from_row(lost) if lost is not None else never)
    if connection is None or organisation_id is None:
        return Standpoint(None, obstacles, {}, refreshing=False)
    if is_live and connection.problem is not None:
        obstacles.insert(0, Problem.from_row(connection.problem))
    elif is_live and connection.unreachable_since is not None:
        obstacles.insert(0, Problem(_AWAY.code, _AWAY.title, _AWAY.remedy))
    ledger = LedgerService(work)
    may_be_read = is_live and connection.problem is None and connection.unreachable_since is None
    if may_be_read:
        await ledger.freshen(organisation_id, connection.connected_at, tuple(Part), ceilings)
        if (failure := await ledger.failure(connection.connected_at)) is not None:
            obstacles.append(failure)
    refreshing = may_be_read and await ledger.is_being_read(tuple(Part), within=_SOON)
    return Standpoint(connection.organisation_name, obstacles, await ledger.read_at(organisation_id), refreshing)
