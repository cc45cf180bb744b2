"""Setting up a checkout: which tools are used, when a step is skipped, and what a machine without tools is shown."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import bootstrap


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """A machine without Node; calling the fixture installs a Node of the given version."""

    def has_node(version: str) -> None:
        for program in ("node", "npm"):
            (tmp_path / program).write_text(f"#!/bin/sh\necho {version}\n")
            (tmp_path / program).chmod(0o755)

    monkeypatch.setenv("PATH", str(tmp_path))
    bootstrap.has_node.cache_clear()
    yield has_node
    bootstrap.has_node.cache_clear()


@pytest.mark.parametrize("version", ["v20.19.0", "v20.20.2", "v22.12.0", "v24.1.0"])
def test_the_installed_node_is_used_when_it_is_new_enough(
    machine: Callable[[str], None], tmp_path: Path, version: str
) -> None:
    machine(version)
    assert bootstrap.npm() == [str(tmp_path / "npm")]


@pytest.mark.parametrize("version", ["v18.20.8", "v20.18.3", "v21.7.0", "v22.11.0", "not a version"])
def test_a_node_that_cannot_build_the_web_app_is_not_used(machine: Callable[[str], None], version: str) -> None:
    machine(version)
    assert not bootstrap.has_node()


@pytest.mark.usefixtures("machine")
def test_without_node_the_path_starts_with_the_node_of_pypi() -> None:
    assert bootstrap.node_environment()["PATH"].startswith(f"{bootstrap.NODE_VENV}/bin:")


def test_a_python_without_venv_prints_the_apt_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda module: None if module == "ensurepip" else object())
    with pytest.raises(SystemExit, match="apt-get install git make python3 python3-venv"):
        bootstrap.require_python()


def test_a_failed_command_prints_its_exit_code_and_the_next_step() -> None:
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


def test_a_changed_a_renamed_and_a_new_file_change_the_fingerprint(sources: Path) -> None:
    seen = {bootstrap.fingerprint([sources])}
    (sources / "a.ts").write_text("other")
    seen.add(bootstrap.fingerprint([sources]))
    (sources / "b.ts").rename(sources / "c.ts")
    seen.add(bootstrap.fingerprint([sources]))
    (sources / "d.ts").touch()
    seen.add(bootstrap.fingerprint([sources]))
    assert len(seen) == 4


def test_a_file_with_a_new_time_and_the_same_content_keeps_the_fingerprint(sources: Path) -> None:
    before = bootstrap.fingerprint([sources])
    (sources / "a.ts").write_text("one")
    assert bootstrap.fingerprint([sources]) == before
