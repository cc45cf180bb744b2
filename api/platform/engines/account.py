"""Under which account PostgreSQL runs: it refuses to be root, and we add no user to anybody's machine."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from api.platform.engines.errors import EngineUnavailable

_NOBODY = 65534


@dataclass(frozen=True)
class Account:
    """A command prefix that runs a program unprivileged, and the owner its files have on this machine."""

    prefix: tuple[str, ...]
    uid: int
    gid: int

    def take_over(self, folder: Path) -> None:
        """Make this account the owner of `folder` and all in it, unless it is somebody else's database."""
        owner = folder.stat().st_uid
        if owner not in (self.uid, 0, _NOBODY):
            raise EngineUnavailable(
                f"{folder} belongs to another user (uid {owner}). Run as that user, or name another folder "
                "in JOBTALLY_DATA_DIR, or set JOBTALLY_DATABASE_URL."
            )
        if owner == self.uid:
            return
        for parent, _, files in os.walk(folder):
            for path in (parent, *(os.path.join(parent, name) for name in files)):
                os.chown(path, self.uid, self.gid, follow_symlinks=False)


def unprivileged(postgres: Path, folder: Path) -> Account:
    """This user, or for root the first way to be nobody that can run `postgres` and reach `folder`."""
    if os.geteuid() != 0:
        return Account((), os.geteuid(), os.getegid())
    # In a user namespace of its own PostgreSQL sees "nobody" while its files stay root's.
    namespace = ("unshare", "--user", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}")
    if _runs(namespace, postgres, "--version"):
        return Account(namespace, 0, 0)
    nobody = ("setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups")
    if _runs(nobody, postgres, "--version") and _runs(nobody, "test", "-x", folder.parent):
        return Account(nobody, _NOBODY, _NOBODY)
    raise EngineUnavailable(
        "PostgreSQL refuses to run as root, and neither `unshare` (user namespaces) nor `setpriv` can run "
        f"{postgres} with its data in {folder} as nobody here. Run Jobtally as an ordinary user, or set "
        "JOBTALLY_DATABASE_URL to a server of your own."
    )


def _runs(prefix: tuple[str, ...], *command: str | Path) -> bool:
    if shutil.which(prefix[0]) is None:
        return False
    return subprocess.run([*prefix, *command], capture_output=True, check=False, timeout=30).returncode == 0
