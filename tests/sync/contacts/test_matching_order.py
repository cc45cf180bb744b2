"""Matching gives the same result in every order, and links nobody against the evidence."""

from collections.abc import Sequence
from itertools import count
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from api.records.text import name_key
from api.sync.contacts.candidates import Candidates, Decision, Link
from api.sync.contacts.evidence import Ours, Theirs, agrees
from api.sync.contacts.matching import Match, match_contact
from tests.sync.contacts.sides import our, their

_NAMES = ("John Smith", "john  smith\u200b", "Kōwhai Dental Ltd")
_EMAILS = (None, "a@example.nz", "b@example.nz")
_PHONES = (None, "04 555 0142", "04 555 0199")
_ACCOUNTS = (None, "KOW-01", "KOW-02")


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Ours], list[Theirs], list[Link]]:
    """Contacts of both sides and the links between them."""
    ours = [
        our(
            UUID(int=100 + number),
            kind=draw(st.sampled_from(["person", "company"])),
            name=draw(st.sampled_from(_NAMES)),
            email=draw(st.sampled_from(_EMAILS)),
            phone=draw(st.sampled_from(_PHONES)),
            account_number=draw(st.sampled_from(_ACCOUNTS)),
        )
        for number in range(draw(st.integers(1, 4)))
    ]
    numbers = [None, *(contact.contact_number for contact in ours), "con_999"]
    ids = [UUID(int=200 + number) for number in range(draw(st.integers(0, 4)))]
    theirs = []
    for id in ids:
        active = draw(st.sampled_from([True, True, False]))
        phone = draw(st.sampled_from(_PHONES))
        theirs.append(
            their(
                id,
                name=draw(st.sampled_from(_NAMES)),
                contact_number=draw(st.sampled_from(numbers)),
                email=draw(st.sampled_from(_EMAILS)),
                phones=(phone,) if phone else (),
                account_number=draw(st.sampled_from(_ACCOUNTS)),
                active=active,
                merged_to=None if active else draw(st.sampled_from([None, *ids])),
            )
        )
    linked = draw(st.lists(st.tuples(st.sampled_from(ours), st.sampled_from(ids)), max_size=2) if ids else st.just([]))
    by_ours = {contact.id: xero_id for contact, xero_id in linked}
    by_theirs = {xero_id: contact_id for contact_id, xero_id in by_ours.items()}
    return ours, theirs, [Link(contact_id, xero_id, "name") for xero_id, contact_id in by_theirs.items()]


_World = tuple[list[Ours], list[Theirs], list[Link], list[Decision]]


@st.composite
def _decided_worlds(draw: st.DrawFn) -> _World:
    """The same, with what people decided about contacts that have no link."""
    ours, theirs, links = draw(worlds())
    linked = {link.contact_id for link in links}
    kinds = st.sampled_from(["nothing", "new", "undone"])
    decisions = []
    for contact in ours:
        kind = draw(kinds) if contact.id not in linked else "nothing"
        if kind == "new":
            name = draw(st.sampled_from([None, "John Smith (Napier)", "Kōwhai Dental Ltd"]))
            decisions.append(Decision(contact.id, is_new=True, xero_name=name))
        elif kind == "undone" and theirs:
            decisions.append(Decision(contact.id, undone=draw(st.sampled_from(theirs)).id))
    return ours, theirs, links, decisions


def _result(match: Match) -> tuple[Any, ...]:
    """Where the invoices of a contact go, and whether it is created with its payer reference."""
    return match.contact_id, match.obstacle, match.reference_holder is None


def _one_by_one(world: _World, order: Sequence[Ours]) -> Any:
    """Match and record one contact after another, as separate runs do."""
    ours, theirs, links, decisions = world
    results, ids = {}, count(1000)
    for contact in order:
        among = Candidates(ours, theirs, links, decisions)
        match = match_contact(contact, among)
        results[contact.id] = _result(match)
        xero_id = match.contact_id
        if xero_id is None and match.obstacle is None:
            xero_id = UUID(int=next(ids))
            created = their(
                xero_id,
                name=among.new_name(contact),
                contact_number=contact.contact_number,
                email=contact.email,
                phones=(contact.phone,) if contact.phone else (),
                account_number=None if match.reference_holder else contact.account_number,
            )
            theirs = [*theirs, created]
        if xero_id is not None:
            kept = [link for link in links if link.contact_id != contact.id]
            links = [*kept, Link(contact.id, xero_id, match.decided_by or "created")]
            decisions = [decision for decision in decisions if decision.contact_id != contact.id]
    return results


@given(_decided_worlds(), st.data())
def test_neither_the_order_nor_the_number_of_runs_changes_a_result(world: _World, data: st.DataObject) -> None:
    ours, theirs, links, decisions = world
    shuffled = Candidates(
        data.draw(st.permutations(ours)),
        data.draw(st.permutations(theirs)),
        data.draw(st.permutations(links)),
        data.draw(st.permutations(decisions)),
    )
    among = Candidates(ours, theirs, links, decisions)
    together = {contact.id: _result(match_contact(contact, among)) for contact in ours}
    assert {contact.id: _result(match_contact(contact, shuffled)) for contact in ours} == together
    assert _one_by_one(world, data.draw(st.permutations(ours))) == together


@given(_decided_worlds())
def test_nothing_is_linked_or_created_against_what_a_person_decided(world: _World) -> None:
    ours, theirs, links, decisions = world
    among = Candidates(ours, theirs, links, decisions)
    taken = {name_key(other.name) for other in theirs if other.active}
    for decision in decisions:
        match = match_contact(among.ours[decision.contact_id], among)
        assert match.contact_id is None or match.contact_id != decision.undone
        if decision.is_new and match == Match():
            assert name_key(among.new_name(among.ours[decision.contact_id])) not in taken
        elif decision.is_new:
            assert match.decided_by in (None, "contact_number", "merge"), "only our number proves that it was created"


@given(worlds())
def test_no_person_is_linked_by_name_or_evidence_against_a_contradiction(world: Any) -> None:
    ours, theirs, links = world
    by_id, linked = {other.id: other for other in theirs}, {link.contact_id for link in links}
    for contact in ours:
        match = match_contact(contact, Candidates(ours, theirs, links))
        if (
            contact.kind == "person"
            and match.decided_by not in (None, "contact_number", "merge")
            and contact.id not in linked
        ):
            assert match.contact_id is not None
            other = by_id[match.contact_id]
            same_email = not (contact.email and other.email) or contact.email == other.email
            assert same_email or agrees(contact, other)


@given(worlds())
def test_a_linked_contact_is_active_and_belongs_to_no_other_of_ours(world: Any) -> None:
    ours, theirs, links = world
    active = {other.id for other in theirs if other.active}
    matches = [match_contact(contact, Candidates(ours, theirs, links)) for contact in ours]
    assert {match.contact_id for match in matches} - {None} <= active
    own = [match.contact_id for match in matches if match.contact_id is not None and match.decided_by != "merge"]
    assert len(own) == len(set(own))
