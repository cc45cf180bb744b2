"""A folder per run: the stand-in forgets everything when it ends, so the business begins anew as well."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

from sandbox.demo.failure import Failure

_LOCK = "in-use"


class RunFolder:
    """Database and logs of one run. Its lock goes on to the programs, so that nobody clears it under them."""

    def __init__(self, path: Path, lock: int) -> None:
        self.path, self.lock = path, lock

    def remove(self) -> None:
        """Forget the run."""
        os.close(self.lock)
        shutil.rmtree(self.path, ignore_errors=True)


def open_folder() -> RunFolder:
    """A fresh folder, below JOBTALLY_DATA_DIR where that is set; what earlier runs left behind is cleared away."""
    home = _home()
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in home.glob("run-*"):
            _clear(left)
        path = Path(tempfile.mkdtemp(prefix="run-", dir=home))
        lock = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(lock, fcntl.LOCK_SH)
    except OSError as error:
        what = f"The folder {home} cannot be used: {error.strerror}."
        raise Failure(what, "Name a folder that you can write to: JOBTALLY_DATA_DIR=/some/folder make demo") from None
    return RunFolder(path, lock)


def _home() -> Path:
    if given := os.environ.get("JOBTALLY_DATA_DIR"):
        return Path(given).absolute() / "demo"
    data_home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data_home).absolute() / "jobtally" / "demo"


def _clear(left: Path) -> None:
    try:
        lock = os.open(left / _LOCK, os.O_RDWR)
    except OSError:
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(left, ignore_errors=True)
    except BlockingIOError:
        pass  # a demonstration is running in it
    finally:
        os.close(lock)
