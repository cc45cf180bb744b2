"""Problems as they are stored, and the catalogue that gives each code one meaning."""

import json

import pytest

from api.app import problem_catalogue
from api.platform.errors import MAX_FIELD_ERRORS, Conflict, FieldError, Invalid, limited_errors
from api.platform.http.schemas import ProblemOut
from api.platform.problems import Choice, Fix, Problem, ProblemKind, joined_catalogue

PROBLEMS = [
    Problem("lines_missing", "The invoice has no lines", "Add at least one line.", "#/lines"),
    Problem(
        code="several_in_xero",
        title="Xero has two documents",
        detail="Choose one of them.",
        fix=Fix("Open Xero", "/invoices"),
        source="xero",
        xero_message="There are two.",
        choices=(Choice("first", "Keep the first"), Choice("second", "Keep the second")),
    ),
]


@pytest.mark.parametrize("problem", PROBLEMS)
def test_a_stored_problem_is_read_back_unchanged(problem: Problem) -> None:
    stored = json.loads(json.dumps(problem.as_row()))
    assert Problem.from_row(stored) == problem


@pytest.mark.parametrize("problem", PROBLEMS)
def test_the_api_shows_a_problem_as_it_is_stored(problem: Problem) -> None:
    assert ProblemOut.model_validate(problem.as_row()).model_dump() == problem.as_row()


def test_a_code_with_two_meanings_stops_the_start() -> None:
    kind = ProblemKind("lines_missing", "The invoice has no lines", "Add at least one line.")
    assert joined_catalogue([kind], [kind]) == {"lines_missing": kind}
    other = ProblemKind("lines_missing", "The invoice is empty", "Add at least one line.")
    with pytest.raises(AssertionError, match="lines_missing has two meanings"):
        joined_catalogue([kind], [other])


def test_the_catalogue_has_error_classes_and_the_kinds_of_every_package() -> None:
    catalogue = problem_catalogue()
    assert catalogue["not_found"].status == 404
    for code in ("access_denied", "contact_unsure", "payer_reference_taken", "refused_by_xero", "period_locked"):
        assert catalogue[code].status is None, code
    assert list(catalogue) == sorted(catalogue)


def test_an_answer_has_at_most_fifty_errors_and_one_that_counts_the_rest() -> None:
    built: list[int] = []

    def build(number: int) -> FieldError:
        built.append(number)
        return FieldError("unknown_field", "There is no such field.", pointer=f"#/{number}")

    errors = limited_errors(range(90_000), build)
    assert built == list(range(MAX_FIELD_ERRORS)), "no error is built for the rest"
    assert len(errors) == MAX_FIELD_ERRORS + 1
    assert errors[-1].detail.startswith("And 89,950 more.")
    assert Invalid(errors=errors).errors == tuple(errors)


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, 1), (50, 50), (51, 51), (1_000, 51)])
def test_an_error_limits_a_long_list_itself(count: int, shown: int) -> None:
    errors = Conflict(errors=[FieldError("already_queued", "It is being exported.")] * count).errors
    assert len(errors) == shown
    assert (errors[-1].code == "more_errors") is (count > MAX_FIELD_ERRORS) if errors else not count
