"""The list of applications: views, filters, order, pages, the same as a file, and reminding for several at once."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from admission import exports, todo
from admission.filters import ApplicationFilter, Sort, View, counts
from admission.models import Application
from admission.presentation import clocks
from admission.presentation.facts import Facts
from admission.presentation.waiting import Waiting, waiting
from admission.presentation.words import state_of
from base import saved
from base.errors import RuleViolation
from base.models import Holiday
from base.text import in_a_row
from communities.actors import ActorMixin
from communities.roles import APPLICANTS, Actor, Role
from worklists.web import downloads

ON_A_PAGE = 20
WATCHERS = frozenset({Role.CITY, Role.AUDITOR})
SHOWN = ("applicant", "prepared_by", "office_unit")


def mine(actor: Actor, today: Any) -> set[int]:
    """The keys of the applications that stand on this person's list of things to do, as the home page shows it."""
    found = set()
    for line in todo.lines(actor, today):
        try:
            match = resolve(line.page)
        except Resolver404:
            continue
        if match.view_name == "admission:application":
            found.add(match.kwargs["pk"])
    return found


class ApplicationList(ActorMixin, TemplateView):
    """What this person may know of. With a format in the address, exactly the same rows as a file."""

    template_name = "admission/application_list.html"

    @cached_property
    def filter(self) -> ApplicationFilter:
        """What the address asks for."""
        today = timezone.localdate()
        rows = Application.objects.visible_to(self.actor).select_related(*SHOWN)
        return ApplicationFilter(
            self.request.GET, queryset=rows, actor=self.actor, today=today, mine=mine(self.actor, today)
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page or the file."""
        return self.as_file(kwargs["format"]) if "format" in kwargs else super().get(request, *args, **kwargs)

    def as_file(self, format: str) -> HttpResponse:
        """All pages of what is shown. A filter that makes no sense exports nothing."""
        if self.filter.form.errors:
            said = in_a_row(sentence for sentences in self.filter.form.errors.values() for sentence in sentences)
            raise RuleViolation(_("筛选条件有误，没有导出：%s请回到列表改正。") % said)
        notes = [(_("导出日期"), self.filter.today.isoformat()), (_("视图"), str(View(self.filter.chosen_view).label))]
        notes += [(str(self.filter.form.fields[name].label), str(value)) for name, value in self.narrowed]
        rows = self.filter.shown.iterator(chunk_size=exports.AT_ONCE)
        sheet = exports.of_applications(rows, notes, on=self.filter.today)
        return downloads.respond(sheet, name=_("申请_%s") % self.filter.today.isoformat(), format=format)

    @property
    def narrowed(self) -> list[tuple[str, Any]]:
        """The filters that are set."""
        said = self.filter.said.items()
        return [(name, value) for name, value in said if value and name not in {"view", "sort"}]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """One page of rows, with whom each waits for and until when."""
        chosen = self.filter
        page = Paginator(chosen.shown, ON_A_PAGE).get_page(self.request.GET.get("page"))
        found, facts = waiting(list(page), on=chosen.today, reader=self.actor)
        calendar = Holiday.objects.calendar()
        return super().get_context_data(
            rows=[self.row(row, found[row.pk], facts, calendar) for row in page],
            page=page,
            filter=chosen,
            kept=saved.shown(self.request.user.pk, path=self.request.path, asked=self.request.GET),
            sort=chosen.chosen_sort,
            tabs=self.tabs(),
            summary=self.summary(page.paginator.count),
            exports=self.export_actions(),
            narrowed=bool(self.narrowed),
            may_remind=self.actor.role is Role.OFFICE,
            bulk=[{"label": _("催办"), "name": "do", "value": "remind"}],
            head_actions=self.head_actions(),
            empty=self.empty(),
            **context,
        )

    def row(self, row: Application, waits: Waiting, facts: Facts, calendar: Any) -> dict[str, Any]:
        """One application: where it stands, whom it waits for, until when."""
        due, today = facts.due(row), self.filter.today
        return {
            "application": row,
            "state": state_of(row),
            "whom": waits.whom,
            "due": due,
            "left": clocks.left(due, calendar, today=today) if due else None,
        }

    def tabs(self) -> list[tuple[str, str, bool, int]]:
        """The views with their counts; who only watches has no 等我办."""
        held = counts(self.filter.queryset, self.filter.today, self.filter.mine)
        shown = [view for view in View if view != View.MINE or self.actor.role not in WATCHERS]
        return [(str(view.label), f"?view={view}", self.filter.chosen_view == view, held[view]) for view in shown]

    def summary(self, total: int) -> str:
        """How many, in which order."""
        asked = self.filter.chosen_sort
        word = Sort(asked.removeprefix("-")).label
        turned = _("，倒序") if asked.startswith("-") else ""
        return _("共 %(total)s 件，%(order)s%(turned)s") % {"total": total, "order": word, "turned": turned}

    def export_actions(self) -> list[dict[str, Any]]:
        """The same address as a file."""
        query = self.request.GET.copy()
        query.pop("page", None)
        said = f"?{query.urlencode()}" if query else ""
        return [
            {"label": _("导出 %s") % name, "url": reverse("admission:applications-file", args=[ending]) + said,
             "text": True, "download": True}
            for name, ending in (("XLSX", "xlsx"), ("CSV", "csv"))
        ] + [{"label": _("打印"), "print": True, "text": True}]  # fmt: skip

    def empty(self) -> dict[str, Any]:
        """Why there is nothing, and where to go on."""
        whole = {"url": f"?view={View.ALL}", "link": _("看全部申请")}
        match self.filter.chosen_view:
            case View.MINE:
                return {"title": _("现在没有等您办的申请"), "text": _("有新的会出现在这里和待办里。"), **whole}
            case View.OVERDUE:
                return {"title": _("没有超期的申请"), "text": "", **whole}
            case View.DONE:
                return {"title": _("还没有办结的申请"), "text": "", **whole}
            case View.DOING:
                return {"title": _("现在没有在办的申请"), "text": "", **whole}
        return {"title": _("还没有申请"), "text": _("发出征询以后，有关的街道、社区和办公室都能看到。")}

    def head_actions(self) -> list[dict[str, Any]]:
        """Who may apply may begin here."""
        if self.actor.role not in APPLICANTS:
            return []
        return [{"label": _("新建申请"), "url": reverse("admission:new"), "primary": True}]
