"""A service is one class for one unit of work: its constructor builds no other service."""

import ast
from pathlib import Path

import pytest

API = Path(__file__).parents[2] / "api"
SERVICES = sorted(API.rglob("service.py"))


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.parent.name)
def test_a_constructor_builds_no_other_service(path: Path) -> None:
    built = [
        f"{node.name} builds {ast.unparse(call.func)}"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
        for method in node.body
        if isinstance(method, ast.FunctionDef) and method.name == "__init__"
        for call in ast.walk(method)
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("Service")
    ]
    assert not built
