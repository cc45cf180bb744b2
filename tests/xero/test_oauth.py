"""The calls to Xero's identity server: requests, accepted tokens, and the meaning of refusals."""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from respx import MockResponse, Router

from api.xero.config import DEFAULT_SCOPES, XeroConfig
from api.xero.errors import XeroBusy, XeroDisconnected, XeroError, XeroRejected
from api.xero.http import Http
from api.xero.oauth import UntrustedSignIn, XeroOAuth

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
USER = "11111111-0000-4000-8000-000000000001"
EVENT = "22222222-0000-4000-8000-000000000002"
CONNECTION = UUID("33333333-0000-4000-8000-000000000003")
REFRESH = "canary-refresh"


KEY = RSAKey.generate_key(2048, {"kid": "of-xero", "use": "sig", "alg": "RS256"}, private=True)
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "of-xero", "use": "sig", "alg": "RS256"}, private=True)
JWKS = "https://identity.xero.com/.well-known/openid-configuration/jwks"


def published(*keys: RSAKey) -> MockResponse:
    """Xero's document of these keys."""
    return MockResponse(200, json={"keys": [key.as_dict(private=False) for key in keys]})


def unsigned(**claims: Any) -> str:
    def part(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'RS256', 'kid': 'k'})}.{part(claims)}.{base64.urlsafe_b64encode(b'sig').decode()}"


REDIRECT_URI = "https://jobtally.example/api/v1/connections/xero/callback"
ACCESS = unsigned(xero_userid=USER, authentication_event_id=EVENT, scope=["openid", "accounting.contacts"])


def identity(**changes: Any) -> str:
    claims = {
        "iss": "https://identity.xero.com",
        "aud": "the-client",
        "exp": int(NOW.timestamp()) + 300,
        "nonce": "the-nonce",
        "sub": "of-the-user",
        "xero_userid": USER,
    }
    return signed({name: value for name, value in (claims | changes).items() if value is not None})


def signed(claims: dict[str, Any], key: RSAKey = KEY, **header: str) -> str:
    """A token that is signed with this key."""
    return jwt.encode({"alg": "RS256", "kid": "of-xero", **header}, claims, key)


def granted(**changes: Any) -> MockResponse:
    fields = {
        "access_token": ACCESS,
        "refresh_token": "canary-next-refresh",
        "id_token": identity(),
        "expires_in": 1800,
        "token_type": "Bearer",
        "scope": "openid offline_access",
    }
    kept = {name: value for name, value in (fields | changes).items() if value is not None}
    return MockResponse(200, json=kept)


@pytest.fixture
def oauth(config: XeroConfig, http: Http, httpx2_mock: Router) -> XeroOAuth:
    httpx2_mock._assert_all_called = False  # only an exchange reads the keys
    httpx2_mock.get(JWKS).mock(return_value=published(KEY))
    return XeroOAuth(config, http, redirect_uri=REDIRECT_URI, now=lambda: NOW)


async def test_a_consent_has_pkce_a_state_a_nonce_and_the_minimal_scopes(oauth: XeroOAuth) -> None:
    begun, again = oauth.begin(), oauth.begin()

    url = urlsplit(begun.url)
    asked = {name: values[0] for name, values in parse_qs(url.query).items()}
    challenge = base64.urlsafe_b64encode(hashlib.sha256(begun.code_verifier.encode()).digest())
    assert f"{url.scheme}://{url.netloc}{url.path}" == "https://login.xero.com/identity/connect/authorize"
    assert asked == {
        "response_type": "code",
        "client_id": "the-client",
        "redirect_uri": REDIRECT_URI,
        "scope": " ".join(DEFAULT_SCOPES),
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": challenge.rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    assert 43 <= len(begun.code_verifier) <= 128
    assert len(begun.state) >= 22, "128 bits and more"
    assert {begun.state, begun.nonce, begun.code_verifier}.isdisjoint({again.state, again.nonce, again.code_verifier})


async def test_a_code_is_exchanged_with_the_verifier_and_basic_authentication(
    oauth: XeroOAuth, httpx2_mock: Router, config: XeroConfig
) -> None:
    route = httpx2_mock.post(config.token_url).mock(return_value=granted())

    tokens = await oauth.exchange("the-code", "the-verifier", "the-nonce")

    request = route.calls.last.request
    assert parse_qs(request.content.decode()) == {
        "grant_type": ["authorization_code"],
        "code": ["the-code"],
        "redirect_uri": [REDIRECT_URI],
        "code_verifier": ["the-verifier"],
    }
    assert request.headers["authorization"] == "Basic " + base64.b64encode(b"the-client:the-client-secret").decode()
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert (tokens.access_token, tokens.refresh_token) == (ACCESS, "canary-next-refresh")
    assert tokens.expires_at == NOW + timedelta(minutes=30)
    assert (tokens.xero_user_id, tokens.auth_event_id) == (USER, EVENT)
    assert tokens.scopes == ("openid", "offline_access")


async def test_an_opaque_access_token_is_accepted(oauth: XeroOAuth, httpx2_mock: Router, config: XeroConfig) -> None:
    answer = granted(access_token="opaque", scope=None, expires_in="soon")
    httpx2_mock.post(config.token_url).mock(return_value=answer)

    tokens = await oauth.exchange("the-code", "the-verifier", "the-nonce")

    assert (tokens.access_token, tokens.xero_user_id, tokens.scopes) == ("opaque", USER, ())
    assert tokens.expires_at == NOW + timedelta(minutes=30)


_CLAIMS = {"iss": "https://identity.xero.com", "aud": "the-client", "exp": int(NOW.timestamp()) + 300}
_CLAIMS |= {"nonce": "the-nonce", "sub": "of-the-user"}


@pytest.mark.parametrize(
    "id_token",
    [
        None,
        "opaque",
        7,
        "a.b.c",
        unsigned(**_CLAIMS),
        unsigned(**_CLAIMS).rpartition(".")[0] + ".",
        "eyJhbGciOiJub25lIn0." + unsigned(**_CLAIMS).split(".")[1] + ".",
        signed(_CLAIMS, OTHER_KEY),
        signed(_CLAIMS, KEY, kid="of-somebody-else"),
        jwt.encode({"alg": "HS256", "kid": "of-xero"}, _CLAIMS, OctKey.import_key("a" * 64)),
    ],
    ids=[
        "none",
        "opaque",
        "number",
        "rubbish",
        "wrong",
        "no signature",
        "alg none",
        "other key",
        "unknown key",
        "HS256",
    ],
)
async def test_an_identity_that_xero_did_not_sign_is_refused_and_the_tokens_are_kept_to_be_given_back(
    oauth: XeroOAuth, httpx2_mock: Router, config: XeroConfig, id_token: Any
) -> None:
    httpx2_mock.post(config.token_url).mock(return_value=granted(id_token=id_token))

    with pytest.raises(UntrustedSignIn) as refused:
        await oauth.exchange("the-code", "the-verifier", "the-nonce")

    assert refused.value.tokens.refresh_token == "canary-next-refresh"
    assert "canary" not in str(refused.value)


async def test_the_keys_of_xero_are_read_once_and_again_when_xero_has_changed_them(
    oauth: XeroOAuth, httpx2_mock: Router, config: XeroConfig
) -> None:
    route = httpx2_mock.get(JWKS).mock(return_value=published(KEY))
    httpx2_mock.post(config.token_url).mock(return_value=granted())
    for _ in range(3):
        await oauth.exchange("the-code", "the-verifier", "the-nonce")
    assert route.call_count == 1
    assert "authorization" not in route.calls.last.request.headers

    renewed = RSAKey.generate_key(2048, {"kid": "renewed", "use": "sig", "alg": "RS256"}, private=True)
    route.mock(return_value=published(KEY, renewed))
    httpx2_mock.post(config.token_url).mock(return_value=granted(id_token=signed(_CLAIMS, renewed, kid="renewed")))
    assert (await oauth.exchange("the-code", "the-verifier", "the-nonce")).refresh_token == "canary-next-refresh"
    assert route.call_count == 2


@pytest.mark.parametrize("answer", [MockResponse(503), MockResponse(200, json=[]), MockResponse(200, text="<html>")])
async def test_without_the_keys_of_xero_the_code_is_not_used(
    oauth: XeroOAuth, httpx2_mock: Router, config: XeroConfig, answer: MockResponse
) -> None:
    httpx2_mock.get(JWKS).mock(return_value=answer)
    route = httpx2_mock.post(config.token_url).mock(return_value=granted())

    with pytest.raises(XeroError) as failed:
        await oauth.exchange("the-code", "the-verifier", "the-nonce")

    assert not isinstance(failed.value, XeroRejected)
    assert not route.called


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-client"},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"exp": int(NOW.timestamp()) - 61},
        {"exp": None},
        {"exp": "tomorrow"},
        {"nonce": "of-another-sign-in"},
        {"nonce": None},
        {"sub": None},
    ],
)
async def test_an_identity_with_a_wrong_issuer_audience_expiry_or_nonce_is_refused(
    oauth: XeroOAuth, httpx2_mock: Router, config: XeroConfig, claims: dict[str, Any]
) -> None:
    httpx2_mock.post(config.token_url).mock(return_value=granted(id_token=identity(**claims)))

    with pytest.raises(XeroRejected, match="could not be trusted"):
        await oauth.exchange("the-code", "the-verifier", "the-nonce")


async def test_an_identity_may_name_several_audiences_and_no_user_but_the_subject(
    oauth: XeroOAuth, httpx2_mock: Router, config: XeroConfig
) -> None:
    answer = granted(access_token="opaque", id_token=identity(aud=["the-client", "another"], xero_userid=None))
    httpx2_mock.post(config.token_url).mock(return_value=answer)

    assert (await oauth.exchange("the-code", "the-verifier", "the-nonce")).xero_user_id == "of-the-user"


async def test_a_consent_without_offline_access_is_refused_and_names_the_scope(
    oauth: XeroOAuth, httpx2_mock: Router, config: XeroConfig
) -> None:
    httpx2_mock.post(config.token_url).mock(return_value=granted(refresh_token=None))

    with pytest.raises(XeroRejected, match="offline_access"):
        await oauth.exchange("the-code", "the-verifier", "the-nonce")


async def test_a_refresh_returns_the_new_pair_and_ignores_the_identity(
    oauth: XeroOAuth, httpx2_mock: Router, config: XeroConfig
) -> None:
    answer = granted(id_token=identity(aud="another-client"))
    route = httpx2_mock.post(config.token_url).mock(return_value=answer)

    tokens = await oauth.refresh(REFRESH)

    asked = parse_qs(route.calls.last.request.content.decode())
    assert asked == {"grant_type": ["refresh_token"], "refresh_token": [REFRESH]}
    assert tokens.refresh_token == "canary-next-refresh"


async def test_a_refresh_without_a_new_refresh_token_keeps_the_old_one(
    oauth: XeroOAuth, httpx2_mock: Router, config: XeroConfig
) -> None:
    httpx2_mock.post(config.token_url).mock(return_value=granted(refresh_token=None))

    assert (await oauth.refresh(REFRESH)).refresh_token == REFRESH


async def test_only_invalid_grant_on_refresh_ends_the_connection(
    oauth: XeroOAuth, httpx2_mock: Router, config: XeroConfig
) -> None:
    httpx2_mock.post(config.token_url).mock(return_value=MockResponse(400, json={"error": "invalid_grant"}))

    with pytest.raises(XeroDisconnected) as caught:
        await oauth.refresh(REFRESH)
    assert caught.value.reason == "token"
    with pytest.raises(XeroRejected, match="invalid_grant"):
        await oauth.exchange("a-used-code", "the-verifier", "the-nonce")


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (400, b'{"error":"unauthorized_client","error_description":"Invalid scope"}', "unauthorized_client: Invalid"),
        (401, b'{"error":"invalid_client"}', "invalid_client"),
        (401, b"", "credentials"),
        (403, b"<html>", "credentials"),
    ],
)
async def test_an_error_of_the_apps_registration_carries_xeros_words(
    oauth: XeroOAuth, httpx2_mock: Router, config: XeroConfig, status: int, body: bytes, words: str
) -> None:
    httpx2_mock.post(config.token_url).mock(return_value=MockResponse(status, content=body))

    with pytest.raises(XeroRejected, match=words):
        await oauth.refresh(REFRESH)


UNCLEAR_ANSWERS: list[dict[str, Any]] = [
    *({"return_value": MockResponse(status)} for status in (302, 408, 429, 500, 502, 503, 504)),
    {"return_value": MockResponse(429, json={"error": "slow_down"})},
    {"return_value": MockResponse(200, content=b"<html>")},
    {"return_value": MockResponse(200, json={"token_type": "Bearer"})},
    {"return_value": MockResponse(200, json=["access_token"])},
    {"return_value": MockResponse(200, content=b"[" * 100_000)},
    {"side_effect": httpx2.ReadTimeout(REFRESH)},
    {"side_effect": httpx2.ConnectError(REFRESH)},
]


@pytest.mark.parametrize("answer", UNCLEAR_ANSWERS)
async def test_a_refresh_without_a_clear_answer_may_be_tried_again_with_the_same_token(
    oauth: XeroOAuth, httpx2_mock: Router, config: XeroConfig, answer: dict[str, Any]
) -> None:
    httpx2_mock.post(config.token_url).mock(**answer)

    with pytest.raises(XeroBusy) as caught:
        await oauth.refresh(REFRESH)

    error = caught.value
    assert REFRESH not in f"{error!s}{error!r}{vars(error)}"
    assert (error.__cause__, error.__context__) == (None, None), "a transport failure holds the secret"


async def test_revoking_sends_the_refresh_token_and_nothing_more(
    oauth: XeroOAuth, httpx2_mock: Router, config: XeroConfig
) -> None:
    route = httpx2_mock.post(config.revoke_url).mock(return_value=MockResponse(200))

    await oauth.revoke(REFRESH)

    request = route.calls.last.request
    assert request.content == f"token={REFRESH}".encode()
    assert request.headers["authorization"].startswith("Basic ")


async def test_a_revocation_that_xero_did_not_confirm_raises(
    oauth: XeroOAuth, httpx2_mock: Router, config: XeroConfig
) -> None:
    httpx2_mock.post(config.revoke_url).mock(return_value=MockResponse(500))

    with pytest.raises(XeroBusy):
        await oauth.revoke(REFRESH)


async def test_the_organisations_of_one_consent_are_listed(
    oauth: XeroOAuth, httpx2_mock: Router, config: XeroConfig
) -> None:
    listed = {
        "id": str(CONNECTION),
        "authEventId": EVENT,
        "tenantId": USER,
        "tenantType": "ORGANISATION",
        "tenantName": "Demo Company (NZ)",
        "createdDateUtc": "2019-07-09T23:40:30.1833130",
    }
    route = httpx2_mock.get(config.connections_url).mock(return_value=MockResponse(200, json=[listed]))

    (connection,) = await oauth.connections("the-access-token", auth_event_id=EVENT)

    request = route.calls.last.request
    assert dict(request.url.params) == {"authEventId": EVENT}
    assert request.headers["authorization"] == "Bearer the-access-token"
    assert (connection.id, connection.tenant_id, connection.tenant_name) == (
        CONNECTION,
        UUID(USER),
        "Demo Company (NZ)",
    )
    assert connection.created_date_utc == datetime(2019, 7, 9, 23, 40, 30, 183313, tzinfo=UTC)


@pytest.mark.parametrize("status", [204, 404])
async def test_a_connection_is_deleted_by_its_own_id_and_a_404_counts_as_deleted(
    oauth: XeroOAuth, httpx2_mock: Router, config: XeroConfig, status: int
) -> None:
    route = httpx2_mock.delete(f"{config.connections_url}/{CONNECTION}").mock(return_value=MockResponse(status))

    await oauth.delete_connection("the-access-token", CONNECTION)

    assert route.called


@pytest.mark.parametrize(("status", "kind"), [(401, XeroBusy), (403, XeroBusy), (500, XeroBusy)])
async def test_a_connection_that_could_not_be_deleted_raises(
    oauth: XeroOAuth, httpx2_mock: Router, config: XeroConfig, status: int, kind: type[Exception]
) -> None:
    httpx2_mock.delete(f"{config.connections_url}/{CONNECTION}").mock(return_value=MockResponse(status))

    with pytest.raises(kind):
        await oauth.delete_connection("the-access-token", CONNECTION)


@pytest.mark.parametrize("body", [b"", b"{}", b'[{"id":"x"}]', b"[1]"])
async def test_connections_that_cannot_be_read_raise_and_are_never_an_empty_list(
    oauth: XeroOAuth, httpx2_mock: Router, config: XeroConfig, body: bytes
) -> None:
    httpx2_mock.get(config.connections_url).mock(return_value=MockResponse(200, content=body))

    with pytest.raises(XeroBusy):
        await oauth.connections("the-access-token")
