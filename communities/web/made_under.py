"""A form made under one of a person's posts and sent under another: said, with the way back, before anything is done.

Whoever holds several posts works in several tabs; a switch in one reaches them all. A link from a message or a
colleague leads under the wrong one, too: the page says under which of one's own posts it opens.
"""

from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import ResolverMatch
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from base.errors import NotAllowed, RuleViolation
from communities.actors import MADE_UNDER, ActorMixin, standing_of, under
from communities.models import Appointment

SWITCH = "communities:switch"
"""Its form may come from any tab."""


def way_back(request: HttpRequest, owner: Appointment) -> HttpResponse:
    """Which post it is of, which one works now, and the switch; to a script that saves as one types, a sentence."""
    actor = standing_of(request).actor
    said = {"now": actor.label if actor else "", "owner": owner.actor().label}
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(
            _("还没有存到服务器：您换了职务，现在是“%(now)s”，这一页是“%(owner)s”的。"
              "您填的内容留在这台电脑上，换回来再接着填。") % said,
            status=409, content_type="text/plain; charset=utf-8",
        )  # fmt: skip
    context = {**said, "appointment": owner.pk, "typed": request.method == "POST", "here": _page_of(request)}
    return render(request, "communities/other_post.html", context, status=409)


def _page_of(request: HttpRequest) -> str:
    """The page that the form stood on, which need not be the address it was sent to."""
    came_from = request.headers.get("Referer", "") if request.method == "POST" else ""
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        page = urlsplit(came_from)
        return f"{page.path}?{page.query}" if page.query else page.path
    return request.get_full_path() if request.method == "GET" else request.path


def whose_page(request: HttpRequest) -> Appointment | None:
    """Another post of the same person under which this address opens; None where none of them opens it.

    Only the page itself knows, so it is asked, as it would be after the switch; whatever it did is undone.
    """
    standing = standing_of(request)
    others = [row for row in standing.appointments if row != standing.current]
    return next((row for row in others if _opens(request, row)), None)


def _opens(request: HttpRequest, post: Appointment) -> bool:
    match = request.resolver_match
    if match is None:
        return False
    with transaction.atomic(), under(request, post):
        try:
            answer: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        except (Http404, NotAllowed):
            return False
        except RuleViolation:  # seen, and not to be done now: that page says why
            return True
        finally:
            transaction.set_rollback(True)
    if isinstance(answer, FileResponse) and answer.file_to_stream:
        answer.file_to_stream.close()
    return answer.status_code < 400  # noqa: PLR2004  a page, or on to one


def _ours(match: ResolverMatch) -> bool:
    """A view that works under a post; signing out or changing the language does not."""
    return bool(match.namespaces) or issubclass(getattr(match.func, "view_class", object), ActorMixin)


class UnderOnePost:
    """Middleware: a form of our apps is taken under the post it was made under; a page says under which it opens."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """What matters is known once the address has been resolved."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """The way back, where another of one's posts holds by now; a post that has ended has none."""
        match = request.resolver_match
        if request.method != "POST" or match is None or match.view_name == SWITCH or not _ours(match):
            return None
        made_under = request.POST.get(MADE_UNDER, "")
        standing = standing_of(request) if made_under else None
        if standing is None or standing.current is None or str(standing.current.pk) == made_under:
            return None
        owner = next((row for row in standing.appointments if str(row.pk) == made_under), None)
        return way_back(request, owner) if owner else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page that is not there for this post, or not for it to use, and is for another of one's own."""
        if request.method != "GET" or not isinstance(exception, Http404 | NotAllowed):
            return None
        match = request.resolver_match
        if match is None or not match.namespaces or request.headers.get("HX-Request") == "true":
            return None
        owner = whose_page(request)
        return way_back(request, owner) if owner else None
