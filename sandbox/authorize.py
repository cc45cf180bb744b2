"""The authorize endpoint: checks the request, shows the consent page and redirects with a code."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from sandbox import consent_page, scopes, tokens
from sandbox.identity import form
from sandbox.state import AuthorizationCode, Connection, Grant, World, new_id

CODE_LIFETIME = timedelta(minutes=5)
_LOCAL = ("localhost",)
_SECURITY_HEADERS = {"X-Frame-Options": "DENY", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@dataclass(frozen=True)
class AuthorizeRequest:
    """An authorize request whose client and redirect URI have been checked."""

    fields: dict[str, str]
    redirect_uri: str
    scopes: frozenset[str]

    def redirect(self, **parameters: str) -> Response:
        """Redirect to the app with `parameters` and the state."""
        if "state" in self.fields:
            parameters["state"] = self.fields["state"]
        separator = "&" if urlsplit(self.redirect_uri).query else "?"
        return RedirectResponse(f"{self.redirect_uri}{separator}{urlencode(parameters)}", 302, _SECURITY_HEADERS)


async def authorize(world: World, request: Request) -> Response:
    """GET shows or skips the consent page; POST carries the user's decision."""
    fields: dict[str, str] = dict(request.query_params)
    chosen: list[str] = []
    if request.method == "POST":
        fields = await form(request)
        chosen = consent_page.chosen(await request.body())
    authorization = _check(world, fields)
    if isinstance(authorization, Response):
        return authorization
    if request.method == "POST" and fields.get("decision") != "allow":
        return authorization.redirect(error="access_denied")
    if request.method == "POST":
        selected = [tenant for tenant in chosen if tenant in world.ledgers]
        if not selected:
            return _page(world, authorization, "Choose an organisation first.")
        return _allow(world, authorization, selected)
    if fields.get("auto") == "1" or world.options.auto_approve:
        tenant_ids = list(world.ledgers)
        wanted = [fields["tenant"]] if fields.get("tenant") in world.ledgers else tenant_ids
        return _allow(world, authorization, tenant_ids if fields.get("multi") == "1" else wanted[:1])
    return _page(world, authorization, "")


def _page(world: World, authorization: AuthorizeRequest, problem: str) -> Response:
    names = {tenant: str(ledger.organisation["Name"]) for tenant, ledger in world.ledgers.items()}
    page = consent_page.render(world.options.app_name, names, authorization.fields, authorization.scopes, problem)
    return HTMLResponse(
        page, 400 if problem else 200, _SECURITY_HEADERS | {"Content-Security-Policy": consent_page.POLICY}
    )


def _check(world: World, fields: dict[str, str]) -> AuthorizeRequest | Response:
    """The request, or the response to an invalid one. An unknown client or redirect URI is never redirected to."""
    redirect_uri = fields.get("redirect_uri", "")
    if fields.get("client_id") != world.options.client_id:
        return _error_page("unauthorized_client", "Unknown client or client not enabled.")
    if not _redirect_allowed(world, redirect_uri):
        return _error_page("unauthorized_client", "Invalid redirect_uri.")
    wanted = frozenset(fields.get("scope", "").split())
    authorization = AuthorizeRequest(fields, redirect_uri, wanted)
    if fields.get("response_type") != "code":
        return authorization.redirect(error="unsupported_response_type")
    if not wanted or wanted - scopes.KNOWN:
        return authorization.redirect(error="invalid_scope")
    if fields.get("code_challenge") and fields.get("code_challenge_method") != "S256":
        return authorization.redirect(error="invalid_request")
    return authorization


def _redirect_allowed(world: World, redirect_uri: str) -> bool:
    if world.options.redirect_uris:
        return redirect_uri in world.options.redirect_uris
    try:
        parts = urlsplit(redirect_uri)
        return parts.scheme in ("http", "https") and parts.hostname in _LOCAL and not parts.fragment
    except ValueError:
        return False


def _error_page(error: str, text: str) -> Response:
    return HTMLResponse(consent_page.render_error(error, text), 400, _SECURITY_HEADERS)


def _allow(world: World, authorization: AuthorizeRequest, tenant_ids: list[str]) -> Response:
    grant, event_id = _grant(world, authorization), new_id()
    for tenant_id in tenant_ids:
        _connect(world, grant, event_id, tenant_id)
    code = secrets.token_urlsafe(32)
    world.identity.codes[code] = AuthorizationCode(
        grant=grant,
        auth_event_id=event_id,
        redirect_uri=authorization.redirect_uri,
        expires_at=world.now() + CODE_LIFETIME,
        challenge=authorization.fields.get("code_challenge") or None,
        nonce=authorization.fields.get("nonce") or None,
    )
    return authorization.redirect(
        code=code, scope=" ".join(sorted(grant.scopes)), session_state=secrets.token_urlsafe(16)
    )


def _grant(world: World, authorization: AuthorizeRequest) -> Grant:
    client_id = world.options.client_id
    user = tokens.user_id(authorization.fields.get("user") or "aroha")
    grant = world.identity.grants.setdefault((client_id, user), Grant(client_id, user))
    grant.scopes |= authorization.scopes
    grant.authenticated_at = world.now()
    return grant


def _connect(world: World, grant: Grant, event_id: str, tenant_id: str) -> None:
    now, key = world.now(), (grant.client_id, grant.user_id, tenant_id)
    for connection in world.identity.connections:
        if (connection.client_id, connection.user_id, connection.tenant_id) == key:
            connection.removed, connection.updated_at = False, now
            connection.auth_event_id = event_id
            return
    world.identity.connections.append(Connection(new_id(), *key, event_id, now, now))
