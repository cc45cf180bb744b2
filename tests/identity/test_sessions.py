"""Signing up, in, out, and from one business to another."""

from tests.callers import Caller


async def test_signing_up_signs_in_as_the_administrator_of_a_business_with_its_country_s_customs(client: Caller):
    session = (await client.get("/api/v1/session")).json()
    assert session["user"]["email"] == client.email
    assert session["business"] == {
        "id": client.business["business"]["id"], "name": "Kererū Plumbing", "country": "NZ", "currency": "NZD",
    }  # fmt: skip
    assert (session["role"], session["locale"], session["time_zone"]) == ("admin", "en-NZ", "Pacific/Auckland")
    assert session == client.business
