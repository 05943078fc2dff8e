"""`make demo`: the whole portal from one command, and all of it gone with one Ctrl-C.

Database -> broker -> tables -> demo county -> web -> worker with scheduler. A module rather than a management command:
it makes what the settings need (the key, the addresses) before they can be read.
"""

import errno
import hashlib
import http.client
import logging
import os
import secrets
import signal
import socket
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

from environs import Env

from config import places
from config.embedded import Child, EmbeddedError, running
from config.embedded.process import spawn, wait_until

DEFAULT_PORT = 8000


def main() -> int:
    Env().read_env(places.BASE_DIR / ".env", recurse=False)
    os.umask(0o077)  # what is written here is for this account alone
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop_once)
    try:
        serve(host=os.environ.get("HOST") or "127.0.0.1", port=wanted_port(), data=places.data_dir())
    except KeyboardInterrupt:
        say("已停止。")
    except EmbeddedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def serve(*, host: str, port: int, data: Path) -> NoReturn:
    """Start everything in order, say the address when it really answers, and watch until stopped."""
    check_port(host, port)
    with ExitStack() as stack:
        say("正在启动数据库和消息代理……")
        services = stack.enter_context(running(data))
        os.environ |= {
            "DEMO": "true",
            "SECRET_KEY": keep_secret(data),
            "DATA_DIR": str(data),
            "HOST": host,
            "PORT": str(port),
            "DATABASE_URL": services.database_url,
            "REDIS_URL": services.broker_url,
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        os.environ.setdefault("PORTAL_URL", address(host, port))
        prepare(data)
        say("正在启动网站……")
        children = [*services.children, start_web(data), start_worker(data)]
        for child in children[-2:]:
            stack.callback(child.stop)
        wait_until(lambda: answers(host, port), children[-2])
        say(f"已就绪：{address(host, port)}/")
        say(f"数据和日志在 {data}。按 Ctrl-C 停止。")
        watch(children)


def prepare(data: Path) -> None:
    """Tables, demo county, static files: each only where it is not there yet."""
    import django  # noqa: PLC0415  the settings can be read only now

    django.setup()
    from django.contrib.auth import get_user_model  # noqa: PLC0415  needs the apps
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection, transaction  # noqa: PLC0415

    check_database()
    say("正在准备数据表……")
    call_command("migrate", interactive=False, verbosity=0)
    if not get_user_model().objects.exists():
        say("正在建立示范县……")
        logging.getLogger().setLevel(logging.WARNING)  # who waits here reads sentences, not log lines
        with transaction.atomic():  # whole or not at all: a killed start begins again
            call_command("seed_demo")
    collect_static(data)
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # of the PostgreSQL backend


def check_database() -> None:
    """DATABASE_URL may stand in a production's .env: the demo's worker would take its e-mail for files."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415  needs the apps
    from django.db import connection  # noqa: PLC0415

    from config.demo_county.cast import ACCOUNTS  # noqa: PLC0415

    accounts = get_user_model()
    if accounts._meta.db_table not in connection.introspection.table_names():
        return
    names = set(accounts.objects.values_list("username", flat=True))
    if names and not names.issuperset(name for name, *_post in ACCOUNTS):
        raise EmbeddedError(
            "DATABASE_URL 指的数据库里已经有账号，不是示范县，没有动它。"
            "演示请用平台自带的数据库：make demo DATABASE_URL= REDIS_URL= DATA_DIR="
        )


def collect_static(data: Path) -> None:
    """Collect where a file has changed since the last time."""
    from django.contrib.staticfiles.finders import get_finders  # noqa: PLC0415  needs the settings
    from django.core.management import call_command  # noqa: PLC0415

    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    known = data / "static.fingerprint"
    if known.exists() and known.read_text() == digest.hexdigest():
        return
    say("正在收集静态文件……")
    call_command("collectstatic", interactive=False, verbosity=0)
    known.write_text(digest.hexdigest())


def start_web(data: Path) -> Child:
    command = [sys.executable, "-m", "gunicorn", "-c", places.BASE_DIR / "config/gunicorn_conf.py", "config.wsgi"]
    return spawn("网站", command, log=_log(data, "web"), env=os.environ, cwd=places.BASE_DIR)


def start_worker(data: Path) -> Child:
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "config",
        "worker",
        "--beat",
        "--concurrency",
        "1",
        "--loglevel",
        "info",
        "--without-gossip",
        "--without-mingle",
    ]
    return spawn("后台任务", command, log=_log(data, "worker"), env=os.environ, cwd=places.BASE_DIR)


def _log(data: Path, name: str) -> Path:
    return data / f"{name}.log"


def watch(children: list[Child]) -> NoReturn:
    """One that ends takes all with it: half a portal is worse than none."""
    while True:
        for child in children:
            if not child.alive:
                raise EmbeddedError(
                    f"{child.name}意外停止，其余部分也已停止。日志（{child.log}）最后写着：\n{child.last_words()}"
                )
        time.sleep(0.2)


def answers(host: str, port: int) -> bool:
    line = http.client.HTTPConnection(host, port, timeout=2)
    try:
        line.request("GET", "/healthz", headers={"Host": "localhost"})
        return line.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def address(host: str, port: int) -> str:
    name = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104  compared, not bound
    return f"http://{name}:{port}"


def wanted_port() -> int:
    text = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 2**16):
        raise EmbeddedError(f"PORT 应是 1 到 65535 的整数，现在是“{text}”。")
    return int(text)


def check_port(host: str, port: int) -> None:
    """Before anything is started."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn does
        try:
            trial.bind((host, port))
        except OSError as error:
            reasons = {errno.EADDRINUSE: "已被别的程序占用", errno.EACCES: "需要更高的权限才能使用"}
            reason = reasons.get(error.errno or 0, f"不能使用（{error.strerror}）")
            raise EmbeddedError(
                f"端口 {port} {reason}。请用 PORT= 换一个，例如：make demo PORT={DEFAULT_PORT + 1}"
            ) from error


def keep_secret(data: Path) -> str:
    """The key of this demo, made once and readable by its owner only."""
    place = places.kept_secret(data)
    if not place.exists():
        fresh = place.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50))
        fresh.rename(place)
    return place.read_text()


def say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def _stop_once(number: int, _frame: object) -> NoReturn:
    """The first signal stops everything in order; those that follow must not interrupt that."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt(number)


if __name__ == "__main__":
    sys.exit(main())
