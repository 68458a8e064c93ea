"""The hub's server: it comes up, goes down, and comes back whatever was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from kds.base.errors import AlreadyRunning, KdsError
from kds.hub import pgtools
from kds.hub.pgtools import can_reach, server_account
from kds.hub.postgres import Postgres
from tests.support.postgres import open_folder, running_as_root, running_postgres


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A data folder with a cluster, made once; every test leaves its server stopped."""
    with open_folder() as data:
        with running_postgres(data) as postgres:
            sql(postgres, "create table kept (n integer)")
        yield data


def sql(postgres: Postgres, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(postgres.dsn, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def server_pid(data: Path) -> int:
    return int((data / "pg18" / "postmaster.pid").read_text().split()[0])


async def test_it_starts_takes_connections_and_stops(made: Path) -> None:
    postgres = Postgres(made)
    await postgres.start()
    assert postgres.running
    assert sql(postgres, "show wal_level") == [("logical",)]
    assert sql(postgres, "show timezone") == [("UTC",)]
    assert sql(postgres, "show fsync") == [("on",)]
    await postgres.stop()
    await postgres.stop()
    assert not postgres.running
    assert not (made / "pg18" / "postmaster.pid").exists()


def test_it_listens_on_no_network_and_trusts_nobody(made: Path) -> None:
    with running_postgres(made) as postgres:
        assert sql(postgres, "show listen_addresses") == [("",)]
        rules = sql(postgres, "select type, auth_method from pg_hba_file_rules")
        assert rules == [("local", "peer")]


def test_a_second_hub_on_the_same_data_is_refused_by_name(made: Path) -> None:
    with running_postgres(made) as first:
        with pytest.raises(AlreadyRunning, match=str(made)):
            Postgres(made).start_blocking()
        assert first.running


def test_what_was_committed_survives_a_killed_server(made: Path) -> None:
    with running_postgres(made) as postgres:
        sql(postgres, "insert into kept values (1)")
        os.kill(server_pid(made), signal.SIGKILL)
    with running_postgres(made) as postgres:
        assert sql(postgres, "select count(*) from kept where n = 1") == [(1,)]


HUB = """
import sys
from pathlib import Path
from kds.hub.postgres import Postgres
postgres = Postgres(Path(sys.argv[1]))
postgres.start_blocking()
print("up", flush=True)
sys.stdin.read()
"""


def test_the_server_of_a_killed_hub_is_replaced(made: Path) -> None:
    hub = subprocess.Popen(
        [sys.executable, "-c", HUB, str(made)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    with hub:
        assert hub.stdout is not None
        assert hub.stdout.readline() == b"up\n"
        orphan = server_pid(made)
        hub.kill()
    with running_postgres(made) as postgres:
        assert postgres.running
        assert server_pid(made) != orphan


def test_a_left_over_number_that_belongs_to_another_process_is_no_obstacle(made: Path) -> None:
    pid_file = made / "pg18" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{made / 'pg18'}\n")
    with running_postgres(made) as postgres:
        assert postgres.running


def test_a_deep_data_folder_gets_its_socket_elsewhere() -> None:
    with open_folder() as folder:
        deep = folder / ("d" * 60) / ("e" * 60)
        with running_postgres(deep) as postgres:
            assert postgres.running


def test_a_server_that_cannot_start_says_why(made: Path) -> None:
    version = made / "pg18" / "PG_VERSION"
    good = version.read_text()
    version.write_text("7\n")
    try:
        with pytest.raises(KdsError, match="not compatible"):
            Postgres(made).start_blocking()
    finally:
        version.write_text(good)
    with running_postgres(made) as postgres:
        assert postgres.running


def modes(path: Path) -> dict[Path, tuple[int, int, int]]:
    """Mode and owners of a path and of every folder above it."""
    found = {part: part.stat() for part in (path, *path.parents)}
    return {part: (stat.st_mode, stat.st_uid, stat.st_gid) for part, stat in found.items()}


if running_as_root:
    # Only root can become somebody else; as an ordinary user the tests above are the test.

    @pytest.fixture
    def machine_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
        """A stand-in for /var/lib/kds."""
        with open_folder() as folder:
            monkeypatch.setattr(pgtools, "MACHINE_FOLDER", folder / "kds")
            yield folder / "kds"

    @pytest.fixture
    def closed() -> Iterator[Path]:
        """A folder that only root can enter."""
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)

    def test_data_in_a_closed_folder_opens_no_folder(machine_folder: Path, closed: Path) -> None:
        data = closed / "data"
        data.mkdir()
        before = modes(data)
        with running_postgres(data) as postgres:
            assert sql(postgres, "select 1") == [(1,)]
            (base,) = machine_folder.glob("cluster-*")
            assert (base / "belongs-to").read_text().strip() == str(data)
            assert (base / "pg18").stat().st_mode & 0o077 == 0
            assert (base / "run").stat().st_mode & 0o077 == 0
        assert modes(data) == before
        with running_postgres(data) as postgres:  # the same one again
            assert list(machine_folder.glob("cluster-*")) == [base]
        postgres.remove()
        assert not base.exists()

    def test_programs_in_a_closed_folder_are_copied_once(
        machine_folder: Path, closed: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        package = pgtools._package()
        for folder in package, package.with_name(f"{package.name}.libs"):
            if folder.is_dir():
                (closed / folder.name).symlink_to(folder)
        monkeypatch.setattr(pgtools, "_package", lambda: closed / package.name)
        before = modes(closed)
        account = server_account()
        for _ in range(2):
            programs = pgtools._reachable_programs(account)
            assert can_reach(account, programs / "postgres")
            assert [path.name for path in machine_folder.iterdir()] == [programs.parents[2].name]
        assert modes(closed) == before
        with open_folder() as data, running_postgres(data) as postgres:
            assert postgres.running

    def test_an_ordinary_user_runs_it_too() -> None:
        account = server_account()
        assert account is not None
        programs = pgtools._reachable_programs(account)

        def start_and_stop(data: Path) -> None:
            pgtools._reachable_programs = lambda account: programs
            with running_postgres(data) as postgres:
                assert sql(postgres, "select 1") == [(1,)]
            assert (data / "pg18").stat().st_uid == os.geteuid() != 0

        with open_folder() as folder:
            data = folder / "data"
            data.mkdir()
            os.chown(data, account.uid, account.gid)
            before = modes(data)
            assert in_a_process_of(account, lambda: start_and_stop(data)) == 0
            assert modes(data) == before
            with running_postgres(data) as postgres:  # and root goes on with it
                assert postgres.running
            assert (data / "pg18").stat().st_uid == account.uid

    def in_a_process_of(account: pgtools.Account, work: Callable[[], None]) -> int:
        """Run `work` as another user; 0 when it went through."""
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                os.setgroups([])
                os.setgid(account.gid)
                os.setuid(account.uid)
                work()
                code = 0
            finally:
                os._exit(code)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
