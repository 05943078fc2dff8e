"""What the frame of every page shows besides who is working: the day, the navigation, what has not been read."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from base.models import Outbox
from communities.actors import actor_of
from communities.models import Appointment
from communities.roles import Role
from config import nav
from config.demo_county import cast

SIGN_IN = "account_login"


def frame(request: HttpRequest) -> dict[str, Any]:
    """`today` and `nav`; one query, for the number of unread messages of the post."""
    return {"today": timezone.localdate(), "nav": nav.links(request, actor_of(request), unread(request))}


def unread(request: HttpRequest) -> dict[str, int]:
    """How many messages of the post nobody has opened, by the entry that shows it."""
    actor = actor_of(request)
    return {} if actor is None else {nav.INBOX: Outbox.objects.visible_to(actor).unread().count()}


def demo(request: HttpRequest) -> dict[str, Any]:
    """In a demo the sign-in page lists the accounts to try, as far as they have been made."""
    match = request.resolver_match
    if not settings.DEMO or match is None or match.view_name != SIGN_IN:
        return {}
    order = [name for name, *_post in cast.ACCOUNTS]
    held = Appointment.objects.valid(timezone.localdate()).filter(user__username__in=order)
    posts = {row.user.username: row for row in held.select_related("user", "division", "unit").order_by("-pk")}
    accounts = [
        {"username": name, "label": Role(posts[name].role).label, "what": posts[name].actor().unit_name}
        for name in order
        if name in posts
    ]
    return {"demo_accounts": accounts, "demo_password": cast.PASSWORD}
