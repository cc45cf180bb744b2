"""A text from a person never becomes part of Xero's filter language."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.xero.client import where_equals

HOSTILE = st.text(st.sampled_from('ab "\\\'=&|()\n\t\0<>,%+#éÅ"'), min_size=1, max_size=30)


@given(value=HOSTILE | st.text(min_size=1, max_size=60))
def test_any_value_either_is_one_quoted_text_or_is_not_put_into_a_filter(value: str) -> None:
    expression = where_equals("Name", value)

    if expression is None:
        assert '"' in value or "\\" in value or not value.isprintable()
    else:
        # Xero's grammar: the text runs from the first quote to the next one, and nothing may follow.
        quoted = re.fullmatch(r'Name=="([^"\\]*)"', expression)
        assert quoted is not None
        assert quoted[1] == value


@pytest.mark.parametrize("value", ['x" OR Name!="', "back\\slash", "", "two\nlines"])
def test_a_value_that_would_break_out_is_refused(value: str) -> None:
    assert where_equals("Name", value) is None


def test_an_ordinary_name_with_an_apostrophe_is_filtered_by_xero() -> None:
    assert where_equals("Name", "O'Hara & Söhne") == 'Name=="O\'Hara & Söhne"'
