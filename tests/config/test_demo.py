"""`make demo`: one command up, one Ctrl-C down, and one sentence for what stands in the way."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing

import psutil
import pytest
from django.db import connection

from config import demo, places
from config.demo_county.cast import ACCOUNTS
from config.embedded import EmbeddedError, home
from tests.factories import UserFactory

FIRST_START, SECOND_START = 240, 90  # only to notice that it hangs; the promise (10 s and 5 s) is measured by hand


@pytest.fixture
def place():
    data = home.fresh_place("x-")
    yield data
    shutil.rmtree(places.services_home(data), ignore_errors=True)
    shutil.rmtree(data, ignore_errors=True)


@pytest.fixture
def port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


@pytest.fixture
def start():
    """Starts a demo; what a failed test leaves running is ended."""
    started = []

    def launch(place, port) -> subprocess.Popen[str]:
        environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", "config.demo"],
                cwd=places.BASE_DIR,
                env=environment | {"DATA_DIR": str(place), "PORT": str(port)},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
        return started[-1]

    yield launch
    for run in started:
        if run.poll() is None:
            stop(run, signal.SIGTERM)
        run.stdout.close()


def read_until_ready(run: subprocess.Popen[str]) -> str:
    said = []
    for line in run.stdout:
        said.append(line)
        if found := re.search(r"已就绪：(http://\S+)", line):
            return found[1]
    pytest.fail(f"never ready: {''.join(said)}")


def first_page(port: int) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as line:
        line.request("GET", "/accounts/login/")
        with line.getresponse() as answer:
            return answer.status


def stop(run: subprocess.Popen[str], number: signal.Signals) -> int:
    run.send_signal(number)
    run.communicate(timeout=30)
    return run.returncode


def family(run: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(run.pid).children(recursive=True)


@pytest.mark.slow
def test_up_down_and_up_again(start, place, port):
    began = time.monotonic()
    run = start(place, port)
    assert read_until_ready(run) == f"http://127.0.0.1:{port}/"
    assert first_page(port) == 200
    assert time.monotonic() - began < FIRST_START
    everyone = family(run)
    assert {"gunicorn", "celery", "postgres"} <= {name for each in everyone for name in names(each)}

    assert stop(run, signal.SIGINT) == 0
    assert psutil.wait_procs(everyone, timeout=5)[1] == []

    began = time.monotonic()
    run = start(place, port)
    read_until_ready(run)
    assert time.monotonic() - began < SECOND_START
    everyone = family(run)
    assert stop(run, signal.SIGTERM) == 0
    assert psutil.wait_procs(everyone, timeout=5)[1] == []


def names(process: psutil.Process) -> list[str]:
    return [word for word in ("gunicorn", "celery", "postgres") if word in " ".join(process.cmdline())]


@pytest.mark.slow
def test_one_that_dies_takes_all_with_it_and_is_named(start, place, port):
    run = start(place, port)
    read_until_ready(run)
    everyone = family(run)
    next(each for each in everyone if "celery" in names(each)).kill()
    said, _ = run.communicate(timeout=30)
    assert run.returncode == 1
    assert "后台任务意外停止" in said
    assert psutil.wait_procs(everyone, timeout=5)[1] == []


@pytest.mark.slow
def test_a_killed_demo_leaves_nothing_and_starts_again(start, place, port):
    run = start(place, port)
    read_until_ready(run)
    everyone = family(run)
    run.kill()
    run.communicate()
    assert psutil.wait_procs(everyone, timeout=20)[1] == []

    run = start(place, port)
    read_until_ready(run)
    assert stop(run, signal.SIGINT) == 0


def test_a_taken_port_is_one_sentence_before_anything_starts(start, place):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        run = start(place, number)
        said, _ = run.communicate(timeout=30)
    assert run.returncode == 1
    assert said == f"端口 {number} 已被别的程序占用。请用 PORT= 换一个，例如：make demo PORT=8001\n"
    assert list(place.iterdir()) == []


def test_an_unreadable_data_directory_is_one_sentence(start, place, port):
    (place / "closed").mkdir()
    (place / "closed").chmod(0)
    run = start(place / "closed", port)
    said, _ = run.communicate(timeout=30)
    assert run.returncode == 1
    assert re.search(r"数据目录 \S+/closed 无法读写：权限是 0，.*请改正它，或用 DATA_DIR= 换一个目录。", said)


@pytest.mark.django_db
def test_the_demo_leaves_a_database_alone_that_holds_accounts_and_no_demo():
    UserFactory.create(username="somebody-real")
    UserFactory.create(username="office")
    with pytest.raises(EmbeddedError, match="不是示范县"):
        demo.check_database()


@pytest.mark.django_db
def test_the_demo_takes_an_empty_database_and_its_own_again():
    demo.check_database()
    for name, *_post in ACCOUNTS:
        UserFactory.create(username=name)
    UserFactory.create(username="made-while-trying")
    assert demo.check_database() is None, "it raises what it refuses"


@pytest.mark.django_db
def test_the_demo_takes_a_database_without_tables():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path TO pg_temp")
    assert demo.check_database() is None, "it raises what it refuses"


@pytest.mark.parametrize("text", ["0", "65536", "٨٠٠٠", "http", "-1"])
def test_a_port_that_is_none_is_one_sentence(monkeypatch, text):
    monkeypatch.setenv("PORT", text)
    with pytest.raises(EmbeddedError, match=r"PORT 应是 1 到 65535 的整数"):
        demo.wanted_port()


def test_the_port_has_a_default(monkeypatch):
    monkeypatch.setenv("PORT", "")
    assert demo.wanted_port() == 8000


def test_the_secret_is_made_once_and_read_by_its_owner_only(tmp_path):
    secret = demo.keep_secret(tmp_path)
    assert len(secret) >= 50
    assert demo.keep_secret(tmp_path) == secret
    assert places.kept_secret(tmp_path).stat().st_mode & 0o777 == 0o600
