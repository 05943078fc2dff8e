"""我的视图: the filters of a list that a person keeps under a name. Nobody else sees them, no audit line is written."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlencode

from django.conf import settings
from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from base.errors import RuleViolation
from base.text import one_line

MOST = 20
"""Views that one person keeps of one page."""
LONGEST_NAME, LONGEST_PATH, LONGEST_QUERY = 20, 200, 1000
PASSING = frozenset({"page", "verify"})
"""What an address says that is no filter."""


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user_id: int) -> Self:
        """One's own."""
        return self.filter(user_id=user_id)


class SavedView(models.Model):
    """A page with its filters, under a name of one's own."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=gettext_lazy("账号"), on_delete=models.CASCADE)
    path = models.CharField(gettext_lazy("页面"), max_length=LONGEST_PATH)
    query = models.CharField(gettext_lazy("筛选"), max_length=LONGEST_QUERY)
    name = models.CharField(gettext_lazy("名称"), max_length=LONGEST_NAME)
    saved_at = models.DateTimeField(gettext_lazy("保存时间"))

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("我的视图")
        verbose_name_plural = gettext_lazy("我的视图")
        constraints = [models.UniqueConstraint(name="saved_view_once", fields=["user", "path", "name"])]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        """The page with these filters."""
        return f"{self.path}?{self.query}"


def narrowed(asked: QueryDict) -> str:
    """The filters of an address in one order, "" where there are none: two addresses that show the same are equal."""
    said = [(name, value) for name, values in asked.lists() for value in values if value and name not in PASSING]
    return urlencode(sorted(said))


def keep(*, user_id: int, path: str, query: str, name: str, at: datetime) -> tuple[SavedView, bool]:
    """Keep the filters of `query` (as `narrowed` says them) under `name`; the same name again replaces them. The view,
    and whether it is a new one.

    Raises RuleViolation without a name, without a filter, and beyond `MOST`.
    """
    name = one_line(name)
    if not name or len(name) > LONGEST_NAME:
        raise RuleViolation(gettext("给视图起个名字，最多 %s 个字。") % LONGEST_NAME)
    if not query or len(query) > LONGEST_QUERY:
        raise RuleViolation(gettext("先筛选，再把筛选存为视图。"))
    mine = SavedView.objects.visible_to(user_id).filter(path=path)
    if mine.exclude(name=name).count() >= MOST:
        raise RuleViolation(gettext("这一页最多存 %s 个视图，请先删去不用的。") % MOST)
    changed: dict[str, Any] = {"query": query, "saved_at": at}
    return SavedView.objects.update_or_create(user_id=user_id, path=path, name=name, defaults=changed)


def forget(view: SavedView) -> None:
    """Only the name goes; what it showed stays."""
    view.delete()


@dataclass(frozen=True)
class Kept:
    """What a page shows of the views that a person keeps of it."""

    views: list[SavedView]
    path: str
    query: str

    @property
    def current(self) -> SavedView | None:
        """The view that is looked at."""
        return next((view for view in self.views if view.query == self.query), None)


def shown(user_id: int | None, *, path: str, asked: QueryDict) -> Kept | None:
    """The views of this page, the oldest first, and what could be kept now: one query; None for a visitor."""
    if user_id is None:
        return None
    views = SavedView.objects.visible_to(user_id).filter(path=path).order_by("pk")
    return Kept(list(views), path, narrowed(asked))
