"""HTTP clients of the API that act as its users: same origin, signed up through the API."""

from typing import Any
from uuid import uuid4

import httpx2

PASSWORD = "correct horse battery staple"


class Caller(httpx2.AsyncClient):
    """A browser: it sends our Origin and keeps the session cookie."""

    def __init__(self, **options: Any) -> None:
        super().__init__(headers={"Origin": "http://localhost:8080"}, **options)
        self.business: dict[str, Any] = {}
        self.email = ""


async def sign_up(client: Caller, *, business_name: str = "Kererū Plumbing", country: str = "NZ") -> Caller:
    """Create a business with this caller as its signed-in admin."""
    client.email = f"mere.{uuid4().hex[:12]}@example.nz"
    reply = await client.post(
        "/api/v1/businesses",
        json={
            "business_name": business_name,
            "country": country,
            "name": "Mere Hohepa",
            "email": client.email,
            "password": PASSWORD,
        },
    )
    assert reply.status_code == 201, reply.text
    client.business = reply.json()
    return client
