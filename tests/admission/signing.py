"""Sign in as somebody of the world, and send forms as a browser without scripts does."""

from datetime import date
from html.parser import HTMLParser

from django.test import Client

from base.models import User
from communities.models import Appointment, Department, Division
from communities.roles import Actor

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(actor: Actor) -> Client:
    """A browser in which this post is signed in."""
    user, _made = User.objects.get_or_create(username=actor.inbox)
    Appointment.objects.get_or_create(
        user=user,
        role=actor.role,
        division=Division.objects.get(code=actor.code),
        unit=Department.objects.filter(pk=actor.unit_id).first(),
        defaults={"starts_on": date(2020, 1, 1)},
    )
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.inside, self.found = False, {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "main":
            self.inside = True
        if self.inside and tag == "input" and given.get("type") == "hidden" and given.get("name"):
            self.found[given["name"]] = given.get("value") or ""


def hidden_fields(response) -> dict[str, str]:
    """The hidden fields of the page's own forms."""
    parser = _Fields()
    parser.feed(response.content.decode())
    return {name: value for name, value in parser.found.items() if name != "csrfmiddlewaretoken"}


def send(client: Client, url: str, **typed: object):
    """Open the page, type, send; what the server then says."""
    return client.post(url, {**hidden_fields(client.get(url)), **typed})
