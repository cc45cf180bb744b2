"""Xero's identity server: consent, tokens, connections."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from authlib.common.security import generate_token
from authlib.integrations.httpx_client import OAuth2ClientAuth
from authlib.oauth2.client import OAuth2Client
from pydantic import TypeAdapter, ValidationError

from api.xero.config import XeroConfig
from api.xero.errors import XeroBusy, XeroDisconnected, XeroError, XeroRejected
from api.xero.http import TOKEN_SECONDS, Answer, Http, TransportFailure, send
from api.xero.json_types import parse_json
from api.xero.outcomes import classify, classify_malformed
from api.xero.signing_keys import SigningKeys
from api.xero.tokens import TokenSet, UnknownSigningKey, XeroUser, checked_user, token_set
from api.xero.wire import Connection

_connections = TypeAdapter(list[Connection])


@dataclass(frozen=True, slots=True)
class Authorization:
    """A consent that has begun. The browser goes to `url`; the server keeps the rest until the browser returns."""

    url: str
    state: str = field(repr=False)
    code_verifier: str = field(repr=False)
    nonce: str = field(repr=False)


class UntrustedSignIn(XeroRejected):
    """The id_token does not show who signed in. `tokens` were granted all the same, and have to be given back."""

    def __init__(self, reason: str, tokens: TokenSet) -> None:
        super().__init__([reason])
        self.tokens = tokens


def _utc_now() -> datetime:
    return datetime.now(UTC)


class XeroOAuth:
    """The calls of our app to Xero's identity server. It stores no token and refreshes none on its own."""

    def __init__(
        self, config: XeroConfig, http: Http, *, redirect_uri: str, now: Callable[[], datetime] = _utc_now
    ) -> None:
        self._config = config
        self._redirect_uri = redirect_uri
        self._http = http
        self._now = now
        self._signing_keys = SigningKeys(self._read_signing_keys)
        self._client_auth = OAuth2ClientAuth(config.client_id, config.client_secret, "client_secret_basic")

    def begin(self) -> Authorization:
        """Start a consent for all configured scopes, with PKCE (S256), a state and a nonce of at least 256 bits."""
        state, code_verifier, nonce = generate_token(48), generate_token(64), generate_token(48)
        builder = OAuth2Client(
            None,
            client_id=self._config.client_id,
            redirect_uri=self._redirect_uri,
            scope=" ".join(self._config.scopes),
            code_challenge_method="S256",
        )
        url, _ = builder.create_authorization_url(
            self._config.authorize_url, state=state, code_verifier=code_verifier, nonce=nonce
        )
        return Authorization(url, state, code_verifier, nonce)

    async def exchange(self, code: str, code_verifier: str, nonce: str) -> TokenSet:
        """Exchange a code for tokens. Raises XeroRejected for a used or expired code: the user starts again.

        Raises UntrustedSignIn, with the tokens, if the id_token does not show who signed in.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": code_verifier,
        }
        await self._signing_keys.get()  # before the code is used, so that an outage leaves nothing behind
        granted = await self._token(form)
        now = self._now()
        tokens = token_set(granted, granted.get("refresh_token"), now)
        try:
            user = await self._checked_user(granted.get("id_token"), nonce, now)
        except XeroError as error:
            raise UntrustedSignIn(str(error), tokens) from None
        return token_set(granted, granted.get("refresh_token"), now, user)

    async def _checked_user(self, id_token: Any, nonce: str, now: datetime) -> XeroUser:
        keys = await self._signing_keys.get()
        try:
            return checked_user(id_token, keys, self._config, nonce, now)
        except UnknownSigningKey:
            keys = await self._signing_keys.get(again=True)
        try:
            return checked_user(id_token, keys, self._config, nonce, now)
        except UnknownSigningKey:
            raise XeroRejected(["Xero's sign-in could not be trusted: its signing key is unknown"]) from None

    async def _read_signing_keys(self) -> bytes:
        answer = await self._send("GET", self._config.signing_keys_url, signed=False)
        _raise_for(classify("GET", answer.status, answer.headers, answer.body))
        return answer.body

    async def refresh(self, refresh_token: str) -> TokenSet:
        """Get a new token pair. XeroDisconnected("token") ends the grant; after XeroBusy the call may be repeated."""
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        granted = await self._token(form)
        return token_set(granted, granted.get("refresh_token") or refresh_token, self._now())

    async def revoke(self, refresh_token: str) -> None:
        """End the grant and with it every connection of this user."""
        answer = await self._send("POST", self._config.revoke_url, form={"token": refresh_token})
        if not 200 <= answer.status < 300:
            raise _token_error(answer, refreshing=False)

    async def connections(self, access_token: str, auth_event_id: str | None = None) -> list[Connection]:
        """List the organisations that this user connected, or only those of one consent."""
        params = {"authEventId": auth_event_id} if auth_event_id else {}
        answer = await self._send("GET", self._config.connections_url, params=params, bearer=access_token)
        _raise_for(classify("GET", answer.status, answer.headers, answer.body))
        try:
            return _connections.validate_python(parse_json(answer.body))
        except (ValueError, ValidationError):
            pass  # the error is raised below, so that the reply does not become its context
        raise classify_malformed("GET", "connections that cannot be read")

    async def delete_connection(self, access_token: str, connection_id: UUID) -> None:
        """Disconnect one organisation by the id of the connection. A connection that no longer exists is no error."""
        url = f"{self._config.connections_url.rstrip('/')}/{quote(str(connection_id), safe='')}"
        answer = await self._send("DELETE", url, bearer=access_token)
        if answer.status != 404:
            _raise_for(classify("DELETE", answer.status, answer.headers, answer.body))

    async def _token(self, form: Mapping[str, str]) -> dict[str, Any]:
        answer = await self._send("POST", self._config.token_url, form=form)
        granted = _json_object(answer)
        if answer.status == 200 and isinstance(granted.get("access_token"), str):
            return granted
        raise _token_error(answer, refreshing=form["grant_type"] == "refresh_token")

    async def _send(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        bearer: str | None = None,
        signed: bool = True,
    ) -> Answer:
        headers = {"Accept": "application/json"}
        if bearer is not None:
            headers["Authorization"] = f"Bearer {bearer}"
        try:
            return await send(
                self._http,
                method,
                url,
                params=params,
                headers=headers,
                form=form,
                auth=self._client_auth if signed and bearer is None else None,
                seconds=TOKEN_SECONDS,
            )
        except TransportFailure:
            pass  # the error is raised below, because the failure holds the request and so a secret
        # All of these calls may be repeated: Xero accepts the old refresh token for 30 minutes.
        raise XeroBusy(None, "unavailable")


def _token_error(answer: Answer, *, refreshing: bool) -> XeroError:
    """The error for an answer without tokens. A 2xx without tokens counts as an outage."""
    reply = _json_object(answer)
    error = reply.get("error")
    if answer.status in (408, 429):
        error = None  # these statuses are not about the request, so the body's error does not count
    if answer.status == 400 and error == "invalid_grant" and refreshing:
        return XeroDisconnected("token", http_status=answer.status)
    if 400 <= answer.status < 500 and isinstance(error, str):
        description = reply.get("error_description")
        return XeroRejected([f"{error}: {description}" if description else error], http_status=answer.status)
    if answer.status in (401, 403):
        return XeroRejected(["Xero refused this app's credentials."], http_status=answer.status)
    return classify("GET", answer.status, answer.headers, answer.body) or classify_malformed("GET", "no tokens")


def _raise_for(error: XeroError | None) -> None:
    if error is not None:
        raise error


def _json_object(answer: Answer) -> dict[str, Any]:
    try:
        parsed = parse_json(answer.body)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
