"""Public ids: sortable, readable over the phone, never of the wrong kind."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.platform.ids import decode, encode, uuid7


@given(st.uuids())
def test_an_id_leads_back_to_what_it_was_made_from(value: UUID):
    text = encode("inv", value)
    assert decode("inv", text) == value
    assert not set(text.removeprefix("inv_")) & set("ilou")


@given(st.text())
def test_what_is_no_id_is_refused_and_nothing_else_happens(text: str):
    with pytest.raises(ValueError, match="not a inv_ id"):
        decode("inv", text)


def test_an_id_of_another_kind_is_none_of_ours():
    with pytest.raises(ValueError, match="not a con_ id"):
        decode("con", encode("inv", uuid7()))


def test_two_ids_may_not_mean_the_same_row():
    text = encode("inv", UUID(int=0))
    for other in (text.upper(), text.replace("inv_0", "inv_8"), f" {text}", f"{text}\n"):
        with pytest.raises(ValueError, match="not a inv_ id"):
            decode("inv", other)


def test_later_ids_sort_after_earlier_ones():
    ids = [uuid7() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert all(one.version == 7 and one.variant == "specified in RFC 4122" for one in ids)
    milliseconds = [one.int >> 80 for one in ids]
    assert milliseconds == sorted(milliseconds)
    assert encode("inv", ids[0])[:14] <= encode("inv", ids[-1])[:14]
