"""One clock for everything that processes compare: the database's, through `app_now()`."""

import ast
import re
from pathlib import Path

from tests.architecture.sources import ROOT, imports_of, sources

_OTHER_CLOCKS = re.compile(
    r"(?<!app_)\bnow\(\)|\b(?:current_timestamp|current_time|current_date|localtimestamp|localtime|clock_timestamp"
    r"|transaction_timestamp|statement_timestamp|timeofday)\b",
    re.IGNORECASE,
)
_OTHER_FUNCTIONS = {"now", "current_timestamp", "current_date", "clock_timestamp", "transaction_timestamp"}
# Modules of `sync` that use the clock of the process, each with its reason.
_PROCESS_CLOCK = {
    "api/sync/connections/grants.py": "Xero gives the end of an access token as seconds from its reply",
}


def _texts_of(path: Path) -> list[str]:
    """The string literals of a module, without docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]


def _functions_of(path: Path) -> set[str]:
    """The functions that a module calls through `func.`."""
    return {
        node.attr
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value).rpartition(".")[2] == "func"
    }


def test_no_sql_uses_another_clock_than_app_now():
    others = []
    for path in sources("api", "migrations"):
        name = path.relative_to(ROOT)
        others += [f"{name}: func.{function}" for function in _functions_of(path) & _OTHER_FUNCTIONS]
        texts = (text for text in _texts_of(path) if "CREATE FUNCTION app_now()" not in text)
        others += [f"{name}: {match[0]}" for text in texts if (match := _OTHER_CLOCKS.search(text))]
    for path in [*(ROOT / "api").rglob("*.sql"), ROOT / "docs" / "operations.md"]:
        others += [f"{path.relative_to(ROOT)}: {match[0]}" for match in _OTHER_CLOCKS.finditer(path.read_text("utf-8"))]
    assert not others, "\n".join(others)


def test_leases_due_times_and_limits_do_not_use_the_clock_of_the_process():
    users = {
        str(path.relative_to(ROOT))
        for path in sources("api/sync")
        if {"api.platform.clock.now", "time.time", "datetime.datetime.now"} & set(imports_of(path))
        or re.search(r"\bdatetime\.now\(|\btime\.time\(", path.read_text("utf-8"))
    }
    assert users == set(_PROCESS_CLOCK)
