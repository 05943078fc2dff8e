"""A table as a file to download, named in Chinese; public data for programs."""

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from worklists.exports import FORMATS, Sheet


def respond(sheet: Sheet, *, name: str, format: str) -> HttpResponse:
    """The download; a format that we do not write is not there."""
    if format not in FORMATS:
        raise Http404
    mime, write = FORMATS[format]
    response = HttpResponse(write(sheet), content_type=mime)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{format}") or ""
    response["X-Content-Type-Options"] = "nosniff"
    return response


def open_data(content: bytes) -> HttpResponse:
    """JSON that any page of any site may read: it is public, and nobody is signed in to it."""
    response = HttpResponse(content, content_type="application/json; charset=utf-8")
    response["Access-Control-Allow-Origin"] = "*"
    return response
