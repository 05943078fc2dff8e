"""我的视图: keep the filters of a list under a name, go back to them, forget them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View

from base import saved
from base.errors import RuleViolation
from base.saved import SavedView


class Keep(View):
    """POST: `path` and `query` of a list, `name` for them. A refusal is said on the list; its filters stay."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        path, query = _path(request.POST.get("path", "")), saved.narrowed(QueryDict(request.POST.get("query", "")))
        name = request.POST.get("name", "")
        try:
            view, is_new = saved.keep(user_id=_me(request), path=path, query=query, name=name, at=timezone.now())
        except RuleViolation as refusal:
            messages.error(request, str(refusal))
            return redirect(f"{path}?{query}")
        said = _("已存为视图“%s”，以后点一下就是这些筛选。") if is_new else _("视图“%s”原来就有，已换成现在的筛选。")
        messages.success(request, said % view)
        return redirect(view.url)


class Forget(View):
    """POST: one view less."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        view = get_object_or_404(SavedView.objects.visible_to(_me(request)), pk=pk)
        saved.forget(view)
        messages.success(request, _("已删去视图“%s”。") % view)
        return redirect(view.path)


def _me(request: HttpRequest) -> int:
    """The middleware lets nobody through who has not signed in."""
    return int(request.user.pk or 0)


def _path(said: str) -> str:
    """A page of this portal and nothing else."""
    try:
        resolve(said)
    except Resolver404 as error:
        raise Http404 from error
    if len(said) > saved.LONGEST_PATH or not url_has_allowed_host_and_scheme(said, None):
        raise Http404
    return said
