"""The log line of a request: whose it was, as far as the request itself had to know."""

from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware


class RequestLog(RequestMiddleware):
    """Never looks the user up for the log's sake: a database that is away would be waited for a second time."""

    @staticmethod
    def bind_user_id(request: HttpRequest) -> None:
        """Django keeps the user in `_cached_user` when somebody has asked for it."""
        if hasattr(request, "_cached_user"):
            RequestMiddleware.bind_user_id(request)
