"""Log lines and representations of objects contain no token and no secret."""

import httpx2
import pytest
import structlog
from respx import MockResponse, Router

from api.xero.client import XeroClient
from api.xero.config import XeroConfig
from api.xero.errors import XeroError
from api.xero.http import Http
from api.xero.oauth import XeroOAuth
from tests.xero.conftest import API


async def test_each_call_writes_one_log_line_without_secrets(client: XeroClient, httpx2_mock: Router) -> None:
    body = b'{"Invoices":[{"Reference":"private to the business"}]}'
    httpx2_mock.get(f"{API}/Accounts").mock(
        return_value=MockResponse(200, json={"Accounts": []}, headers={"Xero-Correlation-Id": "corr-1"})
    )
    httpx2_mock.put(f"{API}/Invoices").mock(side_effect=httpx2.ReadTimeout("Bearer token-1"))

    with structlog.testing.capture_logs() as lines:
        await client.accounts()
        with pytest.raises(XeroError):
            await client.create_invoices(body, "key-1")

    read, write = lines
    assert (read["method"], read["path"], read["status"], read["correlation_id"]) == (
        "GET",
        "/Accounts",
        200,
        "corr-1",
    )
    assert (write["method"], write["path"], write["failure"]) == ("PUT", "/Invoices", "ReadTimeout")
    assert "token-1" not in str(lines)
    assert "private" not in str(lines)


async def test_the_representation_of_an_object_hides_its_secrets(
    config: XeroConfig, http: Http, httpx2_mock: Router
) -> None:
    answer = {"access_token": "canary-access", "refresh_token": "canary-refresh", "expires_in": 1800}
    httpx2_mock.post(config.token_url).mock(return_value=MockResponse(200, json=answer))
    oauth = XeroOAuth(config, http, redirect_uri="https://jobtally.example/callback")

    begun = oauth.begin()
    tokens = await oauth.refresh("canary-refresh")

    assert "canary" not in repr(tokens)
    assert "the-client-secret" not in repr(config)
    assert begun.code_verifier not in repr(begun)
    assert begun.nonce not in repr(begun).replace(begun.url, "")
