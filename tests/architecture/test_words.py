"""Code, tests and documentation use plain field terms: no metaphors, and no names that say nothing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import ROOT, name_of, sources, tree_of, words_of

VAGUE_MODULES = frozenset({"utils", "util", "helpers", "helper", "manager", "handler", "handlers", "misc"})
VAGUE_NAMES = frozenset({"told", "found", "one"})
FRAMEWORK_NAMES = frozenset({"get_route_handler", "install_error_handlers"})  # FastAPI's words

# Words that have their literal meaning in these files.
LITERAL_WORDS = {
    "api/identity/common_passwords.txt": "passwords that people choose",
    "tests/architecture/test_words.py": "the list of the words",
    "tests/records/test_money.py": "math.floor",
}

LITERAL_IN_FRONTEND = frozenset({"bell", "room", "floor"})  # an icon, free space, Math.floor

_METAPHOR = re.compile(
    r"(?<![a-z])(?:house|rooms?|floors?|roof|doors?|doorways?|doorbells?|bells?|rings?|rung|purse|burglar\w*|told"
    r"|stranger\w*|visitor\w*|heirs?|leash|dossier\w*|letterbox|roam\w*|poison\w*|prowler\w*|thief|thieves|whoever"
    r"|anew|mend\w*|stands?\s+(?:beside|still|with|in\s+the\s+way)|things\s+stand|lives?\s+from)"
    r"(?![a-z])",
    re.IGNORECASE,
)


def text_files() -> Iterator[Path]:
    yield from sources("api", "sandbox", "tests", "bench", "migrations")
    for folder in ("api", "sandbox", "docs"):
        for suffix in ("md", "txt", "html", "css", "js", "yaml"):
            yield from (ROOT / folder).rglob(f"*.{suffix}")
    yield from ROOT.glob("*.md")
    for name in ("Makefile", "Dockerfile", "compose.yaml", ".env.example", ".ci/run", "bootstrap.py", "pyproject.toml"):
        yield ROOT / name
    yield ROOT / "openapi.yaml"
    for suffix in ("ts", "tsx", "css"):
        yield from (path for path in (ROOT / "frontend" / "src").rglob(f"*.{suffix}") if path.name != "schema.gen.ts")


def metaphors_in(text: str) -> set[str]:
    """The metaphors among the words of a text. The words of a name in snake_case or CamelCase count as well."""
    return {match.lower() for match in _METAPHOR.findall(re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", text))}


def test_no_file_contains_a_metaphor() -> None:
    containing = {
        name_of(path): words
        for path in text_files()
        if name_of(path) not in LITERAL_WORDS and (words := metaphors_in(path.read_text("utf-8")) - _literal(path))
    }
    assert containing == {}


def _literal(path: Path) -> frozenset[str]:
    return LITERAL_IN_FRONTEND if path.is_relative_to(ROOT / "frontend") else frozenset()


def test_the_words_of_a_name_are_read_one_by_one() -> None:
    assert metaphors_in("sent anew, `mend_spelling`; a code stands beside it") == {"anew", "mend", "stands beside"}
    assert metaphors_in("a recommended amendment stands alone") == set()
    assert metaphors_in("a XeroDoor, `house_rules` and a ROOM") == {"door", "house", "room"}
    assert metaphors_in("retold, bellow, roomy, string, indoors") == set()


def test_no_name_is_told_found_or_one() -> None:
    assert [name_of(path) for path in sources("api", "sandbox", "tests", "bench") if has_vague_name(path)] == []


def has_vague_name(path: Path) -> bool:
    return bool(VAGUE_NAMES & {name.strip("_") for name in _defined_names(tree_of(path))})


def _defined_names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def test_no_module_class_or_function_has_a_vague_name() -> None:
    vague = []
    for path in sources("api", "sandbox", "migrations", "tests"):
        if VAGUE_MODULES & {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}:
            vague.append(name_of(path))
        if path.is_relative_to(ROOT / "tests"):
            continue
        vague += [
            f"{name_of(path)}: {node.name}"
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and VAGUE_MODULES & set(words_of(node.name))
            and node.name not in FRAMEWORK_NAMES
        ]
    assert not vague


def test_no_comment_postpones_work() -> None:
    words = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    files = sources("api", "sandbox", "migrations", "tests", "bench")
    assert [name_of(path) for path in files if words.search(path.read_text("utf-8"))] == []
