"""The pages for what goes wrong outside the rules. They say what to do next and give nothing away."""

import sys
from functools import partial

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.views import defaults

bad_request = partial(defaults.bad_request, template_name="errors/400.html")
permission_denied = partial(defaults.permission_denied, template_name="errors/403.html")
page_not_found = partial(defaults.page_not_found, template_name="errors/404.html")

RETRY_AFTER = 60  # seconds, for machines that ask


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Passwords, codes and links tried too often: when to try again."""
    return render(request, "errors/429.html", status=429)


def server_error(request: HttpRequest) -> HttpResponse:
    """A bug is 500. A database that is away, or that broke off this act, is 503: the same again will work."""
    if isinstance(sys.exception(), (OperationalError, InterfaceError)):
        return unavailable(request)
    return defaults.server_error(request, template_name="errors/500.html")


def unavailable(request: HttpRequest) -> HttpResponse:
    """What was typed comes back hidden in the page and can be sent again from it. Asks neither database nor session."""
    again = _may_be_sent_again(request)
    context = {
        "address": request.get_full_path(),
        "again": again,
        "typed": _typed(request) if again else [],
        "files": again and bool(request.FILES),
        "csrf_token": get_token(request) if again else "",
    }
    answer = HttpResponse(render_to_string("errors/503.html", context), status=503)
    answer["Retry-After"] = str(RETRY_AFTER)
    add_never_cache_headers(answer)
    return answer


def _may_be_sent_again(request: HttpRequest) -> bool:
    """A form, but none with a password: that is never written into a page."""
    return request.method == "POST" and not any("password" in name for name in request.POST)


def _typed(request: HttpRequest) -> list[tuple[str, object]]:
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    return [field for field in fields if field[0] != "csrfmiddlewaretoken"]


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token did not fit: nearly always a page left open too long."""
    return HttpResponse(render_to_string("errors/csrf.html"), status=403)
