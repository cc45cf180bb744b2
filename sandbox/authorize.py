"""The authorize step: checks the request, lets the user pick an organisation, sends a code back."""

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

CODE_LIFE = timedelta(minutes=5)
_LOCAL = ("localhost",)
_HARDENED = {"X-Frame-Options": "DENY", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@dataclass(frozen=True)
class Asked:
    """An authorize request whose client and address can be trusted to be answered."""

    fields: dict[str, str]
    redirect_uri: str
    scopes: frozenset[str]

    def back(self, **answer: str) -> Response:
        """Return to the app, state echoed."""
        if "state" in self.fields:
            answer["state"] = self.fields["state"]
        joint = "&" if urlsplit(self.redirect_uri).query else "?"
        return RedirectResponse(f"{self.redirect_uri}{joint}{urlencode(answer)}", 302, _HARDENED)


async def authorize(world: World, request: Request) -> Response:
    """GET shows the page (or skips it), POST is the decision made there."""
    fields: dict[str, str] = dict(request.query_params)
    chosen: list[str] = []
    if request.method == "POST":
        fields = await form(request)
        chosen = consent_page.chosen(await request.body())
    asked = _check(world, fields)
    if isinstance(asked, Response):
        return asked
    if request.method == "POST" and fields.get("decision") != "allow":
        return asked.back(error="access_denied")
    if request.method == "POST":
        picked = [tenant for tenant in chosen if tenant in world.ledgers]
        return _allow(world, asked, picked) if picked else _page(world, asked, "Choose an organisation first.")
    if fields.get("auto") == "1" or world.options.auto_approve:
        every = list(world.ledgers)
        wanted = [fields["tenant"]] if fields.get("tenant") in world.ledgers else every
        return _allow(world, asked, every if fields.get("multi") == "1" else wanted[:1])
    return _page(world, asked, "")


def _page(world: World, asked: Asked, problem: str) -> Response:
    names = {tenant: str(ledger.organisation["Name"]) for tenant, ledger in world.ledgers.items()}
    page = consent_page.render(world.options.app_name, names, asked.fields, asked.scopes, problem)
    return HTMLResponse(page, 400 if problem else 200, _HARDENED | {"Content-Security-Policy": consent_page.POLICY})


def _check(world: World, fields: dict[str, str]) -> Asked | Response:
    """Faults of client or address are shown here, never redirected; the others go back to the app."""
    redirect_uri = fields.get("redirect_uri", "")
    if fields.get("client_id") != world.options.client_id:
        return _stop("unauthorized_client", "Unknown client or client not enabled.")
    if not _redirect_allowed(world, redirect_uri):
        return _stop("unauthorized_client", "Invalid redirect_uri.")
    wanted = frozenset(fields.get("scope", "").split())
    asked = Asked(fields, redirect_uri, wanted)
    if fields.get("response_type") != "code":
        return asked.back(error="unsupported_response_type")
    if not wanted or wanted - scopes.KNOWN:
        return asked.back(error="invalid_scope")
    if fields.get("code_challenge") and fields.get("code_challenge_method") != "S256":
        return asked.back(error="invalid_request")
    return asked


def _redirect_allowed(world: World, redirect_uri: str) -> bool:
    if world.options.redirect_uris:
        return redirect_uri in world.options.redirect_uris
    try:
        parts = urlsplit(redirect_uri)
        return parts.scheme in ("http", "https") and parts.hostname in _LOCAL and not parts.fragment
    except ValueError:
        return False


def _stop(error: str, text: str) -> Response:
    return HTMLResponse(consent_page.render_error(error, text), 400, _HARDENED)


def _allow(world: World, asked: Asked, tenant_ids: list[str]) -> Response:
    grant, event_id = _grant(world, asked), new_id()
    for tenant_id in tenant_ids:
        _connect(world, grant, event_id, tenant_id)
    code = secrets.token_urlsafe(32)
    world.identity.codes[code] = AuthorizationCode(
        grant=grant,
        auth_event_id=event_id,
        redirect_uri=asked.redirect_uri,
        expires_at=world.now() + CODE_LIFE,
        challenge=asked.fields.get("code_challenge") or None,
        nonce=asked.fields.get("nonce") or None,
    )
    return asked.back(code=code, scope=" ".join(sorted(grant.scopes)), session_state=secrets.token_urlsafe(16))


def _grant(world: World, asked: Asked) -> Grant:
    client_id = world.options.client_id
    user = tokens.user_id(asked.fields.get("user") or "aroha")
    grant = world.identity.grants.setdefault((client_id, user), Grant(client_id, user))
    grant.scopes |= asked.scopes
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
