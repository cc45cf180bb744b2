"""How names are compared, and which characters a text may not contain."""

from typing import Any

import pytest

from api.records.text import name_key
from tests.callers import Caller
from tests.records.making import API, make

CONTROL_CHARACTERS = ["\x02", "\x0b", "\x1f", "\x7f", "\x85", "\ufffe", "\uffff"]
COMPANY = {"kind": "company", "name": "Kauri Homes", "roles": ["customer"]}
LINE = {"description": "Labour", "quantity": "1", "unit_price": "10.00"}
INVOICE = {"kind": "customer", "number": "INV-1", "contact_external_id": "K-1", "issued_on": "2026-11-20"}


def errors(reply: Any) -> list[tuple[str, str, str]]:
    assert reply.status_code == 422, reply.text
    return [(error["pointer"], error["code"], error["detail"]) for error in reply.json()["errors"]]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Kauri Homes Ltd", "  KAURI\u00a0 homes ltd"),
        ("Kauri Homes Ltd", "Kauri\u200b Homes Ltd"),
        ("Kauri Homes Ltd", "\ufeffKauri Homes Ltd"),
        ("Kauri Homes Ltd", "\uff2bauri Homes Ltd"),
        ("Tu\u02bbi & Sons", "Tu\u2019i & Sons"),
        ('The "Olde" Pub', "The \u201cOlde\u201d Pub"),
        ("O'Connor \u2013 Depot", "O\u00b4Connor - Depot"),
        ("Gro\u00df Bau", "GROSS BAU"),
        ("Ko\u0304whai", "K\u014dwhai"),
    ],
)
def test_a_name_is_the_same_however_it_is_typed(name: str, other: str) -> None:
    assert name_key(name) == name_key(other)


@pytest.mark.parametrize(("name", "other"), [("Māori Arts", "Maori Arts"), ("Eastside", "East side"), ("A-B", "A B")])
def test_another_letter_accent_or_blank_makes_another_name(name: str, other: str) -> None:
    assert name_key(name) != name_key(other)


@pytest.mark.parametrize("character", CONTROL_CHARACTERS, ids=ascii)
async def test_a_control_character_in_any_text_is_named_at_its_field(client: Caller, character: str) -> None:
    text = f"Two{character}parts"
    contact = {**COMPANY, "address": {"line1": text, "city": text}, "phone": text, "external_id": text}
    invoice = {**INVOICE, "reference": text, "lines": [{**LINE, "description": text}]}
    remedy = f"Leave out the control character U+{ord(character):04X} at position 4 of this field."

    refused = errors(await client.post(f"{API}/contacts", json=contact))
    refused += errors(await client.post(f"{API}/invoices", json=invoice))

    assert {(code, detail) for _, code, detail in refused} == {("control_character", remedy)}
    pointers = {pointer for pointer, _, _ in refused}
    assert pointers == {
        *("#/address/line1", "#/address/city", "#/phone", "#/external_id"),
        *("#/reference", "#/lines/0/description"),
    }


async def test_a_description_has_several_lines_and_a_reference_has_none(client: Caller) -> None:
    await make(client, "contacts", **COMPANY, external_id="K-1")
    lines = [{**LINE, "description": "Labour\r\n\tTuesday\rWednesday"}]

    made = await make(client, "invoices", **INVOICE, lines=lines)
    refused = errors(await client.post(f"{API}/invoices", json={**INVOICE, "reference": "PO\n12"}))

    assert made["lines"][0]["description"] == "Labour\n\tTuesday\nWednesday"
    assert refused == [
        ("#/reference", "control_character", "Leave out the control character U+000A at position 3 of this field.")
    ]


async def test_invisible_format_characters_are_removed_from_names_codes_and_ids(client: Caller) -> None:
    made = await make(
        client,
        "contacts",
        **{**COMPANY, "name": "\ufeff Kauri\u200b Homes"},
        external_id="\u200bK-1\u2060",
        phone="\u202d+64 21 555 019\u202c",
    )
    [row] = (await client.get(f"{API}/contacts", params={"external_id": "K-1\ufeff"})).json()["items"]

    assert (made["name"], made["external_id"], made["phone"]) == ("Kauri Homes", "K-1", "+64 21 555 019")
    assert row["id"] == made["id"]


@pytest.mark.parametrize("field", ["name", "external_id", "phone"])
async def test_a_text_of_invisible_characters_alone_is_empty(client: Caller, field: str) -> None:
    refused = errors(await client.post(f"{API}/contacts", json={**COMPANY, field: "\u200b\ufeff"}))
    assert [(pointer, code) for pointer, code, _ in refused] == [(f"#/{field}", "string_too_short")]
