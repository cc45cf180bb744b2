"""A cost center means one option: bound by its id, found by its name before that."""

import pytest

from api.sync.ledger.matching import Bound, Option, bind

_NORTH = Option("n", "North", True)
_OLD = Option("o", "Old", False)


def test_without_a_chosen_category_nothing_is_said() -> None:
    assert bind("North", None, None) == Bound("unchecked")


def test_the_same_name_binds() -> None:
    assert bind("North", None, [_NORTH]) == Bound("matched", "n", "North")


def test_a_rename_in_xero_follows_by_id() -> None:
    assert bind("North", "n", [Option("n", "Northern", True)]) == Bound("matched", "n", "Northern")


def test_another_spelling_is_proposed_not_taken() -> None:
    for spelled in ("north", " North ", "NORTH", "\uff2eorth", "North\u200b"):
        assert bind(spelled, None, [_NORTH]) == Bound("spelled_differently", None, "North", is_certain=True)


@pytest.mark.parametrize(
    ("typed", "option", "is_certain"),
    [
        ("Tamaki Makaurau", "Tāmaki Makaurau", True),
        ("Depot #2 - O'Connor", "Depot #2 \u2013 O\u2019Connor", True),
        ("East side", "Eastside", True),
        ("Depot #2 \u2013 O\u2019Conor", "Depot #2 \u2013 O\u2019Connor", False),
    ],
)
def test_accents_quotes_dashes_and_blanks_are_another_spelling_and_a_slip_is_a_guess(
    typed: str, option: str, is_certain: bool
) -> None:
    options = [_NORTH, Option("x", option, True)]
    assert bind(typed, None, options) == Bound("spelled_differently", None, option, is_certain=is_certain)


def test_of_two_options_that_differ_in_spelling_only_none_is_certain() -> None:
    options = [Option("a", "Eastside", True), Option("b", "East Side", True)]
    assert not bind("EASTSIDE", None, options).is_certain


def test_another_number_or_another_word_is_another_option() -> None:
    for typed, option in (("Warehouse 1", "Warehouse 2"), ("South", "North"), ("East", "West")):
        assert bind(typed, None, [Option("x", option, True)]) == Bound("missing")


def test_a_name_that_is_not_there_is_missing_and_an_archived_one_is_archived() -> None:
    assert bind("West", None, [_NORTH]) == Bound("missing")
    assert bind("Old", None, [_OLD]) == Bound("archived", None, "Old")
    assert bind("Old", "o", [_OLD]) == Bound("archived", "o", "Old")


def test_an_active_option_of_the_same_name_replaces_the_archived_one_bound_before() -> None:
    assert bind("Old", "o", [_OLD, Option("new", "Old", True)]) == Bound("matched", "new", "Old")


def test_an_option_bound_in_another_category_is_looked_for_by_name() -> None:
    assert bind("North", "elsewhere", [_NORTH]) == Bound("matched", "n", "North")
