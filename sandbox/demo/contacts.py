"""The forty contacts of the demo. Some of them exist in the stand-in already, as in a real business."""

from __future__ import annotations

from typing import Any

from sandbox.seed_contacts import CONTACTS

Row = dict[str, Any]

_PEOPLE = (
    ("Hana", "Parata", "Rolleston"),
    ("Tom", "Whitfield", "Picton"),
    ("Mere", "Ngata", "Gisborne"),
    ("Wiremu", "Pōtiki", "Kaikōura"),
    ("Aroha", "Tamihana", "Ōtaki"),
    ("Hēmi", "Rāwiri", "Whakatāne"),
    ("Ngaio", "Sutherland", "Nelson"),
    ("Tāne", "Kingi", "Rotorua"),
    ("Grace", "Falaniko", "Māngere"),
    ("Peter", "van der Berg", "Levin"),
    ("Siobhan", "O'Leary", "Greymouth"),
    ("Arjun", "Mehta", "Papatoetoe"),
    ("Mia", "Chen", "Albany"),
    ("Rongo", "Te Awa", "Taupō"),
    ("Margaret", "Lyall", "Gore"),
    ("Luka", "Tuilagi", "Porirua"),
)
_CUSTOMERS = (
    ("Harbourview Apartments Ltd", "Nelson"),
    ("Riverside Primary School", "Hamilton"),
    ("Southern Cross Dental", "Timaru"),
    ("Whānau Āwhina Trust", "Ōtaki"),
    ("Kōwhai Early Learning", "Masterton"),
    ("Pīwakawaka Body Corporate 88321", "Wellington"),
    ("Long White Cloud Motels Ltd", "Paihia"),
    ("Tōtara Grove Retirement Village", "Cambridge"),
    ("Nīkau Property Management", "Palmerston North"),
    ("Beacon Road Fish & Chips", "Napier"),
    ("Rangiora Rugby Football Club", "Rangiora"),
    ("Mānuka Honey Packhouse Ltd", "Te Puke"),
    ("St Anne's Parish Hall", "Blenheim"),
    ("Foxglove Café", "Arrowtown"),
)
_SUPPLIERS = (
    ("Pipeline Supplies Ltd", "Penrose"),
    ("Trade Tap & Fittings", "Petone"),
    ("City Skip Hire", "Onehunga"),
    ("Southern Cylinder Company", "Christchurch"),
    ("Pūkeko Plastics Ltd", "Tauranga"),
    ("Merchants' Tool Hire", "Lower Hutt"),
    ("Kāpiti Diggers & Drains", "Paraparaumu"),
)
# What somebody has typed into Xero for the café above: the import asks whether it is the same.
POSSIBLE_DUPLICATE = {"Name": "Foxglove Cafe", "EmailAddress": "hello@foxglove.example.com"}
_CONTRACTORS = (
    ("Tūī Gasfitting", "Upper Hutt"),
    ("Moana Drainlaying", "Titahi Bay"),
    ("Ridgeline Roofing", "Ashburton"),
)


def contacts() -> list[Row]:
    """All contacts; external ids are `P-…` for people, `C-…` for customer companies, `S-…` for suppliers."""
    people = [
        _as_in_xero(
            f"{first} {last}",
            {
                "external_id": f"P-{number:02d}",
                "kind": "person",
                "first_name": first,
                "last_name": last,
                "roles": ["customer"],
                "phone": f"021 555 {100 + number}",
                "address": _address(number, city),
                "email": f"person{number}@example.org",
            },
        )
        for number, (first, last, city) in enumerate(_PEOPLE, 1)
    ]
    return [
        *people,
        *_companies("C", _CUSTOMERS, ["customer"]),
        *_companies("S", (*_SUPPLIERS, *_CONTRACTORS), ["supplier"]),
    ]


def _as_in_xero(name: str, row: Row) -> Row:
    """A contact that the stand-in knows has the same details there: its invoices get no problem and no remark."""
    known = next((contact for contact in CONTACTS if contact["Name"] == name), None)
    if known is None:
        return row
    same = {"email": known["EmailAddress"], "phone": known.get("Phone"), "address": {"city": known["City"]}}
    return {**row, **same}


def customers() -> list[str]:
    """The external ids of the customers."""
    return [f"P-{number:02d}" for number in range(1, len(_PEOPLE) + 1)] + [
        f"C-{number:02d}" for number in range(1, len(_CUSTOMERS) + 1)
    ]


def suppliers() -> list[str]:
    """The external ids of the suppliers; the last three are contractors."""
    return [f"S-{number:02d}" for number in range(1, len(_SUPPLIERS) + len(_CONTRACTORS) + 1)]


def _companies(prefix: str, rows: tuple[tuple[str, str], ...], roles: list[str]) -> list[Row]:
    return [
        _as_in_xero(
            name,
            {
                "external_id": f"{prefix}-{number:02d}",
                "kind": "company",
                "name": name,
                "roles": [*roles, "contractor"] if (name, city) in _CONTRACTORS else roles,
                "email": f"accounts.{prefix.lower()}{number}@example.com",
                "phone": f"0{3 + number % 7} 555 {200 + number}",
                "address": _address(number + 40, city),
                "payer_reference": f"{prefix}{1000 + number}",
            },
        )
        for number, (name, city) in enumerate(rows, 1)
    ]


def _address(number: int, city: str) -> Row:
    roads = ("Rātā Avenue", "Harbour Road", "Kererū Lane", "Station Road", "Mill Road", "Pōhutukawa Drive")
    return {"line1": f"{number * 7 % 190 + 1} {roads[number % 6]}", "city": city, "country": "New Zealand"}
