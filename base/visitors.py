"""Who knocks at the door, as the sign-in's limits count it: from which address, and under which name."""

import ipaddress
from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy


class KeptCount(models.Model):
    """The table of Django's database cache (settings.CACHES), where the sign-in library counts what must be few."""

    cache_key = models.CharField(gettext_lazy("名称"), max_length=255, primary_key=True)
    value = models.TextField(gettext_lazy("内容"))
    expires = models.DateTimeField(gettext_lazy("有效到"), db_index=True)

    class Meta:
        verbose_name = gettext_lazy("短期计数")
        verbose_name_plural = gettext_lazy("短期计数")

    def __str__(self) -> str:
        return self.cache_key


def address_of(request: HttpRequest) -> str | None:
    """The visitor's address. Behind the proxy the last of X-Forwarded-For: the proxy's own word, whatever came before.

    That holds for a proxy that sets the header and for one that appends to it.
    """
    said = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() if settings.BEHIND_PROXY else ""
    return _address(said) or _address(request.META.get("REMOTE_ADDR", ""))


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str | None:
    """The account name as the database compares it: capitals and spaces around it make no other account.

    Through capitals, as PostgreSQL goes: some letters have no small form of their own there.
    """
    typed = (credentials or {}).get("username") or request.POST.get("login")
    return str(typed).strip().upper().lower() if typed else None


def _address(text: str) -> str | None:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None
