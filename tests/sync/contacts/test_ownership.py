"""Which side's value of a field counts, and what a push sends of it."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.records.contacts.service import ContactView
from api.sync.contacts.changes import changed_contact, sent_values
from api.sync.contacts.ownership import (
    FIELDS,
    Base,
    Effect,
    Field,
    Mirrored,
    Values,
    changed_here,
    effect_of,
    fields_with,
    linked_base,
    our_values,
    shown,
    their_values,
)
from api.xero.outgoing import element_json

THEM = UUID(int=1)
_INSTANT = datetime(2026, 11, 20, tzinfo=UTC)


def view(**fields: Any) -> ContactView:
    """A company of ours."""
    plain: dict[str, Any] = dict.fromkeys(
        ("first_name", "last_name", "email", "phone", "address", "tax_number", "payer_reference", "external_id")
    )
    more = {
        "id": UUID(int=11),
        "kind": "company",
        "name": "Tui Cafe",
        "roles": ["customer"],
        "sync_state": "in_step",
        "external_url": None,
        "problems": [],
        "remarks": [],
        "created_at": _INSTANT,
        "updated_at": _INSTANT,
        "display_name": "Tui Cafe",
        "asked_as": None,
    }
    return ContactView(**{**plain, **more, **fields})


def mirrored(**fields: Any) -> Mirrored:
    """A contact of the organisation with the same name."""
    plain: dict[str, Any] = dict.fromkeys(("first_name", "last_name", "email", "tax_number", "account_number"))
    return SimpleNamespace(**{**plain, "name": "Tui Cafe", "address_slots": [], "phone_slots": [], **fields})


A, B, C, NOTHING = "a@tui.example", "b@tui.example", "c@tui.example", None


@pytest.mark.parametrize(
    ("base_ours", "base_theirs", "ours", "theirs", "effect"),
    [
        pytest.param(A, A, A, A, "equal", id="nothing was changed"),
        pytest.param(A, A, B, A, "sent", id="changed here"),
        pytest.param(A, A, A, B, "kept_in_xero", id="changed there"),
        pytest.param(A, A, B, B, "equal", id="changed to the same on both sides"),
        pytest.param(A, A, B, C, "undecided", id="changed on both sides"),
        pytest.param(A, A, NOTHING, A, "sent", id="cleared here"),
        pytest.param(A, A, NOTHING, B, "undecided", id="cleared here, changed there"),
        pytest.param(A, A, B, NOTHING, "undecided", id="changed here, cleared there"),
        pytest.param(A, A, A, NOTHING, "kept_in_xero", id="cleared there"),
        pytest.param(NOTHING, NOTHING, A, NOTHING, "sent", id="added here"),
        pytest.param(A, B, A, B, "kept_in_xero", id="linked although they differ"),
        pytest.param(A, B, C, B, "sent", id="linked although they differ, then changed here"),
        pytest.param(A, B, C, A, "undecided", id="linked although they differ, then changed on both sides"),
        pytest.param(A, A, "A@TUI.example", A, "equal", id="the same address in capital letters"),
    ],
)
def test_a_field_is_sent_only_where_it_was_changed_here_and_not_there(
    base_ours: str | None, base_theirs: str | None, ours: str | None, theirs: str | None, effect: Effect
) -> None:
    base = Base({"email": base_ours}, {"email": base_theirs})
    assert effect_of("email", {"email": ours}, {"email": theirs}, base) == effect


def test_a_contact_that_was_never_compared_owns_nothing() -> None:
    assert effect_of("email", {"email": A}, {"email": B}, None) == "kept_in_xero"


def test_a_payer_reference_is_ours_only_if_it_is_to_be_sent() -> None:
    contact = view(payer_reference="PAY-1")
    without, with_it = (our_values(contact, send_payer_reference=switch) for switch in (False, True))
    base = linked_base(without, {})
    empty: Values = dict.fromkeys(FIELDS) | {"name": "Tui Cafe"}
    assert effect_of("payer_reference", without, empty, base) == "kept_in_xero"
    assert effect_of("payer_reference", with_it, empty, base) == "sent"


def test_an_account_number_that_a_user_typed_into_xero_is_never_replaced() -> None:
    base = Base({}, {"payer_reference": "X-77"})
    assert effect_of("payer_reference", {"payer_reference": "PAY-1"}, base.theirs, base) == "kept_in_xero"


def test_a_company_does_not_own_the_names_of_a_person() -> None:
    ours = our_values(view(), send_payer_reference=False)
    assert effect_of("first_name", ours, their_values(mirrored(first_name="Hana")), linked_base(ours, {})) == (
        "kept_in_xero"
    )


def test_a_phone_is_the_same_however_xero_divides_it() -> None:
    slots = [{"phone_type": "DEFAULT", "phone_country_code": "64", "phone_area_code": "4", "phone_number": "555 0142"}]
    ours, theirs = (
        our_values(view(phone="04 555 0142"), send_payer_reference=False),
        their_values(mirrored(phone_slots=slots)),
    )
    assert theirs["phone"] == "+64 4 555 0142"
    assert effect_of("phone", ours, theirs, linked_base(ours, theirs)) == "equal"


def test_a_name_chosen_for_xero_is_the_name_that_counts() -> None:
    assert our_values(view(), send_payer_reference=False, name="Tui Cafe (Napier)")["name"] == "Tui Cafe (Napier)"


def test_an_address_is_shown_on_a_single_line() -> None:
    ours = our_values(view(address={"line1": "14 Rata Street", "city": "Wellington"}), send_payer_reference=False)
    assert shown("address", ours["address"]) == "14 Rata Street, Wellington"
    assert shown("email", A) == A


def _element(fields: tuple[Field, ...], ours: Values, contact: Mirrored) -> dict[str, Any]:
    return dict(json.loads(element_json(changed_contact(THEM, fields, ours, contact))))


def test_a_change_has_the_id_and_only_the_fields_that_are_sent() -> None:
    ours = our_values(view(email=A, phone="04 555 0142"), send_payer_reference=False)
    assert _element(("email",), ours, mirrored()) == {"ContactID": str(THEM), "EmailAddress": A}


def test_a_cleared_field_is_sent_empty() -> None:
    ours = our_values(view(), send_payer_reference=False)
    element = _element(("email", "phone", "address"), ours, mirrored())
    assert element["EmailAddress"] == ""
    (phone,), (address,) = element["Phones"], element["Addresses"]
    assert phone == {"PhoneType": "DEFAULT", "PhoneNumber": "", "PhoneAreaCode": "", "PhoneCountryCode": ""}
    assert address["AddressType"] == "POBOX"
    assert set(address.values()) == {"POBOX", ""}


def test_the_other_slots_go_with_ours_as_xero_has_them() -> None:
    contact = mirrored(
        phone_slots=[
            {"phone_type": "DEFAULT", "phone_area_code": "04", "phone_number": "555 0000"},
            {"phone_type": "MOBILE", "phone_country_code": "64", "phone_number": "21 555 111"},
            {"phone_type": "OFFICE", "phone_number": "1"},
        ],
        address_slots=[
            {"address_type": "STREET", "address_line1": "1 Shed Lane", "attention_to": "Goods in"},
            {"address_type": "POBOX", "address_line1": "Old", "address_line3": "Level 3", "city": "Napier"},
        ],
    )
    ours = our_values(view(phone="04 555 0142", address={"line1": "PO Box 9"}), send_payer_reference=False)
    element = _element(("phone", "address"), ours, contact)
    assert [phone["PhoneNumber"] for phone in element["Phones"]] == ["04 555 0142", "21 555 111"]
    assert element["Phones"][0]["PhoneAreaCode"] == ""
    postal, street = element["Addresses"]
    assert (postal["AddressLine1"], postal["AddressLine3"], postal["City"]) == ("PO Box 9", "Level 3", "")
    assert street == {"AddressType": "STREET", "AddressLine1": "1 Shed Lane", "AttentionTo": "Goods in"}


_text = st.sampled_from([None, "x", "y", "z"])
_values = st.fixed_dictionaries(
    {field: _text for field in FIELDS if field not in ("name", "address")}
    | {
        "name": st.sampled_from(["Tui", "Kea", "Moa"]),
        "address": st.sampled_from([None, "x\n\nNapier\n\n\n", "\n\n\n\n\nz"]),
    }
)


@given(ours=_values, theirs=_values, base_ours=_values, base_theirs=_values)
def test_what_was_changed_in_xero_is_never_sent_over(
    ours: dict[Field, str | None],
    theirs: dict[Field, str | None],
    base_ours: dict[Field, str | None],
    base_theirs: dict[Field, str | None],
) -> None:
    base = Base(base_ours, base_theirs)
    for field in fields_with("sent", ours, theirs, base):
        assert (theirs[field] or "") == (base_theirs[field] or "")
        assert (ours[field] or "") != (base_ours[field] or "")


@given(ours=_values, theirs=_values, base_ours=_values, base_theirs=_values)
def test_after_a_push_nothing_is_left_to_send_and_what_is_undecided_stays_so(
    ours: dict[Field, str | None],
    theirs: dict[Field, str | None],
    base_ours: dict[Field, str | None],
    base_theirs: dict[Field, str | None],
) -> None:
    base = Base(base_ours, base_theirs)
    fields, undecided = (fields_with(effect, ours, theirs, base) for effect in ("sent", "undecided"))
    now = theirs | {field: ours[field] for field in fields}
    after = base.after(ours, now, sent={field: ours[field] for field in fields})
    assert fields_with("sent", ours, now, after) == []
    assert fields_with("undecided", ours, now, after) == undecided
    assert Base.from_row(json.loads(json.dumps(after.as_row()))) is not None
    assert bool(undecided) == changed_here(ours, after)


@given(ours=_values, theirs=_values)
def test_a_new_link_owns_nothing(ours: dict[Field, str | None], theirs: dict[Field, str | None]) -> None:
    assert fields_with("sent", ours, theirs, linked_base(ours, theirs)) == []


@given(ours=_values)
def test_what_was_sent_is_read_back_from_the_bytes(ours: dict[Field, str | None]) -> None:
    written = changed_contact(THEM, FIELDS, ours, mirrored())
    assert sent_values(json.loads(element_json(written))) == ours
