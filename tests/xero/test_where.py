"""A user's text never becomes part of Xero's filter language."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.xero.client import where_equals

HOSTILE = st.text(st.sampled_from('ab "\\\'=&|()\n\t\0<>,%+#éÅ"'), min_size=1, max_size=30)


@given(value=HOSTILE | st.text(min_size=1, max_size=60))
def test_any_value_is_one_quoted_text_or_is_not_used_in_a_filter(value: str) -> None:
    expression = where_equals("Name", value)

    if expression is None:
        assert '"' in value or "\\" in value or not value.isprintable()
    else:
        # In Xero's grammar the text runs from the first quote to the next, and nothing may follow.
        quoted = re.fullmatch(r'Name=="([^"\\]*)"', expression)
        assert quoted is not None
        assert quoted[1] == value


@pytest.mark.parametrize("value", ['x" OR Name!="', "back\\slash", "", "two\nlines"])
def test_a_value_that_could_end_the_quoted_text_is_refused(value: str) -> None:
    assert where_equals("Name", value) is None


def test_a_name_with_an_apostrophe_is_used_in_a_filter() -> None:
    assert where_equals("Name", "O'Hara & Söhne") == 'Name=="O\'Hara & Söhne"'
