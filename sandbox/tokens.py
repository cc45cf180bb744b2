"""Tokens: signed with a key generated at first use, checked against the stand-in's clock."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from starlette.requests import Request

from sandbox.replies import Refusal, gateway_problem
from sandbox.state import Grant, Record, RefreshToken, World, new_id, seed_id

ACCESS_LIFETIME = timedelta(minutes=30)
ID_LIFETIME = timedelta(minutes=5)
REFRESH_LIFETIME = timedelta(days=60)
ROTATION_GRACE = timedelta(minutes=30)


@dataclass(frozen=True)
class Bearer:
    """The caller: app, user and scopes."""

    client_id: str
    user_id: str
    scopes: frozenset[str]


@cache
def signing_key() -> RSAKey:
    """The signing key of this process; generated at first use."""
    return RSAKey.generate_key(2048, {"kid": "stand-in", "use": "sig", "alg": "RS256"}, private=True)


def public_keys() -> Record:
    """The JWKS document."""
    return {"keys": [signing_key().as_dict(private=False)]}


def issue(world: World, grant: Grant, event_id: str, issuer: str, nonce: str | None = None) -> Record:
    """A new token set, the reply of the token endpoint; `event_id` is the id of the consent."""
    now = world.now()
    access_id = new_id()
    world.identity.access_grants[access_id] = grant
    common = _common_claims(grant, event_id, issuer, now)
    access = _sign(
        common
        | {
            "aud": f"{issuer}/resources",
            "exp": _stamp(now + ACCESS_LIFETIME),
            "client_id": grant.client_id,
            "jti": access_id,
            "authentication_event_id": event_id,
            "scope": sorted(grant.scopes),
        }
    )
    tokens: Record = {
        "access_token": access,
        "expires_in": int(ACCESS_LIFETIME.total_seconds()),
        "token_type": "Bearer",
        "scope": " ".join(sorted(grant.scopes)),
    }
    if "openid" in grant.scopes:
        identity = _identity_claims(grant, event_id, access, nonce)
        tokens["id_token"] = _sign(common | identity | {"exp": _stamp(now + ID_LIFETIME)})
    if "offline_access" in grant.scopes:
        tokens["refresh_token"] = secrets.token_urlsafe(32)
        world.identity.refresh_tokens[tokens["refresh_token"]] = RefreshToken(grant, event_id, now)
    return tokens


def _identity_claims(grant: Grant, event_id: str, access_token: str, nonce: str | None) -> Record:
    digest = hashlib.sha256(access_token.encode()).digest()[:16]
    return {
        "aud": grant.client_id,
        "preferred_username": user_email(grant.user_id),
        "email": user_email(grant.user_id),
        "given_name": "Aroha",
        "family_name": "Demo",
        "at_hash": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "sid": event_id,
        **({"nonce": nonce} if nonce else {}),
    }


def user_id(name: str) -> str:
    """The id of a fictitious Xero user."""
    return seed_id(f"user:{name}")


def user_email(wanted_id: str) -> str:
    """The e-mail address of a fictitious user; the default user is `aroha@example.com`."""
    name = "aroha" if wanted_id == user_id("aroha") else f"user-{wanted_id[:8]}"
    return f"{name}@example.com"


def _common_claims(grant: Grant, event_id: str, issuer: str, now: datetime) -> Record:
    return {
        "iss": issuer,
        "nbf": _stamp(now),
        "iat": _stamp(now),
        "sub": grant.user_id.replace("-", ""),
        "auth_time": _stamp(grant.authenticated_at or now),
        "idp": "local",
        "xero_userid": grant.user_id,
        "global_session_id": event_id.replace("-", ""),
        "amr": ["pwd"],
    }


def _sign(claims: Record) -> str:
    return jwt.encode({"alg": "RS256", "kid": "stand-in", "typ": "JWT"}, claims, signing_key())


def _stamp(moment: datetime) -> int:
    return int(moment.timestamp())


def refresh_is_live(token: RefreshToken, now: datetime) -> bool:
    """Whether the token is valid: 60 days after issue, or 30 minutes after its rotation."""
    if token.grant.revoked:
        return False
    if token.rotated_at is not None:
        return now - token.rotated_at <= ROTATION_GRACE
    return now - token.issued_at <= REFRESH_LIFETIME


def read_bearer(world: World, request: Request) -> Bearer:
    """The caller by the Authorization header. Raises Refusal (401) for an invalid or expired token."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not value:
        raise _unauthorized("AuthenticationUnsuccessful")
    try:
        claims: dict[str, Any] = jwt.decode(value.strip(), signing_key(), algorithms=["RS256"]).claims
    except (JoseError, ValueError):
        raise _unauthorized("AuthenticationUnsuccessful") from None
    grant = world.identity.access_grants.get(claims.get("jti", ""))
    if grant is None or grant.revoked:
        raise _unauthorized("AuthenticationUnsuccessful")
    expires = int(claims["exp"])
    if world.now().timestamp() >= expires:
        shown = datetime.fromtimestamp(expires, world.now().tzinfo).strftime("%m/%d/%Y %H:%M:%S")
        raise _unauthorized(f"TokenExpired: token expired at {shown}")
    return Bearer(grant.client_id, grant.user_id, frozenset(claims["scope"]))


def _unauthorized(detail: str) -> Refusal:
    return gateway_problem(401, "Unauthorized", detail)
