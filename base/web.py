"""Between HTTP and the rules: a refusal becomes a page, input is made fit to keep, files are sent safely."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, QueryDict
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from base import files, once
from base.errors import NotAllowed, RuleViolation, Stale
from base.models import Attachment
from base.text import clean

GetResponse = Callable[[HttpRequest], HttpResponse]
IN_A_BOX = "sandbox; default-src 'none'"  # should a browser show the file after all, nothing in it runs


class Refusals:
    """Middleware: NotAllowed is 403, any other RuleViolation that no view caught is 409, each with its sentence.

    The address of an act, opened like a page, leads back to the page of what it is about.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do unless a view raises, or takes forms only."""
        response = self.get_response(request)
        if request.method == "GET" and isinstance(response, HttpResponseNotAllowed):
            page = render(request, "errors/405.html", _ways_on(request), status=405)
            page["Allow"] = response["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for a refusal; everything else is a bug and goes on."""
        if not isinstance(exception, RuleViolation):
            return None
        status = 403 if isinstance(exception, NotAllowed) else 409
        context = {
            "reason": str(exception),
            "changes": exception.changes if isinstance(exception, Stale) else [],
            "typed": request.method == "POST",
            **_ways_on(request, refused=status == 403),  # noqa: PLR2004
        }
        return render(request, f"errors/{status}.html", context, status=status)


def _ways_on(request: HttpRequest, *, refused: bool = False) -> dict[str, str]:
    """`back_url`: the page of what the address is about, unless that may be closed as well; `from_url`: the page one
    came from, if it is another one.
    """
    record, came_from = "" if refused else _record_of(request.path_info), _came_from(request)
    if urlsplit(came_from).path in {request.path, record, "/"}:
        came_from = ""
    return {"back_url": record, "from_url": came_from}


def _record_of(path: str) -> str:
    """The nearest page above an address: /meetings/5/ of /meetings/5/record/; empty where there is none but home."""
    parts = path.strip("/").split("/")
    for end in range(len(parts) - 1, 0, -1):
        above = "/" + "/".join(parts[:end]) + "/"
        try:
            view = resolve(above).func
        except Resolver404:
            continue
        if hasattr(getattr(view, "view_class", None), "get"):
            return above
    return ""


def _came_from(request: HttpRequest) -> str:
    """The page of this portal that led here, as path and query; an address of anybody else is never offered."""
    named = request.headers.get("Referer", "")
    own = {request.get_host()}
    if not url_has_allowed_host_and_scheme(named, allowed_hosts=own, require_https=request.is_secure()):
        return ""
    parts = urlsplit(named)
    path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    return path if url_has_allowed_host_and_scheme(path, allowed_hosts=None) else ""


class FitInput:
    """Middleware: an address with a NUL is refused, and what people type or paste loses its control characters.

    PostgreSQL refuses NUL and spreadsheets the others; nobody sees them, so nobody could take them out.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Before any view, so that no form and no `request.POST[...]` needs to think of it."""
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return render(request, "errors/400.html", status=400)
        if request.method == "POST":
            request.POST = _cleaned(request.POST)  # type: ignore[assignment]
        return self.get_response(request)


def _cleaned(form: QueryDict) -> QueryDict:
    fit = QueryDict(mutable=True, encoding=form.encoding)
    for name, values in form.lists():
        fit.setlist(clean(name), [clean(value) for value in values])
    fit._mutable = False  # noqa: SLF001  as Django makes its own
    return fit


class Once:
    """For a view whose form carries the hidden field of the tag `once`. To be named before the view class."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The view, unless the same form was sent before. An answer that is no redirect has made nothing."""
        token = _token(request)
        if token is None:
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        before = once.begin(token, at=timezone.now())
        if before is not None:
            return _again(request, before)
        url = ""
        try:
            answer: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
            url = self.led_to(answer)
        finally:
            once.end(token, url=url)
        return answer

    def led_to(self, answer: HttpResponse) -> str:
        """Where the same form, sent again, leads; empty where nothing was made."""
        return answer["Location"] if answer.status_code == 302 else ""  # noqa: PLR2004  a redirect


def _token(request: HttpRequest) -> UUID | None:
    if request.method != "POST":
        return None
    try:
        return UUID(request.POST.get("once", ""))
    except ValueError:
        return None


def _again(request: HttpRequest, before: once.SentForm) -> HttpResponse:
    if not before.url:
        raise RuleViolation(_("这张表正在提交，请不要重复提交；稍等一会儿，回到列表看结果。"))
    messages.info(request, _("这张表已经提交过，没有再登记一次。要另登一件，请重新打开一张。"))
    return redirect(before.url)


def send(attachment: Attachment) -> FileResponse:
    """The download of an attachment. Whether this person may have it is for the caller to check."""
    response = FileResponse(
        files.open_content(attachment), as_attachment=True, filename=attachment.name, content_type=attachment.mime
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = IN_A_BOX
    response["Cache-Control"] = "private, no-store"
    return response
