"""The plan of the house, where import-linter cannot express it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = ("identity", "records", "sync")
# Modules that lie on a floor itself are for every room; of a room, others see its service and the words of its API.
DOORS = (["service"], ["schemas"])
FRAMEWORKS = {"get_route_handler", "install_error_handlers"}  # words of FastAPI
LONGEST = 300
FORBIDDEN = {"utils", "util", "helpers", "helper", "manager", "handler", "handlers", "misc"}
# Files that are longer, each with its reason; the list may only get shorter.
LONGER: dict[str, str] = {}


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """Modules a file imports, and names it takes out of packages, in full."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room_of(module: str) -> tuple[str, str] | None:
    """The floor and room of `api.records.contacts.service.X`; None for what lies on a floor itself."""
    parts = module.split(".")
    if len(parts) < 3 or parts[0] != "api" or parts[1] not in FLOORS:
        return None
    return (parts[1], parts[2]) if (ROOT / "api" / parts[1] / parts[2]).is_dir() else None


def test_another_room_is_entered_through_its_service_only():
    violations = []
    for path in sources("api"):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        own = room_of(module)
        if own is None:  # the roots wire every room; what lies on a floor belongs to it
            continue
        for imported in imports(path):
            other = room_of(imported)
            part = imported.split(".")[3:4]
            if other is not None and other != own and part not in (*DOORS, ["models"]):
                violations.append(f"{module} reaches into {imported}")
            if other is not None and other != own and part == ["models"] and path.stem not in {"models", "repository"}:
                violations.append(f"{module} reads the table of {imported}")
    assert not violations, "\n".join(violations)


def test_a_shared_module_of_a_floor_leans_on_no_room_but_its_tables():
    leaning = [
        f"{path.relative_to(ROOT)} imports {imported}"
        for floor in FLOORS
        for path in (ROOT / "api" / floor).glob("*.py")
        for imported in imports(path)
        if room_of(imported) is not None
    ]
    assert not leaning, "\n".join(leaning)


@pytest.mark.parametrize("path", sources("api", "sandbox"), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_short_enough_to_be_read_at_once(path: Path):
    name = str(path.relative_to(ROOT))
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= LONGEST or name in LONGER
    assert not (lines <= LONGEST and name in LONGER), f"{name} is short enough now: take it off the list"


def test_names_say_what_is_inside():
    vague = []
    for path in sources("api", "sandbox", "migrations", "tests"):
        if FORBIDDEN & {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}:
            vague.append(str(path.relative_to(ROOT)))
        if path.is_relative_to(ROOT / "tests"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                words = re.findall(r"[A-Z]?[a-z]+", node.name)
                if FORBIDDEN & {word.lower() for word in words} and node.name not in FRAMEWORKS:
                    vague.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert not vague


def test_nothing_is_left_for_later():
    words = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    left = [str(path) for path in sources("api", "sandbox", "migrations", "tests") if words.search(path.read_text())]
    assert not left


def test_every_public_thing_of_the_product_says_what_it_is():
    silent = []
    for path in sources("api"):
        tree = ast.parse(path.read_text("utf-8"))
        if not ast.get_docstring(tree):
            silent.append(str(path.relative_to(ROOT)))
        for node in tree.body:
            if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            if not (node.name.startswith("_") or ast.get_docstring(node) or is_problem(node)):
                silent.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert not silent, "\n".join(silent)


def is_problem(node: ast.AST) -> bool:
    """A class of errors says what it is by its title or remedy."""
    names = (name.id for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store))
    return bool({"title", "remedy"} & set(names))
