"""Which of Xero's contacts one of ours is: decided by evidence, and the same in whatever order."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from api.sync.contacts.candidates import Candidates, Decision, Link
from api.sync.contacts.evidence import Ours, Theirs, phone_key
from api.sync.contacts.matching import Match, match_contact
from tests.sync.contacts.sides import our, their

_A, _B, _C = (UUID(int=number) for number in range(1, 4))
_US, _OTHER, _THIRD = (UUID(int=number) for number in range(11, 14))
CREATED = Match()


def _person(id: UUID = _US, **fields: Any) -> Ours:
    return our(id, **{"kind": "person", "name": "John Smith", **fields})


def _match(ours: Ours, theirs: Iterable[Theirs], others: Iterable[Ours] = (), links: Iterable[Link] = ()) -> Match:
    return match_contact(ours, Candidates([ours, *others], theirs, links))


def _unsure(doubt: Any) -> Match:
    return Match(obstacle="contact_unsure", doubt=doubt)


ARCHIVED = Match(obstacle="contact_archived")


def test_our_number_comes_before_the_name() -> None:
    numbered = their(_A, name="Renamed in Xero", contact_number="con_11")
    assert _match(our(), [numbered, their(_B)]) == Match(_A, "contact_number")


def test_a_stored_link_comes_before_our_number() -> None:
    numbered = their(_A, contact_number="con_11")
    assert _match(our(), [numbered, their(_B, name="Other")], links=[Link(_US, _B, "name")]) == Match(_B, "name")


def test_an_account_number_or_an_email_address_alone_is_never_a_link() -> None:
    ours = our(account_number="PAY002", email="accounts@example.nz")
    other = their(name="Somebody Else Ltd", account_number="pay002", email="accounts@example.nz")
    assert _match(ours, [other]) == Match(reference_holder="Somebody Else Ltd")


def test_of_branches_with_one_payer_reference_the_one_entered_first_is_created_with_it() -> None:
    branches = [
        our(id, name=f"Bunnings {name}", account_number="BUNN-01")
        for id, name in ((_US, "Napier"), (_OTHER, "Nelson"), (_THIRD, "Gore"))
    ]
    among = Candidates(branches, [])
    assert [match_contact(branch, among).reference_holder for branch in branches] == [
        None,
        "Bunnings Napier",
        "Bunnings Napier",
    ]


@pytest.mark.parametrize(
    "spelling",
    [
        "KŌWHAI  dental \uff2ctd ",
        "K\u014dwhai\u200b Dental Ltd",
        "\ufeffKōwhai Dental Ltd",
        "Ko\u0304whai Dental\u00a0Ltd",
    ],
)
def test_a_name_is_the_same_in_any_case_width_spacing_and_with_invisible_characters(spelling: str) -> None:
    assert _match(our(), [their(name=spelling)]) == Match(_A, "name")


def test_a_name_is_the_same_with_other_quotes_and_dashes_but_not_without_accents() -> None:
    ours = our(name="Depot \u2013 O\u2019Connor")
    assert _match(ours, [their(name="Depot - O'Connor")]) == Match(_A, "name")
    assert _match(our(name="Māori Arts"), [their(name="Maori Arts")]) == CREATED


def test_an_archived_contact_frees_its_name_but_not_our_number() -> None:
    assert _match(our(), [their(active=False)]) == CREATED
    assert _match(our(), [their(contact_number="con_11", active=False)]) == ARCHIVED
    assert _match(our(), [their(active=False)], links=[Link(_US, _A, "name")]) == ARCHIVED


def test_a_merged_contact_leads_to_the_one_it_was_merged_into_over_any_number_of_merges() -> None:
    merged = their(_A, contact_number="con_11", active=False, merged_to=_B)
    last = their(_C, name="Corner Bakery Co")
    assert _match(our(), [merged, their(_B, active=False, merged_to=_C), last]) == Match(_C, "merge")
    assert _match(our(), [merged, their(_B)], links=[Link(_US, _A, "name")]) == Match(_B, "merge")
    assert _match(our(), [merged, their(_B, active=False)]) == ARCHIVED
    assert _match(our(), [merged, their(_B, active=False, merged_to=_A)]) == ARCHIVED
    assert _match(our(), [merged]) == ARCHIVED


def test_two_of_ours_that_xero_has_merged_lead_to_the_one_contact() -> None:
    other = our(_OTHER, name="Tui Cafe")
    merged = their(_A, contact_number="con_11", active=False, merged_to=_B)
    theirs = [merged, their(_B, name="Tui Cafe", contact_number="con_12")]
    assert _match(our(), theirs, [other], [Link(_OTHER, _B, "name")]) == Match(_B, "merge")
    assert _match(other, theirs, [our()], [Link(_US, _B, "merge")]) == Match(_B, "contact_number")


def test_a_link_to_a_contact_xero_has_lost_is_matched_again() -> None:
    assert _match(our(), [their(_B)], links=[Link(_US, _A, "name")]) == Match(_B, "name")


def test_a_company_of_the_name_with_another_email_address_is_linked_with_a_remark() -> None:
    ours = our(email="office@example.nz", account_number="KOW-01")
    assert _match(ours, [their(email="accounts@example.nz")]) == Match(_A, "name")
    assert _match(ours, [their(account_number="KOW-02")]) == Match(_A, "name")
    assert _match(ours, [their()]) == Match(_A, "name")


def test_a_person_of_the_name_with_another_email_address_is_asked_about() -> None:
    ours, theirs = _person(email="js@north.example"), their(name="John Smith", email="john@otago.example")
    assert _match(ours, [theirs]) == _unsure("email")
    assert _match(_person(), [theirs]) == Match(_A, "name")
    assert _match(ours, [replace(theirs, email=None)]) == Match(_A, "name")
    numbered = _person(account_number="P-1")
    assert _match(numbered, [replace(theirs, account_number="P-2")]) == _unsure("account_number")


def test_a_persons_other_email_address_is_outweighed_by_the_same_phone_or_tax_number() -> None:
    ours = _person(email="js@north.example", phone="021 555 0142", tax_number="123-456-789")
    theirs = their(name="John Smith", email="john@otago.example")
    assert _match(ours, [replace(theirs, phones=("+64 21 5550142",))]).contact_id == _A
    assert _match(ours, [replace(theirs, tax_number="123456789")]).contact_id == _A
    assert _match(ours, [replace(theirs, phones=("021 555 0143",))]) == _unsure("email")


def test_of_two_of_ours_the_equal_email_address_links_and_the_other_asks() -> None:
    north, otago = _person(email="js@north.example"), _person(_OTHER, email="John.Smith@otago.example")
    theirs = [their(name="John Smith", email="john.smith@otago.example")]
    assert _match(otago, theirs, [north]) == Match(_A, "email")
    assert _match(north, theirs, [otago]) == _unsure("several_here")
    assert _match(north, theirs, [otago], [Link(_OTHER, _A, "name")]) == _unsure("several_here")


@pytest.mark.parametrize(
    ("kind", "here", "there"),
    [
        ("email", {"email": "A@example.nz"}, {"email": "a@example.nz"}),
        ("phone", {"phone": "(04) 555-0142"}, {"phones": ("+64 4 5550142", "021 999 999")}),
        ("tax_number", {"tax_number": "51 824 753 556"}, {"tax_number": "51824753556"}),
        ("account_number", {"account_number": "KOW-01"}, {"account_number": "kow-01"}),
    ],
)
def test_of_two_in_xero_what_agrees_decides(kind: str, here: dict[str, Any], there: dict[str, Any]) -> None:
    two = [their(_A), their(_B, **there)]
    assert _match(our(**here), two) == Match(_B, kind)  # type: ignore[arg-type]  # a literal from the table
    assert _match(our(), two) == _unsure("several_in_xero")
    assert _match(our(**here), [their(_A, **there), their(_B, **there)]) == _unsure("several_in_xero")
    assert _match(our(**here), two, [our(_OTHER, **here)]) == _unsure("several_in_xero")


def test_evidence_that_leads_to_two_different_contacts_decides_nothing() -> None:
    ours = our(email="a@example.nz", phone="04 555 0142")
    two = [their(_A, email="a@example.nz"), their(_B, phones=("04 555 0142",))]
    assert _match(ours, two) == _unsure("several_in_xero")


def test_an_email_address_decides_where_a_shared_phone_does_not() -> None:
    phones = ("04 555 0142",)
    two = [
        their(_A, email="a@example.nz", phones=phones),
        their(_B, email="b@example.nz", phones=phones),
    ]
    assert _match(our(email="a@example.nz", phone="04 555 0142"), two).contact_id == _A


def test_two_of_ours_with_one_name_wait_until_each_has_a_name_of_its_own() -> None:
    first, second = our(email="a@example.nz"), our(_OTHER, email="b@example.nz")
    assert _match(first, [], [second]) == _match(second, [], [first]) == _unsure("several_here")


def test_of_two_of_ours_with_one_name_the_linked_one_stays() -> None:
    linked = their(_A, contact_number="con_11")
    assert _match(our(), [linked], [our(_OTHER)], [Link(_US, _A, "name")]) == Match(_A, "name")
    assert _match(our(_OTHER), [linked], [our()], [Link(_US, _A, "name")]) == _unsure("several_here")
    renamed = replace(linked, name="Kowhai Orthodontics")
    assert _match(our(_OTHER), [renamed], [our()], [Link(_US, _A, "name")]) == CREATED
    assert _match(our(_OTHER), [renamed], [our()]) == CREATED


def test_a_contact_that_belongs_to_another_of_ours_is_not_taken_from_it() -> None:
    other = our(_OTHER, name="Kōwhai Orthodontics")
    assert _match(our(), [their()], [other], [Link(_OTHER, _A, "name")]) == _unsure("taken")
    assert _match(our(), [their(contact_number="con_12")], [other]) == _unsure("taken")
    assert _match(our(), [their(contact_number="con_11")], [other], [Link(_OTHER, _A, "name")]) == _unsure("taken")


def test_the_number_of_a_contact_we_no_longer_have_holds_nothing() -> None:
    assert _match(our(), [their(contact_number="con_999")]) == Match(_A, "name")


def test_two_active_contacts_with_our_number_are_for_a_person_to_decide() -> None:
    two = [their(_A, contact_number="con_11"), their(_B, contact_number="con_11")]
    assert _match(our(), two) == _unsure("number_twice")
    assert _match(our(), [two[0], replace(two[1], active=False)]) == Match(_A, "contact_number")


def test_of_three_john_smiths_each_that_is_new_gets_a_name_of_its_own() -> None:
    smiths = [_person(id) for id in (_US, _OTHER, _THIRD)]
    undecided = Candidates(smiths, [])
    assert {match_contact(smith, undecided) for smith in smiths} == {_unsure("several_here")}
    first = Decision(_US, is_new=True)
    among = Candidates(smiths, [], decisions=[first, Decision(_OTHER, is_new=True, xero_name="John Smith (Napier)")])
    assert [match_contact(smith, among) for smith in smiths] == [CREATED, CREATED, _unsure("several_here")]
    assert [among.new_name(smith) for smith in smiths[:2]] == ["John Smith", "John Smith (Napier)"]
    same = Candidates(smiths, [], decisions=[first, Decision(_OTHER, is_new=True)])
    assert match_contact(smiths[0], same) == match_contact(smiths[1], same) == _unsure("several_here")


def test_the_name_chosen_for_a_new_contact_is_taken_as_soon_as_xero_has_it() -> None:
    among = Candidates(
        [_person()], [their(name="john smith  (Napier)")], decisions=[Decision(_US, True, "John Smith (Napier)")]
    )
    assert match_contact(_person(), among) == _unsure("new_name_taken")


def test_a_contact_that_a_person_unlinked_is_not_linked_to_the_same_contact_again() -> None:
    for theirs in (their(_A), their(_A, name="Renamed", contact_number="con_11")):
        among = Candidates([our()], [theirs], decisions=[Decision(_US, undone=_A)])
        assert match_contact(our(), among) == _unsure("undone")
    among = Candidates([our()], [their(_B)], decisions=[Decision(_US, undone=_A)])
    assert match_contact(our(), among) == Match(_B, "name")


@pytest.mark.parametrize(
    ("phone", "key"),
    [
        ("04 555 0142", "45550142"),
        ("+64 4 555 0142", "45550142"),
        ("0064 (0)4 555-0142", "45550142"),
        ("+61 2 9999 1234", "299991234"),
        ("0142", ""),
        (None, ""),
    ],
)
def test_a_phone_number_is_compared_without_its_punctuation_and_prefix(phone: str | None, key: str) -> None:
    assert phone_key(phone) == key


def test_a_person_who_is_asked_about_is_asked_about_under_another_way_of_naming_persons_too() -> None:
    theirs = their(name="John Smith", email="john@otago.example")
    john = _person(name="Smith, John", email="js@north.example")
    assert _match(john, [theirs]) == CREATED, "nobody was asked: it is a possible duplicate"
    asked = replace(john, asked_as="John Smith")
    assert _match(asked, [theirs]) == _unsure("email")
    assert _match(asked, []) == CREATED, "the reason for the question is gone"
    assert _match(replace(asked, email="john@otago.example"), [theirs]).contact_id == theirs.id


def test_a_company_with_the_name_under_which_a_person_is_asked_about_is_asked_about_as_well() -> None:
    john, company = _person(name="Smith, John", asked_as="John Smith"), our(_OTHER, name="John Smith")
    assert _match(john, [], [company]) == _unsure("several_here")
    assert _match(company, [], [john]) == _unsure("several_here")
