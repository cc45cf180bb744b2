"""Setting up a checkout: which tools will do, when there is nothing to do, and what a bare machine is told."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import bootstrap


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """A machine whose Node says it has a given version; without one until it is called."""

    def has_node(version: str) -> None:
        for program in ("node", "npm"):
            (tmp_path / program).write_text(f"#!/bin/sh\necho {version}\n")
            (tmp_path / program).chmod(0o755)

    monkeypatch.setenv("PATH", str(tmp_path))
    bootstrap.has_node.cache_clear()
    yield has_node
    bootstrap.has_node.cache_clear()


@pytest.mark.parametrize("version", ["v20.19.0", "v20.20.2", "v22.12.0", "v24.1.0"])
def test_the_machines_own_node_is_used_when_it_is_new_enough(
    machine: Callable[[str], None], tmp_path: Path, version: str
) -> None:
    machine(version)
    assert bootstrap.npm() == [str(tmp_path / "npm")]


@pytest.mark.parametrize("version", ["v18.20.8", "v20.18.3", "v21.7.0", "v22.11.0", "not a version"])
def test_a_node_the_pages_cannot_be_built_with_is_left_alone(machine: Callable[[str], None], version: str) -> None:
    machine(version)
    assert not bootstrap.has_node()


@pytest.mark.usefixtures("machine")
def test_without_node_one_from_pypi_comes_first_on_the_path() -> None:
    assert bootstrap.node_environment()["PATH"].startswith(f"{bootstrap.NODE_VENV}/bin:")


def test_a_python_without_virtual_environments_is_told_the_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda module: None if module == "ensurepip" else object())
    with pytest.raises(SystemExit, match="apt-get install git make python3 python3-venv"):
        bootstrap.require_python()


def test_a_failed_command_says_what_to_do_next() -> None:
    with pytest.raises(SystemExit, match=r"exit code 3.*(.|\n)*Run the same command again"):
        bootstrap.run(["sh", "-c", "exit 3"], bootstrap.ROOT)


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    folder = tmp_path / "src"
    folder.mkdir()
    (folder / "a.ts").write_text("one")
    (folder / "b.ts").write_text("two")
    return folder


def test_a_changed_a_renamed_and_a_new_file_are_all_noticed(sources: Path) -> None:
    seen = {bootstrap.fingerprint([sources])}
    (sources / "a.ts").write_text("other")
    seen.add(bootstrap.fingerprint([sources]))
    (sources / "b.ts").rename(sources / "c.ts")
    seen.add(bootstrap.fingerprint([sources]))
    (sources / "d.ts").touch()
    seen.add(bootstrap.fingerprint([sources]))
    assert len(seen) == 4


def test_a_touched_file_is_no_reason_to_build_again(sources: Path) -> None:
    before = bootstrap.fingerprint([sources])
    (sources / "a.ts").write_text("one")
    assert bootstrap.fingerprint([sources]) == before
