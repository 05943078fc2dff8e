"""Pages of a signed-in person through the WSGI application, against a bare function that asks the database the same
number of statements for the same rows (credentials included) and writes the same bytes."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from admission.models import Application
from base.models import User
from benchmarks import county
from benchmarks.measure import Result, in_turn
from benchmarks.sizes import Sizes
from config.wsgi import application
from worklists.models import ItemVersion

App = Callable[..., Any]
SIGNED_IN_AS = "office"
AT_LEAST = 0.10


def measure(sizes: Sizes, *, url: str) -> Iterator[Result]:
    """A list of fifty and two objects, in-process: no server between."""
    cookie = cookie_of(User.objects.get(username=SIGNED_IN_AS))
    versions = ItemVersion.objects.known().in_force(timezone.localdate())
    item = versions.filter(department_text=county.BUREAU).order_by("pk")[0].item
    finished = Application.objects.get()
    pages = [
        ("HTML list of 50 items", reverse("worklists:county", args=[county.CODE]) + f"?department={county.BUREAU}"),
        ("HTML page of an item", reverse("worklists:item", args=[item.code])),
        ("HTML page of a finished application", reverse("admission:application", args=[finished.pk])),
    ]
    with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as bare:
        for name, address in pages:
            yield _measure(name, environ_of(address, cookie), bare, sizes)


def _measure(name: str, environ: dict[str, Any], bare: psycopg.Connection, sizes: Sizes) -> Result:
    statements, body = _observed(environ)

    def function(_environ: dict[str, Any], start_response: Callable[..., object]) -> list[bytes]:
        for statement, said in statements:
            bare.execute(statement, said).fetchall()
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [body]

    def many(app: App) -> None:
        for _n in range(sizes.requests):
            answer(app, environ)

    ours, theirs = in_turn([lambda: many(application), lambda: many(function)], rounds=sizes.rounds)
    size = f"{len(body) / 1024:.0f} KB"
    return Result(
        f"{name}, signed in ({size})", theirs / ours, AT_LEAST, f"a bare function with the same {len(statements)} "
        "statements and bytes", at_least=True,
    )  # fmt: skip


def _observed(environ: dict[str, Any]) -> tuple[list[tuple[str, Any]], bytes]:
    """What a page asks the database, and what it answers."""
    asked: list[tuple[str, Any]] = []

    def note(execute: Callable[..., Any], statement: str, said: Any, many: bool, context: dict[str, Any]) -> Any:
        asked.append((statement, said))
        return execute(statement, said, many, context)

    answer(application, environ)
    with connection.execute_wrapper(note):
        body = answer(application, environ)
    return asked, body


def answer(app: App, environ: dict[str, Any]) -> bytes:
    """One request as a web server makes it. Raises ValueError unless it is answered with a page."""
    told: list[str] = []
    response = app({**environ, "wsgi.input": BytesIO()}, lambda status, _headers, _info=None: told.append(status))
    try:
        body = b"".join(response)
    finally:
        if close := getattr(response, "close", None):
            close()
    if told != ["200 OK"]:
        raise ValueError(f"{environ['PATH_INFO']}: {told}")
    return body


def cookie_of(user: User) -> str:
    """What the browser of somebody signed in sends along."""
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def environ_of(address: str, cookie: str) -> dict[str, Any]:
    """A GET as a web server hands it over."""
    return RequestFactory(SERVER_NAME="localhost", HTTP_COOKIE=cookie).get(address).environ
