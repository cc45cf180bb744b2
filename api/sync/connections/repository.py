"""Connections, offers and consents of one business; grants, which belong to no business."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, Subquery, Update, and_, case, delete, false, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from api.platform.clock import app_now
from api.platform.db.lease import Lease, LeaseTiming, take
from api.platform.db.locks import LockClass, acquire
from api.platform.db.repository import Repository
from api.platform.db.work import UnitOfWork
from api.platform.problems import ProblemRow
from api.platform.states import move
from api.sync.connections.models import Authorization, Connection, Grant, OfferedOrganisation
from api.sync.connections.states import CONNECTION_TRANSITIONS, ConnectionState
from api.sync.exports.models import ExportRun, InvoiceLink
from api.sync.ledger.models import LedgerOrganisation
from api.xero.tokens import XeroUser


@dataclass(frozen=True)
class Working:
    """A working connection with its grant."""

    connection: Connection
    grant: Grant
    previous_is_accepted: bool  # whether Xero still accepts the refresh token before the present one
    is_mirrored: bool  # whether the mirror of the ledger is of this organisation
    short_code: str | None  # of the organisation, by that mirror


class ConnectionRepository(Repository[Connection]):
    """The connection of one business; a business has at most one row."""

    model = Connection

    async def present(self, *, locked: bool = False) -> Connection | None:
        """The connection, whatever its state."""
        statement = self.rows()
        if locked:
            statement = statement.with_for_update()
        row: Connection | None = (await self.session.execute(statement)).scalar_one_or_none()
        return row

    async def working(self, *, although_held: bool = False) -> Working | None:
        """The connection, if it is connected and not held because Xero refuses our calls."""
        mirrored = and_(
            LedgerOrganisation.business_id == Connection.business_id,
            LedgerOrganisation.organisation_id == Connection.organisation_id,
        )
        statement = (
            select(
                Connection,
                Grant,
                func.coalesce(Grant.previous_until > app_now(), false()),
                LedgerOrganisation.organisation_id.is_not(None),
                LedgerOrganisation.short_code,
            )
            .join(Grant, Grant.id == Connection.grant_id)
            .outerjoin(LedgerOrganisation, mirrored)
            .where(Connection.business_id == self.business_id, Connection.state == ConnectionState.CONNECTED)
        )
        if not although_held:
            statement = statement.where(or_(Connection.held_until.is_(None), Connection.held_until <= app_now()))
        row = (await self.session.execute(statement)).one_or_none()
        return Working(*row) if row is not None else None

    async def reserve_organisation(self, organisation_id: UUID) -> None:
        """Let other businesses that connect this organisation wait until this transaction ends."""
        await self.session.execute(acquire(LockClass.ORGANISATION, str(organisation_id)))

    async def is_taken(self, organisation_id: UUID) -> bool:
        """Whether another business is connected to the organisation. A connection that Xero ended blocks nobody."""
        statement = select(Connection.id).where(
            Connection.organisation_id == organisation_id,
            Connection.business_id != self.business_id,
            Connection.state == ConnectionState.CONNECTED,
        )
        async with self.work.across_businesses():
            return (await self.session.execute(statement)).first() is not None

    async def has_documents_besides(self, organisation_id: UUID) -> bool:
        """Whether invoices of the business went to another organisation, or are on their way there."""
        linked = select(InvoiceLink.id).where(
            InvoiceLink.business_id == self.business_id, InvoiceLink.organisation_id != organisation_id
        )
        under_way = select(ExportRun.id).where(
            ExportRun.business_id == self.business_id,
            ExportRun.organisation_id != organisation_id,
            ExportRun.finished_at.is_(None),
        )
        return bool(await self.session.scalar(select(or_(linked.exists(), under_way.exists()))))

    async def note_answer(self) -> None:
        """The working connection is checked and reachable, and Xero does what we ask."""
        well = self._connected().values(unreachable_since=None, problem=None, held_until=None)
        await self.session.execute(well.values(checked_at=app_now(), used_at=app_now()))

    async def note_silence(self) -> None:
        """The working connection is unreachable since now, or since earlier."""
        first = self._connected().where(Connection.unreachable_since.is_(None))
        await self.session.execute(first.values(unreachable_since=app_now()))

    async def mark_lost(self, state: ConnectionState, connected_at: datetime, problem: ProblemRow) -> UUID | None:
        """Give the connection made at this instant a state in which it does not work; None if it has ended already."""
        lost = await self._connected_at(connected_at)
        if lost is None:
            return None
        move(lost, CONNECTION_TRANSITIONS, state)
        lost.problem, lost.held_until = problem, None
        await self.session.flush()
        return lost.id

    async def hold(self, period: timedelta, connected_at: datetime, problem: ProblemRow) -> UUID | None:
        """Use the connection made at this instant again after this period only; None if it has ended already."""
        held = await self._connected_at(connected_at)
        if held is None:
            return None
        held.problem, held.held_until = problem, await self.work.now() + period
        await self.session.flush()
        return held.id

    async def _connected_at(self, instant: datetime) -> Connection | None:
        of_then = self.rows().where(Connection.state == ConnectionState.CONNECTED, Connection.connected_at == instant)
        row: Connection | None = (await self.session.execute(of_then.with_for_update())).scalar_one_or_none()
        return row

    def _connected(self) -> Update:
        return update(Connection).where(
            Connection.business_id == self.business_id, Connection.state == ConnectionState.CONNECTED
        )


async def connections_in_use(work: UnitOfWork, xero_connection_ids: set[UUID]) -> set[UUID]:
    """Those of Xero's connections that a business here has, or offers its users to choose from."""
    in_use: set[UUID] = set()
    for column in (Connection.xero_connection_id, OfferedOrganisation.xero_connection_id):
        stored = await work.session.scalars(select(column).where(column.in_(xero_connection_ids)))
        in_use.update(stored)
    return in_use


def connected_businesses() -> Subquery:
    """Every working connection's `business_id` and `connected_at`, for sweeps to join with."""
    statement = select(Connection.business_id, Connection.connected_at).where(
        Connection.state == ConnectionState.CONNECTED
    )
    return statement.subquery("connected")


class OfferRepository(Repository[OfferedOrganisation]):
    """The organisations that the user has to choose from."""

    model = OfferedOrganisation

    async def by_name(self) -> Sequence[OfferedOrganisation]:
        """All offers, ordered by name."""
        statement = self.rows().order_by(OfferedOrganisation.organisation_name)
        return list((await self.session.execute(statement)).scalars())

    async def of(self, organisation_id: UUID) -> OfferedOrganisation | None:
        """The offer of this organisation."""
        statement = self.rows().where(OfferedOrganisation.organisation_id == organisation_id)
        row: OfferedOrganisation | None = (await self.session.execute(statement)).scalar_one_or_none()
        return row

    async def is_choice_due(self) -> bool:
        """Whether there is an offer."""
        statement = select(OfferedOrganisation.id).where(OfferedOrganisation.business_id == self.business_id)
        return (await self.session.execute(statement.limit(1))).first() is not None

    async def drop(self) -> None:
        """Delete all offers."""
        own = delete(OfferedOrganisation).where(OfferedOrganisation.business_id == self.business_id)
        await self.session.execute(own)


class AuthorizationRepository:
    """Consents under way, found by the hash of their state."""

    def __init__(self, work: UnitOfWork) -> None:
        self._session = work.session

    async def forget_expired(self) -> None:
        """Delete the consents, of all businesses, that cannot be finished any more."""
        await self._session.execute(delete(Authorization).where(Authorization.expires_at < app_now()))

    async def is_open(self, business_id: UUID) -> bool:
        """Whether a consent of the business is under way."""
        statement = select(Authorization.state_hash).where(
            Authorization.business_id == business_id,
            Authorization.used_at.is_(None),
            Authorization.expires_at > app_now(),
        )
        return (await self._session.execute(statement.limit(1))).first() is not None

    async def use(self, state_hash: str, session_id: UUID) -> Row[UUID, UUID, str, str] | None:
        """Business, user, sealed verifier and nonce of a consent of this browser session; it cannot be used again."""
        used = await self._session.execute(
            update(Authorization)
            .where(
                Authorization.state_hash == state_hash,
                Authorization.session_id == session_id,
                Authorization.used_at.is_(None),
                Authorization.expires_at > app_now(),
            )
            .values(used_at=app_now())
            .returning(
                Authorization.business_id, Authorization.user_id, Authorization.code_verifier, Authorization.nonce
            )
        )
        return used.one_or_none()


class GrantRepository:
    """Grants, which serve connections of several businesses."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._session = work.session

    async def with_previous(self, grant_id: UUID) -> Row[Grant, bool] | None:
        """The grant, and whether Xero still accepts the refresh token before the present one."""
        statement = select(Grant, Grant.previous_until > app_now()).where(Grant.id == grant_id)
        return (await self._session.execute(statement)).one_or_none()

    async def claim(self, grant_id: UUID, version: int, timing: LeaseTiming) -> Lease | None:
        """The lease to refresh this version; None if it is held, replaced or ended."""
        row, is_unchanged = Grant.id == grant_id, Grant.version == version
        return await take(self._work, Grant, row, timing, is_unchanged, Grant.ended_at.is_(None))

    async def idle(self, period: timedelta) -> Sequence[UUID]:
        """The grants that were not refreshed for this period and have not ended."""
        statement = select(Grant.id).where(Grant.refreshed_at < app_now() - period, Grant.ended_at.is_(None))
        return (await self._session.execute(statement)).scalars().all()

    async def of_user(self, xero_user_id: str) -> UUID | None:
        """The grant of a Xero user, locked; other consents of the user wait until this transaction ends."""
        await self._session.execute(acquire(LockClass.XERO_USER, xero_user_id))
        statement = select(Grant.id).where(Grant.xero_user_id == xero_user_id).with_for_update()
        return (await self._session.execute(statement)).scalar_one_or_none()

    async def user_name(self, grant_id: UUID) -> str | None:
        """The name of the Xero user who gave the consent."""
        return await self._session.scalar(select(Grant.xero_user_name).where(Grant.id == grant_id))

    async def note_refusal(self, grant_id: UUID, period: timedelta) -> bool:
        """Xero refuses a token that it has just given. True if it did so all the time for this period."""
        since = case((Grant.refused_at > app_now() - period, Grant.refused_since), else_=app_now())
        statement = (
            update(Grant)
            .where(Grant.id == grant_id)
            .values(refused_since=func.coalesce(since, app_now()), refused_at=app_now())
            .returning(Grant.refused_since <= app_now() - period)
            .execution_options(synchronize_session=False)
        )
        return bool(await self._session.scalar(statement))

    async def note_acceptance(self, grant_id: UUID) -> None:
        """Xero accepts the token."""
        accepted = update(Grant).where(Grant.id == grant_id).values(refused_since=None)
        await self._session.execute(accepted.execution_options(synchronize_session=False))

    async def store(self, grant_id: UUID, user: XeroUser, sealed: Mapping[str, str], expires_at: datetime) -> None:
        """Store the sealed tokens of a consent; they replace the tokens of the grant, and a lease on it is lost."""
        values = {
            **sealed,
            "previous_refresh_token": None,
            "previous_until": None,
            "expires_at": expires_at,
            "refreshed_at": app_now(),
            "ended_at": None,
            "lease_until": None,
            "refused_since": None,
            "xero_user_name": user.name,
        }
        statement = insert(Grant).values(id=grant_id, xero_user_id=user.id, version=1, fence=0, **values)
        await self._session.execute(
            statement.on_conflict_do_update(
                index_elements=[Grant.id], set_={**values, "version": Grant.version + 1, "fence": Grant.fence + 1}
            )
        )

    async def is_used(self, grant_id: UUID, *, besides: UUID | None = None) -> bool:
        """Whether a connection of any business, `besides` this one, uses the grant."""
        statement = select(Connection.id).where(Connection.grant_id == grant_id).limit(1)
        if besides is not None:
            statement = statement.where(Connection.id != besides)
        async with self._work.across_businesses():
            return (await self._session.execute(statement)).first() is not None

    async def erase(self, grant_id: UUID) -> None:
        """Delete the grant with its tokens."""
        await self._session.execute(delete(Grant).where(Grant.id == grant_id))
