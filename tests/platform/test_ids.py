"""Public ids: they sort by creation, follow the TypeID specification, and refuse ids of another kind."""

import string
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.platform.ids import decode, encode, uuid7

# The vectors of the TypeID specification v0.3 (valid.json, invalid.json); ours always have a prefix.
VALID = {
    "nil": ("00000000000000000000000000", "00000000-0000-0000-0000-000000000000"),
    "one": ("00000000000000000000000001", "00000000-0000-0000-0000-000000000001"),
    "ten": ("0000000000000000000000000a", "00000000-0000-0000-0000-00000000000a"),
    "sixteen": ("0000000000000000000000000g", "00000000-0000-0000-0000-000000000010"),
    "thirty-two": ("00000000000000000000000010", "00000000-0000-0000-0000-000000000020"),
    "max-valid": ("7zzzzzzzzzzzzzzzzzzzzzzzzz", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
    "valid-alphabet": ("0123456789abcdefghjkmnpqrs", "0110c853-1d09-52d8-d73e-1194e95b5f19"),
    "valid-uuidv7": ("01h455vb4pex5vsknk084sn02q", "01890a5d-ac96-774b-bcce-b302099a8057"),
}
INVALID = {
    "prefix-uppercase": "PREFIX_00000000000000000000000000",
    "prefix-numeric": "12345_00000000000000000000000000",
    "prefix-period": "pre.fix_00000000000000000000000000",
    "prefix-non-ascii": "préfix_00000000000000000000000000",
    "prefix-spaces": "  prefix_00000000000000000000000000",
    "prefix-of-64-letters": f"{string.ascii_lowercase * 2}abcdefghijkl_00000000000000000000000000",
    "separator-empty-prefix": "_00000000000000000000000000",
    "separator-empty": "_",
    "separator-missing": "prefix00000000000000000000000000",
    "suffix-missing": "prefix_",
    "suffix-short": "prefix_1234567890123456789012345",
    "suffix-long": "prefix_123456789012345678901234567",
    "suffix-spaces": "prefix_1234567890123456789012345 ",
    "suffix-uppercase": "prefix_0123456789ABCDEFGHJKMNPQRS",
    "suffix-hyphens": "prefix_123456789-123456789-123456",
    "suffix-wrong-alphabet": "prefix_ooooooiiiiiiuuuuuuulllllll",
    "suffix-ambiguous-crockford": "prefix_i23456789ol23456789oi23456",
    "suffix-hyphens-crockford": "prefix_123456789-0123456789-0123456",
    "suffix-overflow": "prefix_8zzzzzzzzzzzzzzzzzzzzzzzzz",
}


@pytest.mark.parametrize(("digits", "value"), VALID.values(), ids=VALID)
def test_the_valid_vectors_of_typeid_convert_both_ways(digits: str, value: str):
    assert encode("prefix", UUID(value)) == f"prefix_{digits}"
    assert decode("prefix", f"prefix_{digits}") == UUID(value)


@pytest.mark.parametrize("text", INVALID.values(), ids=INVALID)
def test_the_invalid_vectors_of_typeid_are_refused(text: str):
    with pytest.raises(ValueError, match="not a prefix_ id"):
        decode("prefix", text)


@given(st.uuids())
def test_encoding_and_decoding_give_the_same_uuid(value: UUID):
    text = encode("inv", value)
    assert decode("inv", text) == value
    assert not set(text.removeprefix("inv_")) & set("ilou")


@given(st.text())
def test_text_that_is_not_an_id_raises_a_value_error(text: str):
    with pytest.raises(ValueError, match="not a inv_ id"):
        decode("inv", text)


def test_an_id_with_another_prefix_is_refused():
    with pytest.raises(ValueError, match="not a con_ id"):
        decode("con", encode("inv", uuid7()))


def test_each_row_has_one_spelling_of_its_id():
    text = encode("inv", UUID(int=0))
    for other in (text.upper(), text.replace("inv_0", "inv_8"), f" {text}", f"{text}\n"):
        with pytest.raises(ValueError, match="not a inv_ id"):
            decode("inv", other)


def test_ten_thousand_new_ids_are_in_strictly_increasing_order():
    ids = [uuid7() for _ in range(10_000)]
    assert all(earlier < later for earlier, later in pairwise(ids))
    assert all(encode("inv", earlier) < encode("inv", later) for earlier, later in pairwise(ids))
    assert {(value.version, value.variant) for value in ids} == {(7, "specified in RFC 4122")}
    assert {type(value) for value in ids} == {UUID}
