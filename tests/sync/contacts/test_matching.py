"""Whom of Xero's contacts one of ours is: never a guess."""

from typing import Any
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from api.sync.contacts.matching import CREATE, Found, Ours, Theirs, find

_A, _B, _US, _OTHER = (UUID(int=number) for number in range(1, 5))


def _ours(**fields: Any) -> Ours:
    sound = {"id": _US, "name": "Kōwhai Dental Ltd", "contact_number": "con_us", "account_number": None, "email": None}
    return Ours(**{**sound, **fields})


def _theirs(id: UUID = _A, **fields: Any) -> Theirs:
    sound = {
        "name": "Somebody Else", "contact_number": None, "account_number": None, "email": None, "active": True,
        "merged_to": None,
    }  # fmt: skip
    return Theirs(id, **{**sound, **fields})


def test_our_number_comes_before_the_account_number_and_both_before_the_name() -> None:
    numbered = _theirs(_A, contact_number="con_us")
    accounted = _theirs(_B, account_number="KOW-01")
    named = _theirs(_OTHER, name="Kōwhai Dental Ltd")
    ours = _ours(account_number="KOW-01")
    assert find(ours, [named, accounted, numbered], {}) == Found(_A)
    assert find(ours, [named, accounted], {}) == Found(_B)
    assert find(ours, [named], {}) == Found(_OTHER)
    assert find(ours, [_theirs()], {}) == CREATE


def test_a_name_is_the_same_in_any_letter_case_width_and_spacing() -> None:
    assert find(_ours(), [_theirs(name="KŌWHAI  dental \uff2ctd ")], {}) == Found(_A)


def test_an_archived_contact_frees_its_name_but_not_our_number() -> None:
    assert find(_ours(), [_theirs(name="Kōwhai Dental Ltd", active=False)], {}) == CREATE
    archived = _theirs(contact_number="con_us", active=False)
    assert find(_ours(), [archived], {}) == Found(obstacle="contact_archived")


def test_a_merged_contact_leads_to_the_one_it_was_merged_into() -> None:
    merged = _theirs(_A, contact_number="con_us", active=False, merged_to=_B)
    assert find(_ours(), [merged, _theirs(_B)], {}) == Found(_B)
    assert find(_ours(), [merged, _theirs(_B, active=False)], {}) == Found(obstacle="contact_archived")
    assert find(_ours(), [merged], {}) == Found(obstacle="contact_archived")


def test_a_heir_that_is_linked_to_another_of_ours_is_not_linked_twice() -> None:
    merged = _theirs(_A, contact_number="con_us", active=False, merged_to=_B)
    assert find(_ours(), [merged, _theirs(_B)], {_B: _OTHER}) == Found(obstacle="contact_name_taken")


def test_two_of_one_name_are_told_apart_by_the_email_address_or_not_at_all() -> None:
    two = [_theirs(_A, name="Kōwhai Dental Ltd", email="A@example.nz"), _theirs(_B, name="Kōwhai Dental Ltd")]
    assert find(_ours(email="a@example.nz"), two, {}) == Found(_A)
    assert find(_ours(), two, {}) == Found(obstacle="contact_ambiguous")
    assert find(_ours(email="c@example.nz"), two, {}) == Found(obstacle="contact_ambiguous")


def test_two_active_contacts_with_our_number_are_for_a_person_to_sort_out() -> None:
    two = [_theirs(_A, contact_number="con_us"), _theirs(_B, contact_number="con_us")]
    assert find(_ours(), two, {}) == Found(obstacle="contact_ambiguous")
    assert find(_ours(), [two[0], _theirs(_B, contact_number="con_us", active=False)], {}) == Found(_A)


def test_two_with_one_account_number_decide_nothing() -> None:
    two = [_theirs(_A, account_number="KOW-01"), _theirs(_B, account_number="KOW-01")]
    assert find(_ours(account_number="KOW-01"), two, {}) == CREATE


def test_a_contact_of_that_name_that_is_linked_to_another_of_ours_is_taken() -> None:
    named = [_theirs(_A, name="Kōwhai Dental Ltd")]
    assert find(_ours(), named, {_A: _OTHER}) == Found(obstacle="contact_name_taken")
    assert find(_ours(), named, {_A: _US}) == Found(_A)


_word = st.sampled_from(["con_us", "con_them", "KOW-01", None])
_contact = st.builds(
    Theirs,
    id=st.builds(uuid4),
    name=st.sampled_from(["Kōwhai Dental Ltd", "kōwhai dental ltd", "Tui Cafe"]),
    contact_number=_word,
    account_number=_word,
    email=st.sampled_from(["a@example.nz", None]),
    active=st.booleans(),
    merged_to=st.sampled_from([_A, None]),
)


@given(st.lists(_contact, max_size=6), st.sampled_from([None, "KOW-01"]), st.booleans())
def test_whoever_is_found_is_active_and_nobody_elses(
    theirs: list[Theirs], account_number: str | None, all_taken: bool
) -> None:
    taken = {one.id: _OTHER for one in theirs} if all_taken else {}
    found = find(_ours(account_number=account_number), theirs, taken)
    if found.contact_id is not None:
        (counterpart,) = [one for one in theirs if one.id == found.contact_id]
        assert counterpart.active
        assert counterpart.id not in taken
