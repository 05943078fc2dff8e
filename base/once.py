"""A form that makes something new is taken once: sent again, it leads to what it has made.

Steps on an existing record need none of this: the version in their form is stale the second time. The view class is
`base.web.Once`.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy

GIVEN_UP = timedelta(minutes=2)
"""An attempt without an answer for so long was killed: the form may be sent again."""
KEPT = timedelta(days=2)


class SentForm(models.Model):
    """A form that was sent: `url` is where it led, "" while it is being worked on."""

    token = models.UUIDField(primary_key=True)
    url = models.CharField(gettext_lazy("去向"), max_length=200, blank=True)
    at = models.DateTimeField(gettext_lazy("提交时间"), db_index=True)

    class Meta:
        verbose_name = gettext_lazy("已提交的表单")
        verbose_name_plural = gettext_lazy("已提交的表单")

    def __str__(self) -> str:
        return str(self.token)


def begin(token: UUID, *, at: datetime) -> SentForm | None:
    """Take the token; the row of who has taken it before, if somebody has."""
    SentForm.objects.filter(models.Q(at__lt=at - KEPT) | models.Q(url="", at__lt=at - GIVEN_UP)).delete()
    row, fresh = SentForm.objects.get_or_create(token=token, defaults={"at": at})
    return None if fresh else row


def end(token: UUID, *, url: str) -> None:
    """Where the form led; "" where nothing was made, so that it may be sent again."""
    rows = SentForm.objects.filter(pk=token)
    if url:
        rows.update(url=url)
    else:
        rows.delete()
