"""Limits of the code: length of files and functions, formatting, type ignores, untyped dicts, and SQL.

`allowances.py` lists the files that do not keep a limit, each with its reason.
"""

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture.allowances import MAY_PASS_UNTYPED_DICTS
from tests.architecture.sources import ROOT, comments_of, functions_of, name_of, sources, tree_of

MAX_FILE_LINES = {"api": 300, "sandbox": 300, "tests": 500, "bench": 300}
MAX_FUNCTION_LINES = 40
_SQL_FUNCTIONS = frozenset({"select", "insert", "update", "delete", "text", "exists", "union", "union_all"})
_SESSION_METHODS = frozenset({"execute", "scalar", "scalars", "stream", "get", "get_one", "refresh"})
# The function that all lists share: it limits the statement that a repository made to one page.
_PAGING = "api/platform/http/paging.py"


def python_files() -> list[Path]:
    return sources("api", "sandbox", "tests", "bench", "migrations")


def check_allowance(breaks_limit: Callable[[Path], bool], paths: list[Path], allowance: frozenset[str]) -> None:
    """Fail for a file outside the allowance that breaks the limit, and for one in it that keeps the limit."""
    breaking = {name_of(path) for path in paths if breaks_limit(path)}
    assert not breaking - allowance, "these files break the limit"
    assert not allowance - breaking, "these files keep the limit: take them out of the allowance"


@pytest.mark.parametrize("folder", MAX_FILE_LINES)
def test_a_file_is_not_longer_than_its_limit(folder: str) -> None:
    lines = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in sources(folder)}
    assert {name: count for name, count in lines.items() if count > MAX_FILE_LINES[folder]} == {}


def test_a_function_has_at_most_40_lines() -> None:
    lines = {
        f"{name_of(path)}: {function.name}": (function.end_lineno or 0) - function.lineno + 1
        for path in sources("api", "sandbox", "tests", "bench")
        for function in functions_of(path)
    }
    assert {name: count for name, count in lines.items() if count > MAX_FUNCTION_LINES} == {}


def test_no_file_skips_the_formatter() -> None:
    assert [name_of(path) for path in python_files() if skips_formatter(path)] == []


def skips_formatter(path: Path) -> bool:
    return any(re.match(r"# *fmt: *(?:skip|off)\b", comment) for comment in comments_of(path))


def test_every_type_ignore_names_its_rule_and_its_reason() -> None:
    # The rule stands in brackets, the reason in a second comment.
    complete = re.compile(r"# type: ignore\[[a-z, -]+\]  # \S.*")
    incomplete = [
        f"{name_of(path)}: {comment}"
        for path in python_files()
        for comment in comments_of(path)
        if "type: ignore" in comment and not complete.fullmatch(comment)
    ]
    assert not incomplete


def test_no_public_function_passes_an_untyped_dict() -> None:
    check_allowance(passes_untyped_dict, sources("api", "sandbox"), MAY_PASS_UNTYPED_DICTS)


def passes_untyped_dict(path: Path) -> bool:
    for function in functions_of(path):
        arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        # The dict `ctx` of a task is the interface of arq.
        annotations = [argument.annotation for argument in arguments if argument.arg != "ctx"] + [function.returns]
        if not function.name.startswith("_") and any(
            annotation is not None and "dict[str, Any]" in ast.unparse(annotation) for annotation in annotations
        ):
            return True
    return False


def test_only_repositories_and_the_database_layer_contain_sql() -> None:
    # api/platform/db is the database layer: its transactions, leases, locks and migrations are SQL.
    database_layer = ROOT / "api" / "platform" / "db"
    modules = [path for path in sources("api") if path.stem != "repository" and path.parent != database_layer]
    containing = [name_of(path) for path in modules if builds_sql(path) or executes_sql(path)]
    assert containing == [_PAGING]


def builds_sql(path: Path) -> bool:
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sqlalchemy"
        for alias in node.names
        if alias.name in _SQL_FUNCTIONS and (path.stem, alias.name) != ("models", "text")  # a condition of an index
    }
    calls = (node.func for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call))
    return any(isinstance(function, ast.Name) and function.id in imported for function in calls)


def executes_sql(path: Path) -> bool:
    """Whether a module executes or pages a statement, whichever module has built it."""
    functions = [ast.unparse(node.func) for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]
    return any(
        function == "keyset_page" or (target.endswith("session") and method in _SESSION_METHODS)
        for function in functions
        for target, _, method in [function.rpartition(".")]
    )


def test_a_search_compares_with_one_pattern_that_is_made_before() -> None:
    # The database joins and escapes the parts of the pattern of `contains(…, autoescape=True)` for each row.
    searching = [
        str(path.relative_to(ROOT)) for path in sources("api") if re.search(r"\bautoescape\b", path.read_text("utf-8"))
    ]
    assert searching == [], "use api.records.text.containing"
