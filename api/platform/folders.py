"""The data directory, which only the account that runs Jobtally may read, and the home of that account."""

import os
import pwd
from pathlib import Path
from typing import Final

_PRIVATE: Final = 0o700
_OURS: Final = frozenset({"postgres", "secret-key", "demo"})


def make_private(folder: Path) -> None:
    """Create the folder for this account only; one that exists is closed to others if it has nothing but our files."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=_PRIVATE, exist_ok=True)
    if folder.stat().st_mode & 0o077 and {entry.name for entry in folder.iterdir()} <= _OURS:
        folder.chmod(_PRIVATE)


def home_of_this_account() -> str | None:
    """The home directory in the system's list of accounts. `Path.home` would read the variable HOME."""
    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:
        return None
