"""How names are compared."""

import pytest

from api.records.text import name_key


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
