"""The documentation agrees with the code: links, settings, commands, addresses, tables, scopes and log lines."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.app import metadata
from api.cli import cli
from api.xero.config import DEFAULT_SCOPES, JobtallySettings

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "sandbox").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()
SERVED = {
    re.sub(r"{[^}]*}", "*", path)
    for path in re.findall(r"^  (/\S*):$", (ROOT / "openapi.yaml").read_text(), re.MULTILINE)
}
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


@every_page
def test_every_link_has_a_target(page: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", _prose(page)):
        address, _, anchor = target.partition("#")
        if "://" in address:
            continue
        file = (page.parent / address).resolve() if address else page
        if not file.exists() or (anchor and anchor not in set(_anchors(file))):
            broken.append(target)
    assert not broken


@every_page
def test_every_mentioned_setting_exists(page: Path) -> None:
    known = JobtallySettings.variables() | {"XERO_SPEC"}
    assert set(re.findall(r"\b(?:JOBTALLY|XERO)_[A-Z][A-Z_]*[A-Z]\b", page.read_text())) <= known


@every_page
def test_every_mentioned_command_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    commands = {command.name or command.callback.__name__ for command in cli.registered_commands if command.callback}
    commands |= {group.name for group in cli.registered_groups if group.name}
    code = "\n".join(re.findall(r"`+([^`]+)`+", page.read_text()))

    assert set(re.findall(r"^make ([a-z-]+)", code, re.MULTILINE)) <= targets
    assert set(re.findall(r"^jobtally ([a-z-]+)", code, re.MULTILINE)) <= commands


@every_page
def test_every_mentioned_address_is_served(page: Path) -> None:
    # An id is written as `{id}` in text and as a shell variable in a command.
    mentioned = re.findall(r"/api/v1(?:/[a-z-]+|/{\w+}|/\$\w+)+(?!…)", page.read_text())
    assert {re.sub(r"{[^}]*}|\$\w+", "*", path) for path in mentioned} <= SERVED


def test_the_architecture_page_names_every_package() -> None:
    packages = {init.parent.relative_to(ROOT / "api") for init in (ROOT / "api").rglob("__init__.py")} - {Path()}
    unnamed = [
        str(package)
        for package in packages
        if f"`{package.name}/`" not in ARCHITECTURE and f"api/{package}/" not in ARCHITECTURE
    ]
    assert not unnamed


def test_the_architecture_page_lists_exactly_the_tables() -> None:
    section = ARCHITECTURE.split("## Tables")[1].split("\n\n")[2]
    assert set(re.findall(r"`(\w+)`", section)) == set(metadata.tables)


def test_the_explained_scopes_are_the_requested_scopes() -> None:
    section = (ROOT / "docs" / "xero.md").read_text().split("## Scopes")[1].split("## ")[0]
    explained = re.findall(r"^\| `([\w.]+)` \| \w", section, re.MULTILINE)
    assert sorted(explained) == sorted(DEFAULT_SCOPES)
    assert sorted(explained) == sorted(JobtallySettings.from_env({}).xero.scopes)


def test_the_code_writes_every_log_line_that_the_operations_page_lists() -> None:
    section = (ROOT / "docs" / "operations.md").read_text().split("Worth an alert:")[1].split("\n\n")[0]
    source = "".join(file.read_text() for file in (ROOT / "api").rglob("*.py"))
    lines = re.findall(r"`([^`]+)`", section)
    assert lines
    assert [line for line in lines if f'"{line}' not in source] == []


def test_decisions_are_numbered_consecutively_and_have_all_four_sections() -> None:
    for number, page in enumerate(DECISIONS, start=1):
        text = page.read_text()
        assert page.name.startswith(f"{number:04}-")
        assert text.startswith(f"# {number}. ")
        assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences", "Alternatives"]


def _prose(page: Path) -> str:
    return re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)


def _anchors(page: Path) -> Iterator[str]:
    for heading in re.findall(r"^#+ (.*)$", _prose(page), re.MULTILINE):
        yield re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
