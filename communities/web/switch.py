"""Changing the appointment one works under."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View

from communities import actors


class Switch(View):
    """POST `appointment` and, where to go afterwards, `next`; without it the home page, which everyone may see."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        actor = actors.choose(request, request.POST.get("appointment", ""))
        messages.success(request, _("您现在以“%(label)s”的身份办理。") % {"label": actor.label})
        target = request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
        return redirect(target if safe else "/")
