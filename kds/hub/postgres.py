"""The hub's own PostgreSQL 18: one cluster a data folder, started and stopped with the hub.

    data/hub.lock          held by the hub that owns the folder; the kernel drops it with us
    data/cluster           only when the cluster lives elsewhere: where (see `_new_base`)
    <base>/postgresql.conf written at every start, so that a newer hub brings newer settings
    <base>/pg18/           the cluster, 0700, owned by the account that the server runs under
    <base>/run/            the socket, 0700 likewise (elsewhere when the path would be too long)

Who may connect: the account of the hub, by peer authentication over the socket. On Windows,
which has no such thing, over 127.0.0.1 with a password that a private file keeps.

Crash safety is PostgreSQL's own (fsync stays on). A server that outlived a killed hub is shut
down in order before a new one starts; its clients were the dead hub's.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import secrets
import shutil
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Literal

import psycopg
from psycopg.conninfo import make_conninfo

from kds.base.errors import KdsError
from kds.base.filelock import FileLock
from kds.hub.pgtools import Account, Tools, can_reach, make_machine_folder, own_name, server_account

SUPERUSER = "postgres"
PORT = 5432
_SOCKET_PATH_LIMIT = 103  # bytes; Linux takes 107, macOS 103
_LAST_BREATH_S = 10
_WINDOWS = sys.platform == "win32"

_SETTINGS = """\
# Written by the hub at every start; changes made here do not last.
data_directory = '{cluster}'
hba_file = '{base}/pg_hba.conf'
ident_file = '{base}/pg_ident.conf'
listen_addresses = '{listen}'
port = {port}
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = '64MB'
work_mem = '4MB'
maintenance_work_mem = '64MB'
max_wal_size = '256MB'
jit = off
wal_level = logical
max_wal_senders = 10
max_replication_slots = 10
max_slot_wal_keep_size = '1GB'
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'ISO, MDY'
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_min_messages = warning
"""


class Postgres:
    """A running PostgreSQL for the hub's data folder. Only one process at a time has it."""

    def __init__(self, data: Path) -> None:
        self._data = data.resolve()
        self._lock = FileLock(self._data / "hub.lock")
        self._tools: Tools | None = None
        self._base = self._data
        self._sockets = self._data / "run"
        self._port = PORT

    async def start(self) -> None:
        """Make the cluster if there is none, start it, return when it takes connections.

        Raises AlreadyRunning when another hub holds the folder, KdsError when PostgreSQL
        cannot start; its words are in the text.
        """
        await asyncio.to_thread(self.start_blocking)

    async def stop(self) -> None:
        """Shut down in order: open transactions are rolled back, the cluster is left clean."""
        await asyncio.to_thread(self.stop_blocking)

    def start_blocking(self) -> None:
        """`start` for callers without an event loop."""
        self._data.mkdir(parents=True, exist_ok=True)
        self._lock.acquire(f"Another hub is already running on {self._data}.")
        try:
            self._start()
        except BaseException:
            self._lock.release()
            raise

    def stop_blocking(self) -> None:
        """`stop` for callers without an event loop. Stopping twice is fine."""
        if self._tools is not None:
            self._stop_server()
            self._tools = None
        self._lock.release()

    def remove(self) -> None:
        """Delete the cluster of a stopped server, wherever it lives. There is no way back."""
        self._base = self._existing_base() or self._data
        for name in ("pg18", "run"):
            shutil.rmtree(self._base / name, ignore_errors=True)
        if self._base != self._data:
            shutil.rmtree(self._base)
            self._pointer.unlink()

    @property
    def dsn(self) -> str:
        """How to connect as superuser, for psycopg. Nobody else on this machine can use it."""
        host = "127.0.0.1" if _WINDOWS else str(self._sockets)
        password = self._password() if _WINDOWS else None
        return make_conninfo(
            host=host, port=self._port, user=SUPERUSER, dbname="postgres", password=password
        )

    @property
    def running(self) -> bool:
        """Whether the server answers right now."""
        return self._tools is not None and self._state() != "gone"

    # -- start ----------------------------------------------------------------------------

    def _start(self) -> None:
        base = self._existing_base()
        cluster = base / "pg18" if base else None
        account = server_account(_owner(cluster) if cluster and cluster.exists() else None)
        self._base = base or self._new_base(account)
        self._tools = Tools(account)
        if not self._cluster.exists():
            self._make_cluster(account)
        self._sockets = self._socket_folder(account)
        self._stop_left_over_server()
        self._write_settings()
        self._pg_ctl("start", "-o", f'-c "config_file={self._base / "postgresql.conf"}"')

    def _make_cluster(self, account: Account | None) -> None:
        """initdb beside the final place, then rename: a cluster is whole or not there."""
        making = self._base / "pg18.new"
        shutil.rmtree(making, ignore_errors=True)
        _private_folder(making, account)
        auth = ["--auth-local=peer", "--auth-host=scram-sha-256"]
        with contextlib.ExitStack() as stack:
            if _WINDOWS:
                auth += [f"--pwfile={self._new_password(stack)}"]
            assert self._tools is not None
            self._tools.run(
                "initdb",
                f"--pgdata={making}",
                f"--username={SUPERUSER}",
                "--encoding=UTF8",
                "--no-locale",
                "--locale-provider=builtin",  # the same order of text on every system
                "--builtin-locale=C.UTF-8",
                *auth,
                cwd=self._base,
            )
        making.rename(self._cluster)

    def _write_settings(self) -> None:
        self._port = _free_port() if _WINDOWS else PORT
        settings = _SETTINGS.format(
            cluster=_quoted(self._cluster),
            base=_quoted(self._base),
            sockets="" if _WINDOWS else _quoted(self._sockets),
            listen="127.0.0.1" if _WINDOWS else "",
            port=self._port,
        )
        access = (
            "host all postgres 127.0.0.1/32 scram-sha-256\n"
            if _WINDOWS
            else "local all postgres peer map=hub\n"
        )
        self._write("postgresql.conf", settings)
        self._write("pg_hba.conf", access)
        self._write("pg_ident.conf", f'hub "{own_name()}" {SUPERUSER}\n')

    def _write(self, name: str, text: str) -> None:
        path = self._base / f"{name}.new"
        path.unlink(missing_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        path.chmod(0o644)  # the server reads it under another account when we are root
        path.replace(self._base / name)

    def _stop_left_over_server(self) -> None:
        """Deal with the server of a hub that was killed: we hold the lock, so it is nobody's.

        A killed server leaves files that name its process. PostgreSQL takes them for a living
        one when that number is in use, by whomever, or not yet reaped; so they go, once it is
        certain that nothing of it lives.
        """
        self._stop_server()
        if _nobody_works_in(self._cluster):
            self._pid_file.unlink(missing_ok=True)
            for left_over in self._sockets.glob(".s.PGSQL.*"):
                left_over.unlink()

    def _stop_server(self) -> None:
        """Shut the server down in order, or at once while it starts or recovers.

        PostgreSQL 18.4 may never end when it is asked for a fast shutdown early in a crash
        recovery. It has nothing in memory then that its log does not have on the disk.
        """
        state = self._state()
        if state == "ready":
            try:
                self._pg_ctl("stop", "-m", "fast")
            except KdsError:
                state = "busy"
        if state == "busy":
            self._pg_ctl("stop", "-m", "immediate")

    def _state(self) -> Literal["gone", "busy", "ready"]:
        """Whether a server is there; "busy" while it starts, recovers or stops."""
        try:
            psycopg.connect(self.dsn, connect_timeout=5).close()
        except psycopg.OperationalError as error:
            return "busy" if "FATAL" in str(error) else "gone"  # it has an opinion, so it lives
        return "ready"

    # -- places ---------------------------------------------------------------------------

    @property
    def _cluster(self) -> Path:
        return self._base / "pg18"

    @property
    def _pid_file(self) -> Path:
        return self._cluster / "postmaster.pid"

    @property
    def _pointer(self) -> Path:
        return self._data / "cluster"

    def _existing_base(self) -> Path | None:
        if (self._data / "pg18").exists():
            return self._data
        if self._pointer.exists():
            base = Path(self._pointer.read_text(encoding="utf-8").strip())
            if base.is_dir():
                return base
            raise KdsError(f"{self._pointer} says that the data is in {base}, but it is not.")
        return None

    def _new_base(self, account: Account | None) -> Path:
        """The data folder itself; a folder under /var/lib/kds when `account` cannot reach it."""
        if can_reach(account, self._data):
            return self._data
        base = Path(tempfile.mkdtemp(dir=make_machine_folder(), prefix="cluster-"))
        base.chmod(0o711)
        (base / "belongs-to").write_text(f"{self._data}\n", encoding="utf-8")
        self._pointer.write_text(f"{base}\n", encoding="utf-8")
        return base

    def _socket_folder(self, account: Account | None) -> Path:
        for folder in self._socket_candidates(account):
            if len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= _SOCKET_PATH_LIMIT:
                return _private_folder(folder, account)
        raise KdsError(f"The path {self._data} is too long for a socket; use a shorter one.")

    def _socket_candidates(self, account: Account | None) -> list[Path]:
        name = "kds-" + hashlib.sha256(os.fsencode(self._cluster)).hexdigest()[:12]
        runtime = os.environ.get("XDG_RUNTIME_DIR")
        if account is not None:
            return [self._base / "run", make_machine_folder() / name]
        folders = [Path(runtime)] if runtime and Path(runtime).is_dir() else []
        return [self._base / "run", *(f / name for f in (*folders, Path(tempfile.gettempdir())))]

    # -- tools ----------------------------------------------------------------------------

    def _pg_ctl(self, action: str, *options: str) -> None:
        assert self._tools is not None
        try:
            self._tools.run(
                "pg_ctl", action, "-w", "-t", "30", "-D", str(self._cluster), *options,
                cwd=self._base,
            )  # fmt: skip
        except KdsError as error:
            raise KdsError(f"{error}\n{self._last_words()}".strip()) from None

    def _last_words(self) -> str:
        """The end of the server's newest log."""
        logs = sorted((self._cluster / "log").glob("*.log"), key=lambda p: p.stat().st_mtime)
        return logs[-1].read_text(errors="replace")[-2000:] if logs else ""

    def _new_password(self, stack: contextlib.ExitStack) -> Path:
        path = self._base / "password"
        path.write_text(secrets.token_urlsafe(32), encoding="ascii")
        stack.callback(path.chmod, 0o600)
        return path

    def _password(self) -> str:
        return (self._base / "password").read_text(encoding="ascii")


def _private_folder(path: Path, account: Account | None) -> Path:
    """A 0700 folder of `account` (ours when None). Raises KdsError for somebody else's."""
    path.mkdir(mode=0o700, exist_ok=True)
    if _WINDOWS:
        return path
    uid = account.uid if account else os.geteuid()
    if account and path.stat().st_uid == 0:
        os.chown(path, account.uid, account.gid)
    found = path.lstat()
    if found.st_uid != uid or found.st_mode & 0o077 or path.is_symlink():
        raise KdsError(f"{path} is not a private folder of the right owner; remove it.")
    return path


def _owner(cluster: Path) -> int:
    """Whose cluster this is. Raises KdsError when it is neither ours nor are we root."""
    owner = cluster.stat().st_uid
    if not _WINDOWS and os.geteuid() not in (0, owner):
        raise KdsError(f"{cluster} belongs to another account. Start the hub as that one.")
    return owner


def _nobody_works_in(folder: Path) -> bool:
    """Whether it is certain that no process has `folder` as its own, as every part of a server has.

    Waits for those that are on their way out. Only Linux can tell; elsewhere nothing is certain.
    Raises KdsError when one stays.
    """
    if not Path("/proc/self/cwd").exists():
        return False
    deadline = time.monotonic() + _LAST_BREATH_S
    while pids := _processes_in(folder):
        if time.monotonic() > deadline:
            raise KdsError(
                f"A PostgreSQL that does not answer still holds {folder} "
                f"(process {min(pids)}). End it, then start the hub again."
            )
        time.sleep(0.01)
    return True


def _processes_in(folder: Path) -> list[int]:
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):  # it ended, or is not ours to look at
            if link.readlink() == folder:
                found.append(int(link.parent.name))
    return found


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _quoted(path: Path) -> str:
    """For a quoted value of postgresql.conf."""
    return path.as_posix().replace("'", "''")
