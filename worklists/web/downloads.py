"""A table as a file to download, named in Chinese."""

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
