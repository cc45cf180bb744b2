"""The account that PostgreSQL runs under: not root, not a user without a name, and no user that we add."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from api.platform.embedded_postgres.errors import PostgresUnavailable

_NOBODY = 65534


@dataclass(frozen=True)
class Account:
    """A command prefix that runs a program without privileges, and the owner of its files."""

    prefix: tuple[str, ...]
    uid: int
    gid: int

    def take_over(self, folder: Path) -> None:
        """Make this account the owner of `folder` and its content; refuse the database of another user."""
        owner = folder.stat().st_uid
        if owner not in (self.uid, 0, _NOBODY):
            raise PostgresUnavailable(
                f"{folder} belongs to another user (uid {owner}). Run as that user, or name another folder "
                "in JOBTALLY_DATA_DIR, or set JOBTALLY_DATABASE_URL."
            )
        if owner == self.uid:
            return
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def unprivileged(postgres: Path, folder: Path) -> Account:
    """This user if PostgreSQL accepts it, else the first prefix that runs `postgres` in `folder` as nobody."""
    uid, gid = os.geteuid(), os.getegid()
    if uid != 0 and _has_name(uid):
        return Account((), uid, gid)
    # In its own user namespace, PostgreSQL sees "nobody", while its files belong to this user.
    namespace = ("unshare", "--user", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}")
    if _runs(namespace, postgres, "--version"):
        return Account(namespace, uid, gid)
    if folder.parent.stat().st_mode & 0o777 == 0o700:
        folder.parent.chmod(0o711)  # so that nobody can reach the files below; they stay unreadable for others
    nobody = ("setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups")
    # `setpriv` itself may be able to run a program that nobody cannot run, so `test` checks it as nobody.
    if _runs(nobody, "test", "-x", postgres, "-a", "-x", folder.parent):
        return Account(nobody, _NOBODY, _NOBODY)
    raise PostgresUnavailable(
        "PostgreSQL does not run as root or as a user without a name, and neither `unshare` (user "
        f"namespaces) nor `setpriv` can run {postgres} with its data in {folder} as nobody. Run Jobtally "
        "as an ordinary user, or set JOBTALLY_DATABASE_URL to a server of your own."
    )


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _runs(prefix: tuple[str, ...], *command: str | Path) -> bool:
    if shutil.which(prefix[0]) is None:
        return False
    return subprocess.run([*prefix, *command], capture_output=True, check=False, timeout=30).returncode == 0
