"""The page of one item, public: what it says, since when, and what became of it."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import DetailView

from base.templatetags.portal import zh_day
from communities.actors import actor_of
from worklists import access, departments, life
from worklists.access import Act
from worklists.kinds import ENDED_BY_AN_ACT, Origin
from worklists.models import ItemVersion, WorkItem
from worklists.web.pages import public
from worklists.web.places import LEVELS, place_url


@public
class ItemPage(DetailView):
    """An item by its code: all its versions in legal order, what was once believed, its filings."""

    template_name = "worklists/item_page.html"
    context_object_name = "item"
    slug_field = slug_url_kwarg = "code"

    def get_queryset(self) -> QuerySet[WorkItem]:
        """Every item stands on a published list or rests on a notice: all are public."""
        return WorkItem.objects.select_related("owner", "source_item")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The version in force, else the next to come, else the last; and the life of the item."""
        rows = list(self.object.versions.select_related("department", "edition").order_by("in_force", "recorded"))
        believed = [row for row in rows if row.recorded.upper is None]
        today = timezone.localdate()
        coming = (row for row in believed if row.in_force.lower > today)
        last = believed[-1] if believed else rows[-1]
        now = next((row for row in believed if today in row.in_force), next(coming, last))
        return super().get_context_data(
            version=now, state=vars(life.standing(believed, origin=self.object.origin, on=today)),
            facts=self.facts(now), chapters=reversed(life.chapters(believed)),
            once=life.stopped_being_believed(rows), filings=self.object.filings.order_by("-filed_at"),
            crumbs=self.crumbs(), may_file=self.may_file(now), may_apply=self.may_apply(now),
            may_correct=self.may_correct(), **context,
        )  # fmt: skip

    def facts(self, row: ItemVersion) -> list[tuple[str, Any]]:
        """What it says, one to a line."""
        unit = row.department.name if row.department else ""
        printed = row.department_text if unit in {"", row.department_text} else f"{row.department_text}（{unit}）"
        last = life.last_day(row)
        said = [
            (_("部门"), printed), (_("类别"), row.get_category_display()), (_("两清单"), row.get_side_display()),
            (_("对象"), row.get_subject_type_display()), (_("适用"), row.get_applies_to_display()),
            (_("承接主体"), row.get_executor_display()),
            (_("施行日期"), zh_day(row.in_force.lower)), (_("截止日期"), zh_day(last) if last else _("常态工作")),
            (_("社区做什么"), row.does), (_("社区不做什么"), row.does_not), (_("依据"), row.basis),
            (_("来源"), self.object.get_origin_display()),
        ]  # fmt: skip
        return [(name, value) for name, value in said if value]

    def crumbs(self) -> list[tuple[str, str]]:
        owner = self.object.owner
        whose = (owner.name, place_url(owner.code) if len(owner.code) in LEVELS else "")
        return [whose, (self.object.code, "")] if whose[1] else []

    def may_correct(self) -> bool:
        """The office of the county mends what was recorded wrongly."""
        return access.may(actor_of(self.request), Act.CORRECT_ITEM, self.object.owner.code)

    def may_apply(self, row: ItemVersion) -> bool:
        """Does this visitor answer for an item that still stands: a change or an exit is its to ask (art 10)?"""
        actor, last = actor_of(self.request), life.last_day(row)
        if actor is None or actor.county != self.object.owner.code or (last and last <= timezone.localdate()):
            return False
        return access.speaks_for(actor, row.department_id, departments.acting_for(actor.unit_id))

    def may_file(self, row: ItemVersion) -> bool:
        """Does this visitor answer for the item, and is it one that is ended by filing (A-1)?"""
        actor = actor_of(self.request)
        if actor is None or self.object.origin == Origin.LIST or row.ending in ENDED_BY_AN_ACT:
            return False
        return access.speaks_for(actor, row.department_id, departments.acting_for(actor.unit_id))
