"""PostgreSQL is killed in the middle of an approval, under the real web server: the whole way from click to click."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import psycopg
import pytest
from django.core.management import call_command

from base.models import User
from communities import actions as communities
from communities.roles import Role, system
from config import embedded, places
from config.embedded import home, postgres
from config.embedded.process import service_account
from tests import doomed
from tests.admission import world as ways
from tests.factories import PASSWORD

pytestmark = pytest.mark.slow
TEXT = "同意准入，“经费”按季度 <拨付>。\n第二行也要留住。"
APPROVE = "/applications/1/do/approve/"
SAYS = """
SELECT a.state, a.version, (SELECT string_agg(text, '|') FROM admission_decision),
  (SELECT count(*) FROM base_event WHERE kind = 'admission.application.approve'),
  (SELECT count(*) FROM base_message WHERE kind = 'admission.approve'),
  (SELECT md5(string_agg(t::text, '|' ORDER BY t.id)) FROM admission_deadline t)
FROM admission_application a"""


def build() -> None:
    """The county with one application that waits for the deputy, who can sign in."""
    call_command("migrate", verbosity=0)
    world = ways.make_world()
    ways.awaiting(world)
    communities.appoint(
        User.objects.create_user("deputy", password=PASSWORD), role=Role.DEPUTY, division=world.county,
        starts_on=date(2020, 1, 1), by=system(), at=world.at(),
    )  # fmt: skip


def check_the_chains() -> None:
    call_command("verify_events")


@dataclass
class Server:
    """A PostgreSQL of our own."""

    place: Path
    process: embedded.Child
    url: str

    @property
    def where(self) -> dict[str, str]:
        """For Django."""
        return {
            "NAME": places.DATABASE_NAME, "HOST": str(places.services_home(self.place) / "pg"), "PORT": "",
            "USER": places.DATABASE_USER, "PASSWORD": "",
        }  # fmt: skip

    def says(self) -> tuple[object, ...]:
        """What an approval changes, asked of the database itself."""
        with psycopg.connect(self.url) as connection:
            return connection.execute(SAYS).fetchone()

    def kill(self, asking: psycopg.Connection) -> None:
        """Every process of it at once, as when the machine goes out."""
        backends = [pid for (pid,) in asking.execute("SELECT pid FROM pg_stat_activity").fetchall()]
        for pid in (self.process.process.pid, *backends):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def start(self) -> None:
        """Again, on the same data."""
        self.process = postgres.start(places.services_home(self.place), account=service_account(), durable=True)


@pytest.fixture
def server(monkeypatch) -> Iterator[Server]:
    """With the county in it."""
    place = home.fresh_place("x-")
    with contextlib.ExitStack() as stack:
        with monkeypatch.context() as without:
            without.delenv("DATABASE_URL")
            services = stack.enter_context(embedded.running(place))
        made = Server(place, services.children[0], services.database_url)
        assert doomed.done(doomed.start(build, database=made.where)) == 0
        yield made
        made.process.stop()
    shutil.rmtree(places.services_home(place), ignore_errors=True)
    shutil.rmtree(place, ignore_errors=True)


@dataclass
class Browser:
    """Somebody's browser: it keeps cookies, follows redirects and shows error pages like any other."""

    root: str
    opener: OpenerDirector = field(default_factory=lambda: build_opener(HTTPCookieProcessor(CookieJar())))

    def open(self, address: str, fields: list[tuple[str, str]] | None = None) -> tuple[int, str, str]:
        """Status, the address it came to, the page."""
        body = urlencode(fields).encode() if fields is not None else None
        try:
            answer = self.opener.open(f"{self.root}{address}", body, timeout=doomed.PATIENCE)
        except HTTPError as error:
            answer = error
        with answer:
            return answer.status, answer.url.removeprefix(self.root), answer.read().decode()

    def send(self, address: str, page: str, **typed: str) -> tuple[int, str, str]:
        """The form of the page, filled in."""
        hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
        return self.open(address, [(name, unescape(value)) for name, value in hidden] + list(typed.items()))

    def answers(self) -> bool:
        with contextlib.suppress(OSError):
            return self.open("/healthz")[0] == 200
        return False


@pytest.fixture
def web(server) -> Iterator[str]:
    """The address of gunicorn with one worker and the settings of production."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    environment = {
        "DATABASE_URL": server.url, "DATA_DIR": str(server.place), "PORT": port, "WEB_WORKERS": "1",
        "ALLOWED_HOSTS": "127.0.0.1", "DATABASE_POOL_MAX": "4",
    }  # fmt: skip
    (server.place / "static").mkdir()
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn_conf.py", "tests.served:application"]
    running = subprocess.Popen(command, env=os.environ | environment, cwd=places.BASE_DIR)
    try:
        doomed.until(Browser(f"http://127.0.0.1:{port}").answers)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(doomed.PATIENCE)


@pytest.fixture
def deputy(web) -> Browser:
    """Signed in, and later before the page of the approval."""
    browser = Browser(web)
    form = browser.open("/accounts/login/")[2]
    assert browser.send("/accounts/login/", form, login="deputy", password=PASSWORD)[:2] == (200, "/")
    return browser


def approve_while_the_server_dies(deputy: Browser, server: Server) -> tuple[int, str, str]:
    """The approval waits for its last lock, which we hold; then there is no server any more."""
    status, _address, form = deputy.open(APPROVE)
    assert status == 200
    holder = psycopg.connect(server.url)
    holder.execute("SELECT 1 FROM base_eventchain WHERE code = '430211' FOR UPDATE")
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(deputy.send, APPROVE, form, text=TEXT)
        doomed.until(lambda: doomed.waiting_for(holder))
        server.kill(holder)
        holder.close()
        return answer.result(doomed.PATIENCE)


def test_an_approval_that_the_death_of_the_database_broke_off_is_sent_again_and_happens_once(server, web, deputy):
    before = server.says()
    assert (before[0], before[2]) == ("awaiting_approval", None)

    status, _address, page = approve_while_the_server_dies(deputy, server)
    assert status == 503
    assert re.findall(r"<h1>(.*?)</h1>", page) == ["系统暂时办不了，不是您操作错了"]
    status, _address, home_page = deputy.open("/")
    assert (status, "系统暂时办不了" in home_page) == (503, True)
    assert [Browser(web).open(address)[0] for address in ("/healthz", "/readyz")] == [200, 503]

    server.start()
    assert server.says() == before
    assert deputy.send(APPROVE, page)[:2] == (200, "/applications/1/")
    after = server.says()
    assert (after[0], after[1]) == ("approved", before[1] + 1)
    assert after[2].splitlines() == TEXT.splitlines()
    assert after[3:5] == (1, 1)

    assert deputy.send(APPROVE, page)[:2] == (200, "/applications/1/"), "the same form once more leads to the case"
    assert server.says() == after
    assert deputy.open("/")[0] == 200
    assert doomed.done(doomed.start(check_the_chains, database=server.where)) == 0
