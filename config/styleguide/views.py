"""The living page of all components."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from config.styleguide import samples
from config.styleguide.forms import sample_forms


@login_not_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component with sample data: what a page may be made of, and how it looks. A draft is answered as saved."""
    if request.method == "POST" and request.headers.get("HX-Request"):
        return render(request, "components/saved.html", {"saved_at": timezone.now()})
    context = {**samples.frame(), **sample_forms(), **samples.application(), **samples.lists(), **samples.public_list()}
    return render(request, "styleguide.html", context)
