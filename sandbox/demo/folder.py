"""One folder per run: the stand-in keeps nothing between runs, so each run also starts with an empty database."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

from sandbox.demo.failure import Failure

_LOCK = "in-use"


class RunFolder:
    """Database and logs of one run. The programs inherit its lock, so no other run deletes it while they run."""

    def __init__(self, path: Path, lock: int) -> None:
        self.path, self.lock = path, lock

    def remove(self) -> None:
        os.close(self.lock)
        shutil.rmtree(self.path, ignore_errors=True)


def open_folder() -> RunFolder:
    """Create an empty folder, below JOBTALLY_DATA_DIR when that is set, and delete the folders of earlier runs."""
    parent = _parent()
    try:
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in parent.glob("run-*"):
            _delete_unused(old)
        path = Path(tempfile.mkdtemp(prefix="run-", dir=parent))
        lock = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(lock, fcntl.LOCK_SH)
    except OSError as error:
        what = f"The folder {parent} cannot be used: {error.strerror}."
        raise Failure(what, "Choose a folder that you can write to: JOBTALLY_DATA_DIR=/some/folder make demo") from None
    return RunFolder(path, lock)


def _parent() -> Path:
    if data_dir := os.environ.get("JOBTALLY_DATA_DIR"):
        return Path(data_dir).absolute() / "demo"
    data_home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data_home).absolute() / "jobtally" / "demo"


def _delete_unused(folder: Path) -> None:
    try:
        lock = os.open(folder / _LOCK, os.O_RDWR)
    except OSError:
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    except BlockingIOError:
        pass  # another demo uses the folder
    finally:
        os.close(lock)
