"""Which of ours a contact of Xero is, and what is shown as a possible duplicate without ever being linked."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.sync.contacts.candidates import Candidates, Link
from api.sync.contacts.counterparts import Counterpart, match_theirs
from api.sync.contacts.likenesses import is_near, plain_name
from api.sync.contacts.matching import match_contact
from tests.sync.contacts.sides import our, their
from tests.sync.contacts.test_matching_order import worlds

_A, _B = UUID(int=1), UUID(int=2)
_US, _OTHER = UUID(int=11), UUID(int=12)


def test_a_contact_of_our_name_is_ours_and_says_what_agrees() -> None:
    theirs = their(_A, email="a@example.nz", phones=("04 555 0142",))
    among = Candidates([our(email="A@example.nz", phone="+64 4 555 0142")], [theirs])
    assert match_theirs(theirs, among) == Counterpart(_US, ("name", "email", "phone"))


def test_a_contact_with_our_number_is_ours_whatever_it_is_called() -> None:
    theirs = their(_A, name="Renamed in Xero", contact_number="con_11")
    assert match_theirs(theirs, Candidates([our()], [theirs])) == Counterpart(_US, ("contact_number",))


def test_a_contact_that_ours_was_merged_into_is_ours() -> None:
    merged, last = their(_A, active=False, merged_to=_B), their(_B, name="Corner Bakery Co")
    for link in (Link(_US, _A, "name"), Link(_US, _B, "merge")):
        assert match_theirs(last, Candidates([our()], [merged, last], [link])).contact_id == _US


def test_a_contact_that_resembles_nothing_of_ours_is_new() -> None:
    theirs = their(_A, name="Tui Cafe")
    assert match_theirs(theirs, Candidates([our()], [theirs])).is_new


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ({"name": "Māori Arts"}, {"name": "Maori Arts"}),
        ({"kind": "person", "name": "John Smith"}, {"name": "Smith, John"}),
        ({"name": "Tui Cafe", "email": "tui@example.nz"}, {"name": "Corner Bakery", "email": "TUI@example.nz"}),
        ({"name": "Tui Cafe", "phone": "04 555 0142"}, {"name": "Corner Bakery", "phones": ("+64 4 555 0142",)}),
        ({"name": "Tui Cafe", "tax_number": "51 824 753"}, {"name": "Corner Bakery", "tax_number": "51824753"}),
        ({"name": "Tui Cafe", "account_number": "T-1"}, {"name": "Corner Bakery", "account_number": "t\u20111"}),
        ({"name": "Kauri Homes Ltd"}, {"name": "Kuari Homes Ltd"}),
        ({"name": "Fletcher Plumbing"}, {"name": "Flecher Plumbing"}),
        ({"name": "Harbourview"}, {"name": "Harbour View"}),
        ({"name": "Mico Limited"}, {"name": "Mico Ltd"}),
        ({"name": "Bunnings"}, {"name": "Bunnings Group Ltd"}),
        ({"name": "Tradelink Pty. Ltd."}, {"name": "The Tradelink"}),
        ({"name": "Rata & Co"}, {"name": "Rata and Company"}),
        ({"name": "A & B"}, {"name": "A and B Inc"}),
    ],
)
def test_a_possible_duplicate_is_shown_on_both_sides_and_never_linked(
    here: dict[str, Any], there: dict[str, Any]
) -> None:
    ours, theirs = our(**here), their(_A, **there)
    among = Candidates([ours, our(_OTHER, name="Nobody Else")], [theirs, their(_B, name="Somebody Else Altogether")])
    assert match_theirs(theirs, among) == Counterpart(possible_duplicates=(_US,))
    assert among.theirs_like(ours) == (_A,)
    assert match_contact(ours, among).contact_id is None


@pytest.mark.parametrize(
    ("name", "other"), [("Unit 12 Body Corp", "Unit 13 Body Corp"), ("Tui", "Tue"), ("Kauri Homes", "Kauri Roofs")]
)
def test_names_that_differ_in_a_number_or_in_more_than_a_tenth_are_not_near(name: str, other: str) -> None:
    assert not is_near(plain_name(name), plain_name(other))


def test_a_contact_of_a_name_that_several_of_ours_have_is_a_possible_duplicate_of_each() -> None:
    theirs = their(_A)
    among = Candidates([our(), our(_OTHER)], [theirs])
    assert match_theirs(theirs, among) == Counterpart(possible_duplicates=(_US, _OTHER))


def test_a_contact_of_ours_that_has_its_place_in_xero_is_no_possible_duplicate_of_another() -> None:
    theirs = their(_B, name="Kowhai Dental Ltd")
    among = Candidates([our()], [their(_A), theirs], [Link(_US, _A, "name")])
    assert match_theirs(theirs, among).is_new


@given(worlds(), st.data())
def test_both_directions_agree_in_every_order(world: Any, data: st.DataObject) -> None:
    ours, theirs, links = world
    among = Candidates(ours, theirs, links)
    shuffled = Candidates(
        data.draw(st.permutations(ours)), data.draw(st.permutations(theirs)), data.draw(st.permutations(links))
    )
    assert [match_theirs(other, shuffled) for other in theirs] == [match_theirs(other, among) for other in theirs]
    places = {contact.id: match_contact(contact, among).contact_id for contact in ours}
    for other in theirs:
        contact_id = match_theirs(other, among).contact_id
        assert contact_id is None if other.id not in places.values() else places[contact_id] == other.id
