"""One business's connection to Xero: status, beginning a consent, taking up what it gave."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from api.identity.audit.service import record_event
from api.platform.crypto import Keyring, fingerprint
from api.platform.db.work import UnitOfWork
from api.platform.errors import Conflict, FieldError, Invalid, NotFound, Unavailable
from api.platform.http.schemas import ProblemOut
from api.platform.problems import Fix, Problem
from api.platform.states import move
from api.sync.budgets.service import calls_today
from api.sync.connections.gateway import XeroGateway, XeroGateways
from api.sync.connections.health import note_answer, note_loss, note_silence
from api.sync.connections.models import Authorization, Connection, OfferedOrganisation
from api.sync.connections.repository import (
    AuthorizationRepository,
    ConnectionRepository,
    GrantRepository,
    OfferRepository,
    connected_businesses,
)
from api.sync.connections.schemas import ConnectionOut, LastSyncOut, OrganisationOut
from api.sync.connections.states import CONNECTION_TRANSITIONS, ConnectionState, ShownState
from api.sync.connections.watching.service import begin_watching
from api.xero.limits import Ceilings
from api.xero.oauth import Authorization as Consent

__all__ = [
    "CONNECT",
    "ConnectionService",
    "ConnectionState",
    "LastSyncOut",
    "NotConnectedYet",
    "Offer",
    "XeroGateway",
    "XeroGateways",
    "XeroUnavailable",
    "connected_businesses",
    "forget_expired",
    "note_answer",
    "note_loss",
    "note_silence",
]

# What a package that copies something says of each kind; the app joins them.
LastSync = Callable[[UnitOfWork], Awaitable[Sequence[LastSyncOut]]]
_XEROS_OWN_CEILINGS = Ceilings()
CONSENT_LASTS = timedelta(minutes=10)
CONNECT = Fix("Connect to Xero", "/settings/connections/xero")


class NotConnectedYet(Conflict):
    code, title = "not_connected", "Connect to Xero first"
    remedy = "Connect to Xero in Settings, Connections, then do this again."


class XeroNotConfigured(Unavailable):
    code, title = "xero_not_configured", "This installation has no Xero app yet"
    remedy = "The operator has to set XERO_CLIENT_ID and XERO_CLIENT_SECRET."


class XeroUnavailable(Unavailable):
    code, title = "xero_unavailable", "Xero isn't answering"
    remedy = "Nothing was changed. Try again in a minute."


class OrganisationTaken(Conflict):
    code, title = "organisation_taken", "That organisation belongs to another business here"
    remedy = "Choose another organisation, or disconnect it from the other business first."


class OtherOrganisation(Conflict):
    code, title = "other_organisation", "Your invoices went to another organisation"
    remedy = "To switch, send the name of the new organisation as `confirm_switch`. What was sent before stays there."


@dataclass(frozen=True)
class Offer:
    """An organisation a consent gave us, with what Xero says of it beside its name."""

    xero_connection_id: UUID
    organisation_id: UUID
    organisation_name: str
    short_code: str | None = None
    country_code: str | None = None
    currency: str | None = None
    organisation_created_at: datetime | None = None


class ConnectionService:
    """The connection of the business at work."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._session = work.session
        self._business_id = work.business_id
        self._connections = ConnectionRepository(work)
        self._offers = OfferRepository(work)
        self._authorizations = AuthorizationRepository(work)
        self._grants = GrantRepository(work)

    async def status(
        self, last_syncs: Sequence[LastSync] = (), ceilings: Ceilings = _XEROS_OWN_CEILINGS
    ) -> ConnectionOut:
        """The state of the connection as it is stored, with what these say of each kind of copy; Xero is not called."""
        connection = await self.row()
        choice_due = await self._offers.is_choice_due()
        organisation_id = connection.organisation_id if connection else None
        state = await self._state(connection, choice_due=choice_due)
        return ConnectionOut(
            state=state,
            organisation_id=organisation_id,
            organisation_name=connection.organisation_name if connection else None,
            connected_by=connection.connected_by if connection else None,
            connected_at=connection.connected_at if connection else None,
            checked_at=connection.checked_at if connection else None,
            organisation_choice_due=choice_due,
            reason=_reason(state, connection),
            problem=ProblemOut.model_validate(connection.problem) if connection and connection.problem else None,
            calls_today=await calls_today(self._work, organisation_id, ceilings) if organisation_id else None,
            calls_per_day=ceilings.per_day if organisation_id else None,
            last_sync=[each for last_sync in last_syncs for each in await last_sync(self._work)],
        )

    async def row(self) -> Connection | None:
        """The business's connection row, whatever its state."""
        return await self._connections.present()

    async def live(self) -> Connection | None:
        """The working connection, if there is one."""
        connection = await self.row()
        return connection if connection is not None and connection.state == ConnectionState.CONNECTED else None

    async def known_organisation(self) -> UUID | None:
        """The organisation that invoices go to, although the connection may have been lost; None if there is none."""
        connection = await self.row()
        is_ended = connection is None or connection.state == ConnectionState.NOT_CONNECTED
        return None if connection is None or is_ended else connection.organisation_id

    async def require_live(self) -> Connection:
        """The working connection; NotConnectedYet with a fix, and with why it was lost, otherwise."""
        connection = await self.row()
        if connection is not None and connection.state == ConnectionState.CONNECTED:
            return connection
        lost = Problem.from_row(connection.problem) if connection is not None and connection.problem else None
        raise NotConnectedYet(f"{lost.title}. {lost.detail}" if lost else None, fix=CONNECT)

    async def begin(self, consent: Consent, keyring: Keyring, *, session_id: UUID, user_id: UUID) -> datetime:
        """Remember a consent until its callback: bound to this browser session, for ten minutes."""
        await self._authorizations.forget_expired()
        state_hash = fingerprint(consent.state)
        expires_at = await self._work.now() + CONSENT_LASTS
        self._session.add(
            Authorization(
                state_hash=state_hash,
                business_id=self._business_id,
                session_id=session_id,
                user_id=user_id,
                code_verifier=keyring.seal(consent.code_verifier, place=f"authorizations/{state_hash}/code_verifier"),
                nonce=consent.nonce,
                expires_at=expires_at,
            )
        )
        return expires_at

    async def offers(self) -> list[OrganisationOut]:
        """What there is to choose from."""
        present = await self.row()
        return [
            OrganisationOut(
                organisation_id=offer.organisation_id,
                organisation_name=offer.organisation_name,
                is_present=present is not None and present.organisation_id == offer.organisation_id,
                short_code=offer.short_code,
                country_code=offer.country_code,
                currency=offer.currency,
                created=offer.organisation_created_at,
            )
            for offer in await self._offers.by_name()
        ]

    async def choose(self, organisation_id: UUID, *, confirmed_name: str | None) -> None:
        """Take up one of the offered organisations; in place of one that has documents only with its name."""
        offer = await self._offers.of(organisation_id)
        if offer is None:
            detail = "Choose one of the organisations that GET /connections/xero/organisations lists."
            raise Invalid(errors=[FieldError("unknown_organisation", detail, pointer="#/organisation_id")])
        chosen = Offer(offer.xero_connection_id, offer.organisation_id, offer.organisation_name)
        await self._require_confirmed_switch(chosen, confirmed_name)
        await self.connect(chosen, offer.grant_id, connected_by=offer.offered_to)

    async def _require_confirmed_switch(self, chosen: Offer, confirmed_name: str | None) -> None:
        present = await self.row()
        if present is None or present.organisation_id == chosen.organisation_id:
            return
        if not await self._connections.has_documents_besides(chosen.organisation_id):
            return
        if (confirmed_name or "").strip().casefold() != chosen.organisation_name.strip().casefold():
            raise OtherOrganisation(
                f"Invoices of this business went to {present.organisation_name}. They stay there, and the next ones go"
                f" to {chosen.organisation_name}. To switch, send that name as `confirm_switch`."
            )

    async def connect(self, offer: Offer, grant_id: UUID, *, connected_by: str) -> None:
        """Make this the business's connection and wake what depends on it."""
        await self._connections.reserve_organisation(offer.organisation_id)
        if await self._connections.is_taken(offer.organisation_id):
            raise OrganisationTaken
        connection = await self._connections.present(locked=True)
        if connection is None:
            connection = Connection(business_id=self._business_id, state=ConnectionState.NOT_CONNECTED)
            self._session.add(connection)
        former, connection.grant_id = connection.grant_id, grant_id
        move(connection, CONNECTION_TRANSITIONS, ConnectionState.CONNECTED)
        connection.xero_connection_id = offer.xero_connection_id
        connection.organisation_id = offer.organisation_id
        connection.organisation_name = offer.organisation_name
        connection.connected_by = connected_by
        connection.connected_at = connection.checked_at = connection.used_at = await self._work.now()
        connection.unreachable_since = connection.problem = connection.held_until = None
        await self._offers.drop()
        await self._session.flush()
        await self._forget_grant(former)
        await begin_watching(self._work)
        record_event(self._work, "connection.connected", subject=str(offer.organisation_id))
        self._work.wake_after_commit("ledger.refresh", self._business_id)
        self._work.wake_after_commit("documents.read", self._business_id)
        self._work.wake_after_commit("exports.drain", self._business_id)

    async def offer(self, offers: list[Offer], grant_id: UUID, *, offered_to: str) -> None:
        """Keep several organisations until the user has chosen one."""
        await self._offers.drop()
        self._session.add_all(
            OfferedOrganisation(
                business_id=self._business_id, grant_id=grant_id, offered_to=offered_to, **asdict(offer)
            )
            for offer in offers
        )

    async def disconnect(self) -> None:
        """End it here; the grant is erased when nothing else uses it. Settings and links stay."""
        connection = await self._connections.present(locked=True)
        if connection is None or connection.state == ConnectionState.NOT_CONNECTED:
            raise NotFound("There is no connection to Xero.")
        grant_id, connection.grant_id = connection.grant_id, None
        connection.problem = connection.held_until = None
        move(connection, CONNECTION_TRANSITIONS, ConnectionState.NOT_CONNECTED)
        await self._offers.drop()
        await self._session.flush()
        await self._forget_grant(grant_id)
        record_event(self._work, "connection.disconnected", subject=str(connection.organisation_id))

    async def _forget_grant(self, grant_id: UUID | None) -> None:
        """Erase the tokens of a grant that no connection uses any more."""
        if grant_id is not None and not await self._grants.is_used(grant_id):
            await self._grants.erase(grant_id)

    async def _state(self, connection: Connection | None, *, choice_due: bool) -> ShownState:
        if connection is not None and connection.state == ConnectionState.CONNECTED and not choice_due:
            return ShownState.UNREACHABLE if connection.unreachable_since else ShownState.CONNECTED
        if choice_due or await self._authorizations.is_open(self._business_id):
            return ShownState.CONNECTING
        return ShownState(connection.state) if connection else ShownState.NOT_CONNECTED


def _reason(state: ShownState, connection: Connection | None) -> str | None:
    if connection is None or state in (ShownState.CONNECTING, ShownState.NOT_CONNECTED):
        return None
    if connection.problem is not None:
        return f"{connection.problem['title']}. {connection.problem['detail']}"
    return "Xero does not answer. Jobtally tries again by itself." if state == ShownState.UNREACHABLE else None


async def forget_expired(work: UnitOfWork) -> None:
    """Delete the consents, of all businesses, that cannot be finished any more."""
    await AuthorizationRepository(work).forget_expired()
