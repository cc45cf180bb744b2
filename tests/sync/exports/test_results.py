"""Which element speaks of which item: the mark decides, and nothing is given to an item it contradicts."""

from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from api.sync.exports.results import SentInvoice, assign
from api.sync.markers import marked_invoice, marker
from api.xero.wire import Invoice

_BASE = "https://jobs.example.nz"
_IDS = [UUID(int=number) for number in range(1, 7)]
_INVOICES = [UUID(int=number) for number in range(11, 17)]


def _sent_as(at: int, kind: str, number: str) -> SentInvoice:
    """An item, whose invoice has the id that counts down from the end."""
    element = {"Type": kind, "InvoiceNumber": number, "Url": marker(_BASE, _INVOICES[at])}
    return SentInvoice(_IDS[at], _INVOICES[at], element)


def _customer(number: int) -> SentInvoice:
    return _sent_as(number, "ACCREC", f"INV-{number}")


def _bill(number: int, wire_number: str = "B-1") -> SentInvoice:
    return _sent_as(number, "ACCPAY", wire_number)


def _answer(sent: SentInvoice, **fields: Any) -> Invoice:
    answer = {"Type": sent.type, "InvoiceNumber": sent.number, "Url": sent.element["Url"]}
    return Invoice.model_validate({**answer, **fields})


def test_marks_decide_in_whatever_order_the_elements_come() -> None:
    sent = [_customer(0), _bill(1), _bill(2)]
    answers = [_answer(entry) for entry in sent]
    assert assign(sent, answers[::-1]) == {entry.item_id: answer for entry, answer in zip(sent, answers, strict=True)}


def test_a_refused_element_without_its_address_is_known_by_kind_and_number() -> None:
    sent = [_customer(0), _customer(1)]
    bare = [_answer(entry, Url=None) for entry in sent]
    assert assign(sent, bare[::-1]) == {sent[0].item_id: bare[0], sent[1].item_id: bare[1]}


def test_a_bill_does_not_answer_for_an_invoice_of_the_same_number() -> None:
    sent = [_sent_as(0, "ACCREC", "7"), _sent_as(1, "ACCPAY", "7")]
    bare = [_answer(entry, Url=None) for entry in sent]
    assert assign(sent, bare[::-1]) == {sent[0].item_id: bare[0], sent[1].item_id: bare[1]}


def test_twin_bills_without_addresses_go_by_place_only_while_the_order_holds() -> None:
    sent = [_customer(0), _bill(1), _bill(2)]
    first, second = _answer(sent[1], Url=None), _answer(sent[2], Url=None, Reference="other")
    in_order = assign(sent, [_answer(sent[0]), first, second])
    assert (in_order[_IDS[1]], in_order[_IDS[2]]) == (first, second)
    shuffled = assign(sent, [first, _answer(sent[0]), second])
    assert set(shuffled) == {_IDS[0]}


def test_a_missing_element_leaves_its_item_unanswered_and_no_twin_in_its_place() -> None:
    sent = [_bill(0), _bill(1)]
    assert assign(sent, [_answer(sent[1])]) == {_IDS[1]: _answer(sent[1])}
    assert assign(sent, [_answer(sent[0], Url=None)]) == {}


def test_an_element_with_somebody_elses_mark_belongs_to_nobody_here() -> None:
    sent = [_customer(0)]
    assert assign(sent, [_answer(sent[0], Url=marker(_BASE, _INVOICES[5]))]) == {}


def test_an_address_that_is_no_mark_counts_as_none() -> None:
    sent = [_customer(0)]
    foreign = _answer(sent[0], Url="https://elsewhere.example/order/7")
    assert assign(sent, [foreign]) == {_IDS[0]: foreign}
    assert marked_invoice("https://elsewhere.example/order/7") is None
    assert marked_invoice(None) is None


def test_a_mark_that_comes_twice_is_believed_once() -> None:
    sent = [_bill(0), _bill(1)]
    first, second = _answer(sent[0]), _answer(sent[0], Reference="again")
    assert assign(sent, [first, second]) == {_IDS[0]: first}


_sent = st.lists(
    st.sampled_from([(kind, number) for kind in ("ACCREC", "ACCPAY") for number in ("", "7", "8")]), max_size=5
).map(lambda rows: [_sent_as(at, kind, number) for at, (kind, number) in enumerate(rows)])
_element = st.fixed_dictionaries(
    {
        "Type": st.sampled_from(["ACCREC", "ACCPAY", None]),
        "InvoiceNumber": st.sampled_from(["7", "8", "", None]),
        "Url": st.sampled_from([None, "https://elsewhere.example/", *(marker(_BASE, entry) for entry in _INVOICES)]),
    }
).map(Invoice.model_validate)


@given(_sent, st.lists(_element, max_size=6))
def test_no_item_is_given_an_element_that_contradicts_it(sent: list[SentInvoice], elements: list[Invoice]) -> None:
    assigned = assign(sent, elements)
    by_id = {entry.item_id: entry for entry in sent}
    assert set(assigned) <= set(by_id)
    assert len({id(element) for element in assigned.values()}) == len(assigned)
    for item_id, element in assigned.items():
        mark = marked_invoice(element.url)
        assert mark in (None, by_id[item_id].invoice_id)
        if mark is None:
            assert element.type in (None, by_id[item_id].type)
            assert (element.invoice_number or by_id[item_id].number) == by_id[item_id].number
