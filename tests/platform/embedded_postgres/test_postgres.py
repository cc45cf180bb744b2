"""The embedded PostgreSQL: processes share it, it stops with the last of them, and it loses no committed row."""

import os
import queue
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from api.platform.embedded_postgres import binaries
from api.platform.embedded_postgres.errors import PostgresUnavailable
from api.platform.embedded_postgres.postgres import EmbeddedPostgres
from api.platform.embedded_postgres.postmaster import Postmaster
from api.platform.embedded_postgres.temporary import temporary_postgres
from api.platform.embedded_postgres.watch import watched

FAST = {"fsync": "off", "synchronous_commit": "off"}
REPOSITORY = Path(__file__).parents[3]
# A program that uses the server of its data directory until its standard input ends.
USER = """
import sys
from pathlib import Path
from api.platform.embedded_postgres.postgres import EmbeddedPostgres

with EmbeddedPostgres(Path(sys.argv[1]), {"fsync": "off"}) as postgres:
    print(postgres.app_url, flush=True)
    sys.stdin.read()
"""


class OtherProcess:
    """Another process that uses the same data directory."""

    def __init__(self, data_dir: Path, *prefix: str, python: str = sys.executable) -> None:
        self._process = subprocess.Popen(
            [*prefix, python, "-c", USER, str(data_dir)],
            cwd=REPOSITORY,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join([str(REPOSITORY), *sys.path])},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def url(self) -> str:
        """The address of the server, once it is ready."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()

    def leave(self) -> int:
        """Let the process end normally; its exit code."""
        self._process.communicate(timeout=60)
        return self._process.returncode


@contextmanager
def other_process(data_dir: Path, *prefix: str, python: str = sys.executable) -> Iterator[OtherProcess]:
    process = OtherProcess(data_dir, *prefix, python=python)
    try:
        yield process
    finally:
        process.kill()


def execute(url: str, statement: str) -> list[tuple[object, ...]]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        result = connection.execute(sa.text(statement))
        return [tuple(row) for row in result] if result.returns_rows else []


def rows_eventually(url: str, statement: str) -> list[tuple[object, ...]]:
    """The rows of the statement, once the server answers."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return execute(url, statement)
        except sa.exc.OperationalError:
            assert time.monotonic() < deadline
        time.sleep(0.02)


def server_of(data_dir: Path) -> Postmaster | None:
    return Postmaster.of(data_dir / "postgres" / "cluster")


def wait_until_stopped(data_dir: Path) -> None:
    deadline = time.monotonic() + 10
    while server_of(data_dir) is not None:
        assert time.monotonic() < deadline, "the server runs although no process uses it"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def running() -> Iterator[EmbeddedPostgres]:
    with temporary_postgres() as postgres:
        execute(postgres.owner_url, "CREATE TABLE account (id serial PRIMARY KEY, name text)")
        yield postgres


def test_the_app_role_can_use_the_tables_of_the_owner(running: EmbeddedPostgres) -> None:
    execute(running.app_url, "INSERT INTO account (name) VALUES ('Ārohanui')")
    assert execute(running.app_url, "SELECT lower(name) FROM account") == [("ārohanui",)]


@pytest.mark.parametrize("statement", ["CREATE TABLE mine ()", "DROP TABLE account", "TRUNCATE account"])
def test_the_app_role_cannot_change_the_schema(running: EmbeddedPostgres, statement: str) -> None:
    with pytest.raises(sa.exc.ProgrammingError, match=r"permission denied|must be owner"):
        execute(running.app_url, statement)


def test_row_level_security_applies_to_the_app_role_but_not_to_the_owner(running: EmbeddedPostgres) -> None:
    execute(running.owner_url, "CREATE TABLE guarded AS SELECT 1 AS x")
    execute(running.owner_url, "ALTER TABLE guarded ENABLE ROW LEVEL SECURITY")
    assert execute(running.app_url, "SELECT x FROM guarded") == []
    assert execute(running.owner_url, "SELECT x FROM guarded") == [(1,)]


def test_other_users_of_the_machine_cannot_reach_the_socket(running: EmbeddedPostgres) -> None:
    socket_dir = Path(str(sa.make_url(running.app_url).query["host"]))
    assert stat.S_IMODE(socket_dir.stat().st_mode) == 0o700
    assert execute(running.app_url, "SHOW listen_addresses") == [("",)]


def test_a_temporary_server_removes_its_files() -> None:
    with temporary_postgres() as postgres:
        [(folder,)] = execute(postgres.url("postgres"), "SHOW data_directory")
        socket_dir = Path(str(sa.make_url(postgres.app_url).query["host"]))
    assert not Path(str(folder)).exists()
    assert not socket_dir.exists()


@pytest.mark.parametrize("name", ["two words", "d" * 120], ids=["a space", "longer than a socket path may be"])
def test_rows_are_kept_between_two_servers_in_any_folder(tmp_path: Path, name: str) -> None:
    data_dir = tmp_path / name
    with EmbeddedPostgres(data_dir, FAST) as postgres:
        execute(postgres.owner_url, "CREATE TABLE kept AS SELECT 42 AS x")
    assert server_of(data_dir) is None
    with EmbeddedPostgres(data_dir, FAST) as postgres:
        assert execute(postgres.app_url, "SELECT x FROM kept") == [(42,)]


def test_the_server_stops_with_its_last_user(tmp_path: Path) -> None:
    with other_process(tmp_path) as starter:
        url = starter.url()
        started = server_of(tmp_path)
        with EmbeddedPostgres(tmp_path, FAST) as postgres:
            assert postgres.app_url == url
            assert starter.leave() == 0
            assert server_of(tmp_path) == started
            assert execute(postgres.app_url, "SELECT 1") == [(1,)]
        assert server_of(tmp_path) is None


def test_two_processes_that_start_together_share_a_server(tmp_path: Path) -> None:
    with other_process(tmp_path) as first, other_process(tmp_path) as second:
        assert first.url() == second.url() != ""


def test_the_server_stops_when_its_only_user_is_killed(tmp_path: Path) -> None:
    with other_process(tmp_path) as user:
        url = user.url()
        assert execute(url, "SELECT 1") == [(1,)]
        user.kill()
        wait_until_stopped(tmp_path)


def test_the_server_goes_on_for_others_when_a_user_is_killed(tmp_path: Path) -> None:
    with other_process(tmp_path) as killed, other_process(tmp_path) as other:
        url = killed.url()
        other.url()
        killed.kill()
        assert execute(url, "SELECT 1") == [(1,)]
        assert other.leave() == 0
        assert server_of(tmp_path) is None


def test_a_new_user_waits_while_the_server_of_a_killed_user_stops(tmp_path: Path) -> None:
    with other_process(tmp_path) as user:
        user.url()
        user.kill()
    with EmbeddedPostgres(tmp_path, FAST) as postgres:
        assert execute(postgres.app_url, "SELECT 1") == [(1,)]


def test_committed_rows_are_kept_when_the_server_is_killed(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path) as postgres:
        execute(postgres.owner_url, "CREATE TABLE kept AS SELECT 42 AS x")
        server = server_of(tmp_path)
        assert server is not None
        os.kill(server.pid, signal.SIGKILL)
        wait_until_stopped(tmp_path)
    with EmbeddedPostgres(tmp_path) as postgres:
        assert execute(postgres.app_url, "SELECT x FROM kept") == [(42,)]


def parent_of(process: Path) -> int | None:
    """The parent of a process; None if it has ended meanwhile."""
    try:
        return int((process / "stat").read_text().rpartition(") ")[2].split()[1])
    except OSError:
        return None


def kill_server(data_dir: Path) -> None:
    """Kill the server and its children, and nothing else."""
    server = server_of(data_dir)
    assert server is not None
    children = [int(each.name) for each in Path("/proc").glob("[0-9]*") if parent_of(each) == server.pid]
    for pid in (server.pid, *children):
        with suppress(ProcessLookupError):  # a child ends by itself when its server has ended
            os.kill(pid, signal.SIGKILL)


def unexpected(reason: PostgresUnavailable) -> None:
    pytest.fail(str(reason))


def test_a_server_that_is_killed_is_started_again_on_the_same_socket(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path) as postgres, watched(postgres, unexpected):
        execute(postgres.owner_url, "CREATE TABLE kept AS SELECT 42 AS x")
        url, killed = postgres.app_url, server_of(tmp_path)
        kill_server(tmp_path)
        assert rows_eventually(url, "SELECT x FROM kept") == [(42,)]
        assert server_of(tmp_path) != killed
    assert server_of(tmp_path) is None


def test_one_of_two_processes_starts_a_killed_server_again_for_both(tmp_path: Path) -> None:
    with other_process(tmp_path) as starter:
        url = starter.url()
        with EmbeddedPostgres(tmp_path) as postgres, watched(postgres, unexpected):
            kill_server(tmp_path)
            assert rows_eventually(url, "SELECT 42") == [(42,)]
            assert postgres.app_url == url


def test_a_server_that_cannot_be_started_again_is_given_up_with_the_reason(tmp_path: Path) -> None:
    reasons: queue.SimpleQueue[PostgresUnavailable] = queue.SimpleQueue()
    with EmbeddedPostgres(tmp_path, FAST) as postgres, watched(postgres, reasons.put):
        (tmp_path / "postgres" / "cluster" / "global" / "pg_control").unlink()
        kill_server(tmp_path)
        reason = reasons.get(timeout=60)
    assert "did not start" in str(reason)
    assert "JOBTALLY_DATA_DIR" in str(reason)


def test_a_child_that_outlives_its_killed_server_is_waited_for(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path) as postgres:
        session = psycopg.connect(postgres.app_url.replace("postgresql+psycopg", "postgresql"))
        child = session.info.backend_pid
        os.kill(child, signal.SIGSTOP)  # it does not see that its server has died
        server = server_of(tmp_path)
        assert server is not None
        os.kill(server.pid, signal.SIGKILL)
        wait_until_stopped(tmp_path)
        waiting = threading.Thread(target=postgres.restart)
        waiting.start()
        log = tmp_path / "postgres" / "server.log"
        while "is still in use" not in log.read_text():
            assert waiting.is_alive()
        os.kill(child, signal.SIGKILL)
        waiting.join()
        session.close()
        assert execute(postgres.app_url, "SELECT 1") == [(1,)]


def test_a_stale_pid_that_another_program_has_now_is_removed(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path, FAST):
        pid_file = tmp_path / "postgres" / "cluster" / "postmaster.pid"
        stale = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *stale[1:]]))
    with EmbeddedPostgres(tmp_path, FAST) as postgres:
        assert execute(postgres.app_url, "SELECT 1") == [(1,)]


def test_an_interrupted_first_start_is_repeated(tmp_path: Path) -> None:
    (tmp_path / "postgres" / "cluster.new" / "base").mkdir(parents=True)
    with EmbeddedPostgres(tmp_path, FAST) as postgres:
        assert execute(postgres.app_url, "SELECT 1") == [(1,)]


def test_the_error_of_a_failed_start_contains_the_reason(tmp_path: Path) -> None:
    with pytest.raises(PostgresUnavailable, match=r"shared_buffers(.|\n)*JOBTALLY_DATABASE_URL"):
        EmbeddedPostgres(tmp_path, {"shared_buffers": "plenty"}).start()


def test_the_error_for_an_unwritable_folder_names_it_and_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(PostgresUnavailable, match=r"file/postgres.*JOBTALLY_DATA_DIR"):
        EmbeddedPostgres(tmp_path / "file").start()


def test_a_database_of_a_version_that_is_not_installed_is_not_changed(tmp_path: Path) -> None:
    version = tmp_path / "postgres" / "cluster" / "PG_VERSION"
    version.parent.mkdir(parents=True)
    version.write_text("9\n")
    with pytest.raises(PostgresUnavailable, match=r"created by PostgreSQL 9,.*JOBTALLY_DATA_DIR"):
        EmbeddedPostgres(tmp_path).start()
    assert version.read_text() == "9\n"


def test_the_error_without_any_postgresql_names_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "find_installed", list)
    with pytest.raises(PostgresUnavailable, match=r"`embedded` extra.*JOBTALLY_DATABASE_URL"):
        EmbeddedPostgres(tmp_path).start()


@pytest.mark.skipif(not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")), reason="no system PostgreSQL")
def test_a_database_of_the_systems_postgresql_keeps_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as without_wheel:
        without_wheel.setattr(binaries, "WHEEL", "absent_package")
        with EmbeddedPostgres(tmp_path, FAST) as postgres:
            [(system,)] = execute(postgres.app_url, "SHOW server_version")
    with EmbeddedPostgres(tmp_path, FAST) as postgres:
        assert execute(postgres.app_url, "SHOW server_version") == [(system,)]
        assert execute(postgres.app_url, "SELECT lower('Ā')") == [("ā",)]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that each user of the machine can enter, unlike pytest's."""
    with tempfile.TemporaryDirectory(prefix="jobtally-test-") as folder:
        Path(folder).chmod(0o777)
        yield Path(folder)


root_only = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


@root_only
def test_root_without_user_namespaces_runs_the_server_as_nobody(
    open_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for program in ("setpriv", "test"):
        path = shutil.which(program)
        assert path is not None
        (tmp_path / program).symlink_to(path)
    with EmbeddedPostgres(open_folder / "data", FAST) as postgres:
        execute(postgres.owner_url, "CREATE TABLE kept AS SELECT 42 AS x")
    monkeypatch.setenv("PATH", str(tmp_path))
    with EmbeddedPostgres(open_folder / "data", FAST) as postgres:
        server = server_of(open_folder / "data")
        assert server is not None
        assert Path(f"/proc/{server.pid}").stat().st_uid == 65534
        assert execute(postgres.app_url, "SELECT x FROM kept") == [(42,)]
    assert server_of(open_folder / "data") is None


@root_only
def test_the_error_for_root_without_unshare_and_setpriv_names_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PostgresUnavailable, match=r"root.*JOBTALLY_DATABASE_URL"):
        EmbeddedPostgres(tmp_path / "data").start()


@root_only
def test_root_does_not_use_the_database_of_another_user(open_folder: Path) -> None:
    home = open_folder / "postgres"
    home.mkdir()
    os.chown(home, 12345, 12345)
    with pytest.raises(PostgresUnavailable, match=r"another user \(uid 12345\)"):
        EmbeddedPostgres(open_folder).start()


@root_only
@pytest.mark.parametrize("uid", [1, 12345], ids=["with a name", "without one"])
def test_an_ordinary_user_runs_the_server_as_itself(open_folder: Path, uid: int) -> None:
    ordinary = ("setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups")
    system_python = f"/usr/bin/python3.{sys.version_info.minor}"
    python = sys.executable if _can_run(ordinary, sys.executable) else system_python
    if not _can_run(ordinary, python):
        pytest.skip(f"an ordinary user can run neither {sys.executable} nor {system_python} here")
    with other_process(open_folder / "data", *ordinary, python=python) as user:
        assert user.url()
        server = server_of(open_folder / "data")
        assert server is not None
        assert Path(f"/proc/{server.pid}").stat().st_uid == uid
        user.kill()
        wait_until_stopped(open_folder / "data")


def _can_run(prefix: tuple[str, ...], program: str) -> bool:
    # The program starts itself again, because `setpriv` may start a program that the new user cannot start.
    again = "import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', 'import psycopg']))"
    probe = [*prefix, program, "-c", again]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(REPOSITORY), *sys.path])}
    return subprocess.run(probe, env=environment, capture_output=True, check=False).returncode == 0
