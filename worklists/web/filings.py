"""Completion and early exit on their pages: the department's items, the filing, the office's register, comments."""

from typing import Any, ClassVar

from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.generic import DetailView

from base.errors import NotAllowed
from base.templatetags.portal import zh_day, zh_moment
from communities.actors import ActorMixin
from communities.roles import Actor, Role
from worklists import access, actions, departments, lists
from worklists.access import Act
from worklists.actions.filing import was_reached
from worklists.kinds import Origin
from worklists.models import CompletionFiling, ItemVersion, WorkItem
from worklists.web.forms import Confirm
from worklists.web.pages import ActionPage, hidden_version
from worklists.web.receiving_forms import CommentForm, FilingForm
from worklists.web.tabbed import TabbedList


def open_items(actor: Actor) -> list[ItemVersion]:
    """What this unit answers for and may end by a filing: admitted or confirmed, in force today (art 10, A-1)."""
    if actor.role not in {Role.APPLICANT, Role.STREET}:
        return []
    rows = ItemVersion.objects.known().in_force(timezone.localdate()).exclude(item__origin=Origin.LIST)
    mine = rows.filter(department__in=departments.acting_for(actor.unit_id))
    return list(mine.select_related("item").order_by("item__code"))


class Filings(TabbedList):
    """The register, as far as this person may read it; for a department also what it may file."""

    template_name = "worklists/filings.html"
    context_object_name = "filings"
    views: ClassVar = {"all": lazy("全部"), "open": lazy("待收讫"), "done": lazy("已收讫")}

    def get_queryset(self) -> QuerySet[CompletionFiling]:
        rows = CompletionFiling.objects.visible_to(self.actor)
        match self.chosen:
            case "open":
                rows = rows.filter(acknowledged_at__isnull=True)
            case "done":
                rows = rows.filter(acknowledged_at__isnull=False)
        rows = rows.select_related("ended_version", "filed_by")
        return rows.annotate(said=Count("comments")).order_by("-filed_at", "-pk")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(mine=[(row, lists.note(row)) for row in open_items(self.actor)], **context)


class FilingPage(ActorMixin, DetailView):
    """One filing, with what the streets and communities say of it."""

    template_name = "worklists/filing_page.html"
    context_object_name = "filing"

    def get_queryset(self) -> QuerySet[CompletionFiling]:
        rows = CompletionFiling.objects.visible_to(self.actor)
        return rows.select_related("item__owner", "ended_version", "filed_by")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        filing, owner = self.object, self.object.item.owner.code
        may_say = access.may(self.actor, Act.COMMENT_FILING, owner) and was_reached(
            filing.ended_version, self.actor.code
        )
        received = zh_moment(filing.acknowledged_at) if filing.acknowledged_at else ""
        return super().get_context_data(
            facts=[
                (_("备案编号"), filing.number), (_("备案单位"), filing.filed_by.name),
                (_("备案时间"), zh_moment(filing.filed_at)), (_("实际结束日期"), zh_day(filing.ended_on)),
                (_("原因"), filing.reason), (_("完成情况"), filing.results), (_("对社区未了事项"), filing.unfinished),
                (_("台账、系统、牌子交接"), filing.handover), (_("办公室收讫"), received or _("还没有")),
            ],
            comments=filing.comments.select_related("body").order_by("said_at"),
            may_acknowledge=not received and access.may(self.actor, Act.ACKNOWLEDGE_FILING, owner),
            comment_form=CommentForm() if may_say else None, hidden=hidden_version(filing.version), **context,
        )  # fmt: skip


class File(ActionPage):
    """完成或提前退出."""

    form_class = FilingForm
    heading = lazy("完成或提前退出备案")
    lede = lazy("不用审批：实际结束日期以后，这一事项就不在社区清单上了。清单列入的事项要移出，请改提退出申请。")
    submit = lazy("备案")
    done = lazy("已备案，办公室和办理过的街道、社区会收到消息。")

    def check(self) -> None:
        """The department of the item as it stands now, or who succeeded it; the act asks again (art 10)."""
        version = self.version()
        if version is None or not access.speaks_for(
            self.actor, version.department_id, departments.acting_for(self.actor.unit_id)
        ):
            raise NotAllowed(_("完成和退出由原申请单位（或者承继它的单位）备案，请联系那个单位。"))

    def version(self) -> ItemVersion | None:
        """What the item says last."""
        return self.item().versions.known().order_by("in_force").last()

    def item(self) -> WorkItem:
        """Lists are public, so the item is there for everybody."""
        return get_object_or_404(WorkItem, code=self.kwargs["code"])

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(
            subject=self.version(), item_code=self.kwargs["code"], hidden=hidden_version(self.item().version), **context
        )

    def perform(self, form: Any) -> CompletionFiling:
        return actions.file_completion(
            self.item(), by=self.actor, at=timezone.now(), seen=self.seen(), **form.cleaned_data
        )

    def back(self) -> str:
        return reverse("worklists:item", args=[self.kwargs["code"]])

    def after(self, result: CompletionFiling) -> str:
        return reverse("worklists:filing", args=[result.pk])


class OfFiling(ActionPage):
    """An act on a filing that this person may read."""

    def filing(self) -> CompletionFiling:
        """The filing; what this actor may not know of is not there."""
        return get_object_or_404(CompletionFiling.objects.visible_to(self.actor), pk=self.kwargs["pk"])

    def back(self) -> str:
        return reverse("worklists:filing", args=[self.kwargs["pk"]])


class Acknowledge(OfFiling):
    """收讫: a button on the page of the filing."""

    form_class = Confirm
    heading = lazy("收讫备案")
    submit = lazy("收讫")
    done = lazy("已收讫。")

    def perform(self, form: Any) -> CompletionFiling:
        return actions.acknowledge_filing(self.filing(), by=self.actor, at=timezone.now(), seen=self.seen())

    def check(self) -> None:
        access.check(self.actor, Act.ACKNOWLEDGE_FILING, self.filing().item.owner.code)


class Comment(OfFiling):
    """What a street or a community says."""

    form_class = CommentForm
    heading = lazy("填写备案意见")
    submit = lazy("提交意见")
    done = lazy("意见已提交。")

    def check(self) -> None:
        access.check(self.actor, Act.COMMENT_FILING, self.filing().item.owner.code)

    def perform(self, form: Any) -> Any:
        return actions.comment_filing(self.filing(), by=self.actor, at=timezone.now(), **form.cleaned_data)
