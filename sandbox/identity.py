"""The identity service: the token, revocation and discovery endpoints."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from urllib.parse import parse_qsl, unquote_plus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox import scopes, tokens
from sandbox.state import Grant, Record, World

_PRIVATE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class OAuthError(Exception):
    """An OAuth error, sent as `{"error": …}` with status 400."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


def issuer(world: World, request: Request) -> str:
    """The stand-in's address: the `public_url` option, otherwise the base URL of the request."""
    return (world.options.public_url or str(request.base_url)).rstrip("/")


async def form(request: Request) -> dict[str, str]:
    """The fields of a form body; the last value of a repeated field is used."""
    return dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))


async def token(world: World, request: Request) -> Response:
    """Exchange a code or a refresh token."""
    try:
        fields = await form(request)
        client_id = _authenticate(world, request, fields)
        match fields.get("grant_type"):
            case "authorization_code":
                token_set = _exchange(world, client_id, fields, issuer(world, request))
            case "refresh_token":
                token_set = _refresh(world, client_id, fields, issuer(world, request))
            case _:
                raise OAuthError("unsupported_grant_type")
    except OAuthError as problem:
        return JSONResponse({"error": problem.error}, 400, _PRIVATE)
    return JSONResponse(token_set, 200, _PRIVATE)


def _authenticate(world: World, request: Request, fields: dict[str, str]) -> str:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    client_id, secret = fields.get("client_id", ""), fields.get("client_secret", "")
    if scheme.lower() == "basic":
        try:
            client_id, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise OAuthError("invalid_client") from None
    options = world.options
    spellings = {(client_id, secret), (unquote_plus(client_id), unquote_plus(secret))}
    if not any(
        secrets.compare_digest(f"{name}:{word}".encode(), f"{options.client_id}:{options.client_secret}".encode())
        for name, word in spellings
    ):
        raise OAuthError("invalid_client")
    return options.client_id


def _exchange(world: World, client_id: str, fields: dict[str, str], address: str) -> Record:
    code = world.identity.codes.pop(fields.get("code", ""), None)
    if code is None or code.grant.client_id != client_id or code.grant.revoked:
        raise OAuthError("invalid_grant")
    if world.now() > code.expires_at or fields.get("redirect_uri") != code.redirect_uri:
        raise OAuthError("invalid_grant")
    verifier = fields.get("code_verifier", "")
    if (code.challenge or verifier) and _challenge(verifier) != code.challenge:
        raise OAuthError("invalid_grant")
    return tokens.issue(world, code.grant, code.auth_event_id, address, code.nonce)


def _challenge(verifier: str) -> str | None:
    if not 43 <= len(verifier) <= 128 or not verifier.isascii():
        return ""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _refresh(world: World, client_id: str, fields: dict[str, str], address: str) -> Record:
    token = world.identity.refresh_tokens.get(fields.get("refresh_token", ""))
    if token is None or token.grant.client_id != client_id or not tokens.refresh_is_live(token, world.now()):
        raise OAuthError("invalid_grant")
    token.rotated_at = token.rotated_at or world.now()
    return tokens.issue(world, token.grant, token.auth_event_id, address)


async def revocation(world: World, request: Request) -> Response:
    """Revoke the grant of a refresh token and remove the user's connections to the app."""
    try:
        fields = await form(request)
        _authenticate(world, request, fields)
    except OAuthError as problem:
        return JSONResponse({"error": problem.error}, 400, _PRIVATE)
    token = world.identity.refresh_tokens.get(fields.get("token", ""))
    if token is not None:
        revoke(world, token.grant)
    return Response(status_code=200, headers=_PRIVATE)


def revoke(world: World, grant: Grant) -> None:
    """End all tokens of the grant and remove the user's connections to the app."""
    grant.revoked = True
    world.identity.grants.pop((grant.client_id, grant.user_id), None)
    for connection in world.identity.connections:
        if (connection.client_id, connection.user_id) == (grant.client_id, grant.user_id):
            connection.removed = True


def discovery(world: World, request: Request) -> Response:
    """The OpenID Connect discovery document."""
    base = issuer(world, request)
    return JSONResponse(
        {
            "issuer": base,
            "jwks_uri": f"{base}/.well-known/openid-configuration/jwks",
            "authorization_endpoint": f"{base}/identity/connect/authorize",
            "token_endpoint": f"{base}/connect/token",
            "revocation_endpoint": f"{base}/connect/revocation",
            "scopes_supported": sorted(scopes.KNOWN),
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
        }
    )
