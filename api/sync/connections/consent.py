"""Coming back from Xero, and leaving it: short transactions around the calls, none open across one."""

from dataclasses import dataclass
from uuid import UUID

from api.identity.audit.service import record_event
from api.identity.sessions.service import SessionService
from api.platform.crypto import fingerprint
from api.platform.db.work import SYSTEM, UnitOfWork
from api.platform.errors import ApiError, NotFound
from api.platform.ids import encode, uuid7
from api.platform.log import get_logger
from api.platform.problems import ProblemKind
from api.sync.connections.gateway import XeroGateways
from api.sync.connections.grants import GrantTokens, sealed_tokens
from api.sync.connections.models import Connection
from api.sync.connections.offers import with_facts
from api.sync.connections.repository import AuthorizationRepository, GrantRepository
from api.sync.connections.service import ConnectionService, Offer, XeroUnavailable
from api.sync.connections.states import ConnectionState
from api.sync.connections.undoing import undo_consent
from api.xero.config import XERO_ISSUER
from api.xero.errors import XeroBusy, XeroDisconnected, XeroError, XeroRejected
from api.xero.oauth import UntrustedSignIn
from api.xero.tokens import TokenSet, XeroUser

_logger = get_logger("jobtally.connections")
PROBLEM_KINDS = (
    ProblemKind("access_denied", "You didn't allow access", "Nothing was connected. Connect again when you are ready."),
    ProblemKind(
        "consent_expired", "That took too long", "Start connecting again, in the browser you are signed in with."
    ),
    ProblemKind("consent_failed", "Xero did not complete the sign-in", "Start connecting again."),
    ProblemKind(
        "consent_not_permitted",
        "You may no longer connect this business",
        "Nothing was connected. Ask an administrator of the business to connect it.",
    ),
    ProblemKind("no_organisation", "Xero gave us no organisation", "Start again and choose an organisation at Xero."),
)


@dataclass(frozen=True)
class _Begun:
    """A consent taken out of storage; it cannot be taken again."""

    business_id: UUID
    user_id: UUID
    code_verifier: str
    nonce: str


class ConsentEnds(Exception):
    """The consent ends without a connection; `problem` is the code of the problem that the app shows."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


async def finish_consent(
    gateways: XeroGateways,
    *,
    state: str | None,
    code: str | None,
    error: str | None,
    issuer: str | None,
    session_id: UUID | None,
) -> None:
    """Turn a callback into a connection, or raise ConsentEnds with the problem to show; then nothing stays at Xero."""
    begun = await _take(gateways, state, session_id)
    if issuer is not None and issuer not in (gateways.config.issuer, XERO_ISSUER):
        raise ConsentEnds("consent_failed")  # the code is of another server, and must not be sent to Xero
    if error is not None:
        raise ConsentEnds("access_denied" if error == "access_denied" else "consent_failed")
    if not code:
        raise ConsentEnds("consent_failed")
    try:
        tokens = await gateways.oauth.exchange(code, begun.code_verifier, begun.nonce)
    except UntrustedSignIn as untrusted:
        _logger.warning("sign-in at Xero not trusted", error=str(untrusted))
        await undo_consent(gateways, untrusted.tokens)
        raise ConsentEnds("consent_failed") from None
    except (XeroRejected, XeroDisconnected) as refused:
        _logger.warning("consent refused by Xero", error=str(refused))
        raise ConsentEnds("consent_failed") from None
    except XeroError:
        raise ConsentEnds("xero_unavailable") from None
    try:
        await _take_up_consent(gateways, begun, tokens)
    except ConsentEnds as ends:
        if ends.problem == "consent_not_permitted":
            await _record_refusal(gateways, begun)
        await undo_consent(gateways, tokens)
        raise


async def _take_up_consent(gateways: XeroGateways, begun: _Begun, tokens: TokenSet) -> None:
    try:
        offers = await _offers(gateways, tokens)
    except XeroError:
        raise ConsentEnds("xero_unavailable") from None
    if not offers:
        raise ConsentEnds("no_organisation")
    async with gateways.database.work(begun.business_id) as work:
        await _require_permission(work, begun)
        present = await ConnectionService(work).row()
    if _without_choice(offers, present) is None:
        offers = await with_facts(gateways, tokens.access_token, offers)
    async with gateways.database.work(begun.business_id, actor=encode("usr", begun.user_id)) as work:
        await _require_permission(work, begun)
        await _take_up(gateways, work, tokens, offers, await SessionService(work).name_of(begun.user_id))


async def _require_permission(work: UnitOfWork, begun: _Begun) -> None:
    """The role may have changed since the consent began."""
    if not await SessionService(work).may(begun.user_id, "connections:write"):
        raise ConsentEnds("consent_not_permitted")


async def _record_refusal(gateways: XeroGateways, begun: _Begun) -> None:
    async with gateways.database.work(begun.business_id, actor=encode("usr", begun.user_id)) as work:
        record_event(work, "connection.connected", outcome="refused")


async def end_connection(gateways: XeroGateways, business_id: UUID, *, actor: str) -> None:
    """Disconnect at Xero, then here; a Xero that has already forgotten us is fine, one that is away is not."""
    async with gateways.database.work(business_id) as work:
        service = ConnectionService(work)
        connection = await service.row()
        if connection is None or connection.state == ConnectionState.NOT_CONNECTED:
            raise NotFound("There is no connection to Xero.")
        alone = connection.grant_id is not None and not await GrantRepository(work).is_used(
            connection.grant_id, besides=connection.id
        )
    if connection.grant_id is not None:
        await _end_at_xero(gateways, connection, connection.grant_id, revoke=alone)
    async with gateways.database.work(business_id, actor=actor) as work:
        await ConnectionService(work).disconnect()


async def _end_at_xero(gateways: XeroGateways, connection: Connection, grant_id: UUID, *, revoke: bool) -> None:
    tokens = gateways.tokens(grant_id)
    try:
        await _delete_connection(gateways, tokens, connection.xero_connection_id)
    except (XeroDisconnected, XeroRejected) as gone:
        _logger.info("connection was gone at Xero already", reason=str(gone))
    except XeroError as error:
        if error.http_status != 401:
            raise XeroUnavailable(headers={"Retry-After": "30"}) from None
        _logger.warning("connection ended here, Xero refuses our token", reason=str(error))
    if revoke:
        await _revoke(gateways, tokens)


async def _delete_connection(gateways: XeroGateways, tokens: GrantTokens, connection_id: UUID) -> None:
    token = await tokens.access_token()
    try:
        await gateways.oauth.delete_connection(token, connection_id)
        return
    except XeroBusy as busy:
        if busy.http_status != 401:
            raise
    await gateways.oauth.delete_connection(await tokens.access_token(refused=token), connection_id)


async def _revoke(gateways: XeroGateways, tokens: GrantTokens) -> None:
    """The connection has ended already; a grant without one opens nothing, so a failure here is no reason to stay."""
    try:
        await gateways.oauth.revoke(await tokens.refresh_token())
    except XeroError as error:
        _logger.warning("grant erased here but not revoked at Xero", error=str(error))


async def _take(gateways: XeroGateways, state: str | None, session_id: UUID | None) -> _Begun:
    if not state or session_id is None:
        raise ConsentEnds("consent_expired")
    state_hash = fingerprint(state)
    async with gateways.database.work(SYSTEM) as work:
        row = await AuthorizationRepository(work).use(state_hash, session_id)
    if row is None:
        raise ConsentEnds("consent_expired")
    verifier = gateways.keyring.open(row.code_verifier, place=f"authorizations/{state_hash}/code_verifier")
    return _Begun(row.business_id, row.user_id, verifier, row.nonce)


async def _offers(gateways: XeroGateways, tokens: TokenSet) -> list[Offer]:
    granted = await gateways.oauth.connections(tokens.access_token, tokens.auth_event_id)
    if not granted and tokens.auth_event_id is not None:
        granted = await gateways.oauth.connections(tokens.access_token)
    return [
        Offer(offer.id, offer.tenant_id, offer.tenant_name or "Xero organisation")
        for offer in granted
        if (offer.tenant_type or "ORGANISATION").upper() == "ORGANISATION"
    ]


async def _take_up(gateways: XeroGateways, work: UnitOfWork, tokens: TokenSet, offers: list[Offer], who: str) -> None:
    service = ConnectionService(work)
    grant_id = await _store_grant(gateways, work, tokens)
    chosen = _without_choice(offers, await service.row())
    if chosen is None:
        await service.offer(offers, grant_id, offered_to=who)
        return
    try:
        await service.connect(chosen, grant_id, connected_by=who)
    except ApiError as refused:
        raise ConsentEnds(refused.code) from None


def _without_choice(offers: list[Offer], present: Connection | None) -> Offer | None:
    """The organisation that nobody has to choose: that of the last connection, or the only one of a first consent.

    With several, or with another organisation than the one that holds our invoices, nothing is guessed.
    """
    same = next((offer for offer in offers if present and offer.organisation_id == present.organisation_id), None)
    return same or (offers[0] if len(offers) == 1 and present is None else None)


async def _store_grant(gateways: XeroGateways, work: UnitOfWork, tokens: TokenSet) -> UUID:
    """One row per Xero user: a second consent replaces the tokens of the first everywhere."""
    grants = GrantRepository(work)
    known = await grants.of_user(tokens.xero_user_id) if tokens.xero_user_id is not None else None
    grant_id = known or uuid7()
    sealed = sealed_tokens(gateways.keyring, grant_id, tokens)
    user = XeroUser(tokens.xero_user_id, tokens.xero_user_name)
    await grants.store(grant_id, user, sealed, tokens.expires_at)
    return grant_id
