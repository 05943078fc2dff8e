"""/healthz and /readyz: asked by machines, without a sign-in."""

import pytest
from django.db import connection


def test_healthz_answers_without_a_database(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.django_db
def test_readyz_asks_the_database(client):
    assert client.get("/readyz").json() == {"database": "ok"}


@pytest.mark.django_db(transaction=True)
def test_readyz_says_when_the_database_does_not_answer(client, settings):
    with connection.execute_wrapper(refuse):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": "down"})


def refuse(*_args):
    from django.db import OperationalError

    raise OperationalError("the server is gone")
