"""The answer of Xero's token endpoint, and the claims of its tokens."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import extract_compact
from joserfc.jwt import JWTClaimsRegistry

from api.xero.config import XERO_ISSUER, XeroConfig
from api.xero.errors import XeroRejected
from api.xero.json_types import parse_json

ACCESS_TOKEN_SECONDS = 1800
CLOCK_SKEW_SECONDS = 60
_SIGNATURES = ("RS256",)


class UnknownSigningKey(Exception):
    """An id_token is signed with a key that we have not read: Xero may have changed its keys."""


@dataclass(frozen=True, slots=True)
class TokenSet:
    """The tokens of one consent or refresh. The refresh token replaces the one that was sent."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    scopes: tuple[str, ...]
    xero_user_id: str | None = None
    xero_user_name: str | None = None
    auth_event_id: str | None = None


@dataclass(frozen=True, slots=True)
class XeroUser:
    """The Xero user who gave the consent: Xero's id, and a name or else an e-mail address."""

    id: str | None = None
    name: str | None = None


def token_set(granted: Mapping[str, Any], refresh_token: Any, now: datetime, user: XeroUser = XeroUser()) -> TokenSet:
    """Read the token endpoint's JSON. An access token that is no JWT gives no event id, and no user but the given."""
    if not isinstance(refresh_token, str) or not refresh_token:
        raise XeroRejected(["Xero gave no refresh token: the offline_access scope was not granted."])
    claims = _claims(granted["access_token"])
    return TokenSet(
        access_token=granted["access_token"],
        refresh_token=refresh_token,
        expires_at=now + timedelta(seconds=_seconds(granted.get("expires_in"))),
        scopes=_scopes(granted.get("scope")) or _scopes(claims.get("scope")),
        xero_user_id=_text(claims.get("xero_userid")) or user.id,
        xero_user_name=user.name,
        auth_event_id=_text(claims.get("authentication_event_id")),
    )


def checked_user(id_token: Any, keys: KeySet, config: XeroConfig, nonce: str, now: datetime) -> XeroUser:
    """Check an id_token and return its user.

    Raises UnknownSigningKey if none of the keys has the token's key id; XeroRejected for a missing or unsigned token,
    a wrong signature, issuer, audience or nonce, an expired token, and one without a subject.
    """
    if not isinstance(id_token, str):
        raise _untrusted("there is no id_token")
    try:
        claims = jwt.decode(id_token, keys, algorithms=_SIGNATURES).claims
        _rules(config, nonce, now).validate(claims)
    except InvalidKeyIdError:
        raise UnknownSigningKey from None
    except (JoseError, ValueError) as error:
        raise _untrusted(getattr(error, "description", None) or type(error).__name__) from None
    names = (_text(claims.get(name)) for name in ("given_name", "family_name"))
    address = _text(claims.get("email")) or _text(claims.get("preferred_username"))
    return XeroUser(_text(claims.get("xero_userid")) or claims["sub"], " ".join(filter(None, names)) or address)


def _rules(config: XeroConfig, nonce: str, now: datetime) -> JWTClaimsRegistry:
    return JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=CLOCK_SKEW_SECONDS,
        iss={"essential": True, "values": [config.issuer, XERO_ISSUER]},
        aud={"essential": True, "value": config.client_id},
        sub={"essential": True},
        exp={"essential": True},
        nonce={"essential": True, "value": nonce},
    )


def _untrusted(reason: str) -> XeroRejected:
    return XeroRejected([f"Xero's sign-in could not be trusted: {reason}"])


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
    return tuple(scope for scope in value if isinstance(scope, str)) if isinstance(value, list) else ()


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
