"""Signing in at Xero: consent, tokens, connections."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from authlib.common.security import generate_token
from authlib.integrations.httpx_client import OAuth2ClientAuth
from authlib.oauth2.client import OAuth2Client
from joserfc.errors import JoseError
from joserfc.jws import extract_compact
from joserfc.jwt import JWTClaimsRegistry
from pydantic import TypeAdapter, ValidationError

from api.xero.config import XERO_ISSUER, XeroConfig
from api.xero.errors import XeroBusy, XeroDisconnected, XeroError, XeroRejected
from api.xero.http import TOKEN_SECONDS, Answer, Http, TransportFailure, send
from api.xero.json_types import parse_json
from api.xero.outcomes import classify, classify_malformed
from api.xero.wire import Connection

ACCESS_TOKEN_SECONDS = 1800
CLOCK_SKEW_SECONDS = 60
_connections = TypeAdapter(list[Connection])


@dataclass(frozen=True, slots=True)
class Authorization:
    """A consent begun: send the browser to `url`, keep the rest on the server until it comes back."""

    url: str
    state: str = field(repr=False)
    code_verifier: str = field(repr=False)
    nonce: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TokenSet:
    """What Xero gave for one consent or refresh; the refresh token replaces the one it was made from."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    scopes: tuple[str, ...]
    xero_user_id: str | None = None
    auth_event_id: str | None = None


def _utc_now() -> datetime:
    return datetime.now(UTC)


class XeroOAuth:
    """Xero's identity server, seen from our app. Remembers nothing and refreshes nothing by itself."""

    def __init__(self, config: XeroConfig, http: Http, now: Callable[[], datetime] = _utc_now) -> None:
        self._config = config
        self._http = http
        self._now = now
        self._client_auth = OAuth2ClientAuth(config.client_id, config.client_secret, "client_secret_basic")

    def begin(self) -> Authorization:
        """A consent for all configured scopes, with PKCE (S256), a state and a nonce of 256 bits and more."""
        state, code_verifier, nonce = generate_token(48), generate_token(64), generate_token(48)
        builder = OAuth2Client(
            None,
            client_id=self._config.client_id,
            redirect_uri=self._config.redirect_uri,
            scope=" ".join(self._config.scopes),
            code_challenge_method="S256",
        )
        url, _ = builder.create_authorization_url(
            self._config.authorize_url, state=state, code_verifier=code_verifier, nonce=nonce
        )
        return Authorization(url, state, code_verifier, nonce)

    async def exchange(self, code: str, code_verifier: str, nonce: str) -> TokenSet:
        """The tokens for a code, once. A used or stale code is XeroRejected: the user begins again."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._config.redirect_uri,
            "code_verifier": code_verifier,
        }
        granted = await self._token(form)
        identity = self._checked_identity(granted.get("id_token"), nonce)
        return self._token_set(granted, granted.get("refresh_token"), identity)

    async def refresh(self, refresh_token: str) -> TokenSet:
        """A new pair. XeroDisconnected("token") when Xero no longer knows the token; XeroBusy: try the same again."""
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        granted = await self._token(form)
        return self._token_set(granted, granted.get("refresh_token") or refresh_token, {})

    async def revoke(self, refresh_token: str) -> None:
        """End the grant and with it every connection this user gave us."""
        answer = await self._send("POST", self._config.revoke_url, form={"token": refresh_token})
        if not 200 <= answer.status < 300:
            raise _token_error(answer, refreshing=False)

    async def connections(self, access_token: str, auth_event_id: str | None = None) -> list[Connection]:
        """The organisations this user let us into, or only those of one consent."""
        params = {"authEventId": auth_event_id} if auth_event_id else {}
        answer = await self._send("GET", self._config.connections_url, params=params, bearer=access_token)
        _raise_for(classify("GET", answer.status, answer.headers, answer.body))
        try:
            return _connections.validate_python(parse_json(answer.body))
        except (ValueError, ValidationError):
            pass  # raised below, without the reply as its context
        raise classify_malformed("GET", "connections that cannot be read")

    async def delete_connection(self, access_token: str, connection_id: UUID) -> None:
        """Disconnect one organisation, by the id of the connection. One that is already gone is no error."""
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
                auth=None if bearer is not None else self._client_auth,
                seconds=TOKEN_SECONDS,
            )
        except TransportFailure:
            pass  # raised below: the failure holds the request, and with it a secret
        # Tokens and connections can always be asked for again: Xero honours the old refresh token for 30 minutes.
        raise XeroBusy(None, "unavailable")

    def _checked_identity(self, id_token: Any, nonce: str) -> dict[str, Any]:
        """The claims of an id_token. It came over TLS from the token endpoint, so its signature needs no check."""
        claims = _claims(id_token)
        if not claims:
            return {}
        rules = JWTClaimsRegistry(
            now=int(self._now().timestamp()),
            leeway=CLOCK_SKEW_SECONDS,
            iss={"essential": True, "values": [self._config.issuer, XERO_ISSUER]},
            aud={"essential": True, "value": self._config.client_id},
            exp={"essential": True},
            nonce={"value": nonce},
        )
        try:
            rules.validate(claims)
        except JoseError as error:
            raise XeroRejected([f"Xero's sign-in could not be trusted: {error.description}"]) from None
        return claims

    def _token_set(
        self, granted: Mapping[str, Any], refresh_token: Any, identity: Mapping[str, Any]
    ) -> TokenSet:
        if not isinstance(refresh_token, str) or not refresh_token:
            raise XeroRejected(["Xero gave no refresh token: the offline_access scope was not granted."])
        claims = _claims(granted["access_token"])
        return TokenSet(
            access_token=granted["access_token"],
            refresh_token=refresh_token,
            expires_at=self._now() + timedelta(seconds=_seconds(granted.get("expires_in"))),
            scopes=_scopes(granted.get("scope")) or _scopes(claims.get("scope")),
            xero_user_id=_text(claims.get("xero_userid")) or _text(identity.get("xero_userid")),
            auth_event_id=_text(claims.get("authentication_event_id")),
        )


def _token_error(answer: Answer, *, refreshing: bool) -> XeroError:
    """What an answer other than tokens means; a 2xx without tokens counts as an outage."""
    error = _text(_json_object(answer).get("error"))
    if answer.status in (408, 429):
        error = None  # not about the request, whatever the body says
    if answer.status == 400 and error == "invalid_grant" and refreshing:
        return XeroDisconnected("token", http_status=answer.status)
    if 400 <= answer.status < 500 and error is not None:
        description = _text(_json_object(answer).get("error_description"))
        return XeroRejected([f"{error}: {description}" if description else error], http_status=answer.status)
    if answer.status in (401, 403):
        return XeroRejected(["Xero refused this app's credentials."], http_status=answer.status)
    return classify("GET", answer.status, answer.headers, answer.body) or classify_malformed(
        "GET", "no tokens"
    )


def _raise_for(error: XeroError | None) -> None:
    if error is not None:
        raise error


def _json_object(answer: Answer) -> dict[str, Any]:
    try:
        parsed = parse_json(answer.body)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _claims(token: Any) -> dict[str, Any]:
    """The claims of a JWT; none for an opaque or missing token."""
    if not isinstance(token, str):
        return {}
    try:
        claims = parse_json(extract_compact(token.encode()).payload)
    except (JoseError, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}


def _seconds(expires_in: Any) -> int:
    valid = isinstance(expires_in, int) and not isinstance(expires_in, bool) and 0 < expires_in <= 86400
    return expires_in if valid else ACCESS_TOKEN_SECONDS


def _scopes(value: Any) -> tuple[str, ...]:
    """Scopes from a space-separated text or a list."""
    if isinstance(value, str):
        return tuple(value.split())
    return tuple(filter(lambda scope: isinstance(scope, str), value)) if isinstance(value, list) else ()


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
