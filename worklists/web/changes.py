"""One list on two days beside each other, item by item and field by field; also as it was known on two days."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.generic import TemplateView

from base.templatetags.portal import zh_day
from worklists import differences
from worklists.differences import Line
from worklists.kinds import Ending
from worklists.life import last_day
from worklists.lists import AsOf
from worklists.models import ItemVersion
from worklists.web.pages import public
from worklists.web.places import OfPlace, place_url


class DaysForm(forms.Form):
    """Two days, and what was known of the list on which days."""

    before = forms.DateField(label=lazy("前一天"), required=False)
    after = forms.DateField(label=lazy("后一天"), required=False)
    before_known = forms.DateField(label=lazy("前一天按哪天的记录"), required=False)
    after_known = forms.DateField(label=lazy("后一天按哪天的记录"), required=False)


@public
class PlaceChanges(OfPlace, TemplateView):
    """What came, went and changed on the list of a place between two days; from New Year to today, if none is asked."""

    template_name = "worklists/list_changes.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """What the address says; a day that is none leaves the usual one, with a sentence."""
        super().setup(request, *args, **kwargs)
        self.form = DaysForm(request.GET or None)
        given = self.form.cleaned_data if self.form.is_valid() else {}
        today = timezone.localdate()
        self.before = AsOf(given.get("before") or date(today.year, 1, 1), given.get("before_known"))
        self.after = AsOf(given.get("after") or today, given.get("after_known"))
        self.find()

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        found = differences.compare(self.lines(self.before), self.lines(self.after))
        names = labels()
        changed = [
            (pair.after, [{"name": names[key], "before": old, "after": new} for key, (old, new) in pair.fields.items()])
            for pair in found.changed
        ]
        url = place_url(self.place.code)
        return super().get_context_data(
            form=self.form, before=self.before, after=self.after, found=found, changed=changed, place=self.place,
            crumbs=[(self.heading(), url), (_("两个日期的对照"), "")],
            sides=[(self.before, _("前一天")), (self.after, _("后一天"))], **context,
        )  # fmt: skip

    def lines(self, asof: AsOf) -> Iterator[Line]:
        """The list of a day as lines to compare."""
        rows = self.listed(asof).select_related("item", "department").order_by("item__code")
        return (Line(n, said(row), row.item.code) for n, row in enumerate(rows, 1))


def labels() -> dict[str, str]:
    """What is compared, as it is called."""
    return {
        "title": _("事项"), "department": _("部门"), "category": _("类别"), "side": _("两清单"),
        "applies_to": _("适用"), "executor": _("承接主体"), "scope": _("范围"), "does": _("社区做什么"),
        "does_not": _("社区不做什么"), "ends_on": _("截止日期"), "notice": _("工作告知单"),
    }  # fmt: skip


def said(row: ItemVersion) -> dict[str, str]:
    """One version in words. Where another took its place, its last day is no term that anybody set."""
    last = last_day(row) if row.ending != Ending.SUPERSEDED else None
    return {
        "title": row.title, "department": row.department.name if row.department else row.department_text,
        "category": str(row.get_category_display()), "side": str(row.get_side_display()),
        "applies_to": str(row.get_applies_to_display()), "executor": str(row.get_executor_display()),
        "scope": row.scope_text, "does": row.does, "does_not": row.does_not,
        "ends_on": zh_day(last) if last else "", "notice": row.notice_number,
    }  # fmt: skip
