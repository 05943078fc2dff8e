"""The settings, read as a production installation reads them: safe unless told otherwise."""

import json
import os
import subprocess
import sys

import pytest
from django.core.checks import run_checks
from django.urls import reverse

from config import places

PRINT = """
import json, pathlib
from environs import Env
Env.read_env = lambda *a, **k: True   # a developer's .env is not a production's
from config import settings
names = {names!r}
print(json.dumps({{name: getattr(settings, name) for name in names}}, default=str))
"""


def read(*names: str, **environment: str) -> dict[str, object]:
    answer = subprocess.run(
        [sys.executable, "-c", PRINT.format(names=names)],
        cwd=places.BASE_DIR, env={"PATH": os.environ["PATH"], **environment},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(answer.stdout)


def test_production_is_safe_by_default():
    assert read(
        "DEBUG", "DEMO", "ALLOWED_HOSTS", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
        "SECURE_HSTS_SECONDS", "SECURE_PROXY_SSL_HEADER", SECRET_KEY="k",
    ) == {
        "DEBUG": False,
        "DEMO": False,
        "ALLOWED_HOSTS": [],
        "SECURE_SSL_REDIRECT": True,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_HSTS_SECONDS": 365 * 24 * 60 * 60,
        "SECURE_PROXY_SSL_HEADER": None,
    }  # fmt: skip


def test_there_is_no_default_secret():
    with pytest.raises(subprocess.CalledProcessError) as refusal:
        read("DEBUG")
    assert "SECRET_KEY" in refusal.value.stderr


def test_an_address_of_postgresql_is_read_as_libpq_reads_it():
    url = "postgresql://me:p%40ss@db.example:5433/portal?sslmode=require"
    database = read("DATABASES", SECRET_KEY="k", DATABASE_URL=url)["DATABASES"]["default"]
    assert {name: database[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
        "NAME": "portal", "USER": "me", "PASSWORD": "p@ss", "HOST": "db.example", "PORT": "5433",
    }  # fmt: skip
    assert database["OPTIONS"]["sslmode"] == "require"


def test_the_demo_answers_this_machine_without_tls():
    settings = read("ALLOWED_HOSTS", "SECURE_SSL_REDIRECT", SECRET_KEY="k", DEMO="true", ALLOWED_HOSTS="portal.example")
    assert settings == {
        "ALLOWED_HOSTS": ["portal.example", "localhost", "127.0.0.1", "[::1]"],
        "SECURE_SSL_REDIRECT": False,
    }


@pytest.mark.parametrize(("place", "problems"), [("", ["config.E001"]), ("/srv/portal", [])])
def test_an_installation_chooses_where_attachments_lie(monkeypatch, place, problems):
    monkeypatch.setenv("DATA_DIR", place)
    assert [message.id for message in run_checks(tags=["files"], include_deployment_checks=True)] == problems


@pytest.mark.parametrize("name", ["DEBUG", "DEMO"])
def test_development_and_the_demo_may_leave_it_to_us_where_attachments_lie(monkeypatch, settings, name):
    monkeypatch.setenv("DATA_DIR", "")
    setattr(settings, name, True)
    assert run_checks(tags=["files"], include_deployment_checks=True) == []


@pytest.mark.django_db
def test_every_page_forbids_inline_code_and_frames(client):
    answer = client.get(reverse("account_login"))
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "camera=()" in answer.headers["Permissions-Policy"]


@pytest.mark.django_db
def test_nobody_registers(client):
    assert "password1" not in client.get(reverse("account_signup")).content.decode()
    client.post(
        reverse("account_signup"), {"username": "new", "password1": "hard to guess", "password2": "hard to guess"}
    )
    from base.models import User

    assert not User.objects.filter(username="new").exists()


@pytest.mark.django_db
def test_a_visitor_chooses_the_language_without_signing_in(client):
    answer = client.post(reverse("set_language"), {"language": "en", "next": "/healthz"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/healthz")


def test_the_data_directory_that_the_settings_found_goes_before_the_environment(monkeypatch):
    monkeypatch.setenv("DATA_DIR", "/srv/of-the-environment")
    assert [str(places.data_dir(found)) for found in ("/srv/found", "")] == ["/srv/found", "/srv/of-the-environment"]
