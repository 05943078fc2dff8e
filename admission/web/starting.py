"""Beginning an application: which kind, of which item, for whom; after a report, after a refusal (art 4, 5, 9, 10)."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from admission import access, actions
from admission.conditions.listed import ABOUT_AN_ITEM
from admission.models import Application
from admission.procedure import BEFORE_DECISION, Kind, State
from admission.rules import CountyRules, Key
from admission.web.forms.start import BeginForm, SearchForm
from base.errors import NotAllowed, RuleViolation
from base.forms import say_no
from base.web import Once
from communities.actors import ActorMixin
from communities.models import Department, valid_on
from communities.roles import APPLICANTS, Role
from worklists import departments
from worklists.kinds import SubjectType
from worklists.life import listed_term
from worklists.models import ItemVersion, UnapprovedReport, WorkItem

PER_PAGE = 20
WHEN = {
    Kind.ADMISSION: gettext_lazy("清单上没有、要社区承担的新工作（《指导意见》第四条、第五条）。"),
    Kind.CHANGE: gettext_lazy("清单上的事项，内容、范围、期限、经费等情况有了变化（《指导意见》第十条）。"),
    Kind.EXIT: gettext_lazy("清单上的事项不再要社区做（《指导意见》第四条）。做完了的、提前结束的，办备案，不用申请。"),
    Kind.CONFIRMATION: gettext_lazy("没有准入，社区已经在做，确实还要继续的（《指导意见》第九条）。"),
}


@dataclass(frozen=True)
class Beginning:
    """What is known before a draft is made."""

    kind: Kind | None
    listed: ItemVersion | None = None
    report: UnapprovedReport | None = None
    earlier: Application | None = None

    @property
    def item(self) -> WorkItem | None:
        """The item of the list that it is about."""
        return self.listed.item if self.listed else None


class New(Once, ActorMixin, View):
    """Step by step to a draft: kind, item where there is one, for whom."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Departments and streets only (art 5)."""
        super().setup(request, *args, **kwargs)
        if self.actor.role not in APPLICANTS or self.actor.unit_id is None:
            raise NotAllowed(_("只有部门和街道（乡镇）可以提出申请（指导意见第五条）。"))
        self.unit = Department.objects.select_related("street").get(pk=self.actor.unit_id)
        self.on = timezone.localdate()
        self.begins = self.beginning()

    def beginning(self) -> Beginning:
        """From the address: `kind`, `item`, `report`, `earlier`; 404 for what this person may not know of."""
        asked = self.request.GET
        if asked.get("report"):
            report = get_object_or_404(
                UnapprovedReport.objects.visible_to(self.actor).select_related("department"),
                pk=_number(asked["report"]),
            )
            if report.department_id is None or report.passed_on_at is None:
                raise NotAllowed(_("这份报告还没有转给部门，转了以后才能申请确认。"))
            return Beginning(Kind.CONFIRMATION, report=report)
        if asked.get("earlier"):
            rows = Application.objects.visible_to(self.actor).select_related("decision")
            earlier = get_object_or_404(rows, pk=_number(asked["earlier"]), state=State.REJECTED)
            return Beginning(Kind(earlier.kind), earlier=earlier)
        kind = Kind(asked["kind"]) if asked.get("kind") in Kind.values else None
        if not asked.get("item"):
            return Beginning(kind)
        listed = get_object_or_404(self.listed(), item=_number(asked["item"]))
        return Beginning(kind if kind in ABOUT_AN_ITEM else None, listed=listed)

    def listed(self) -> Any:
        """The newest version of each item of the county's own list that has not ended."""
        lasting = ItemVersion.objects.known().owned_by(self.actor.county)
        lasting = lasting.filter(Q(in_force__endswith__isnull=True) | Q(in_force__endswith__gt=self.on))
        newest = lasting.order_by("item", "-in_force").distinct("item").values("pk")
        return ItemVersion.objects.filter(pk__in=newest).select_related("item", "department")

    @cached_property
    def answers_for(self) -> set[int]:
        """This unit, and those it succeeded (art 10)."""
        return departments.acting_for(self.unit.pk)

    def get(self, request: HttpRequest) -> HttpResponse:
        """What is asked next."""
        if self.begins.kind is None:
            return self.kinds()
        if self.begins.kind in ABOUT_AN_ITEM and not (self.begins.listed or self.begins.earlier):
            return self.items(self.begins.kind)
        return self.show(self.form(initial={"subject_type": SubjectType.WORK_ITEM}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make the draft and go on to its first part."""
        begins, kind = self.begins, self.begins.kind
        if kind is None or self.why_not:
            return self.get(request)
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            made = actions.draft_application(
                by=self.actor, at=timezone.now(), kind=kind, item=begins.item, report=begins.report,
                earlier=begins.earlier, applicant=self.on_behalf or form.unit,
                subject_type=form.cleaned_data.get("subject_type") or SubjectType.WORK_ITEM,
            )  # fmt: skip
        except NotAllowed:
            raise
        except RuleViolation as refusal:
            say_no(form, refusal)
            return self.show(form, status=409)
        messages.success(request, _("草稿已经建好，边填边存，随时可以离开。"))
        return redirect("admission:edit", pk=made.pk)

    # --- for whom
    @cached_property
    def on_behalf(self) -> Department | None:
        """What a street begins with an item or a report is its own or a department's: whose follows from there."""
        known = self.begins.listed or self.begins.report
        if self.actor.role is not Role.STREET or known is None or known.department_id in self.answers_for:
            return None
        unit = known.department
        while unit and unit.ends_on and unit.successor:
            unit = unit.successor
        return unit

    @cached_property
    def why_not(self) -> str:
        """Art 10: a change or an exit is applied for by the original department."""
        listed = self.begins.listed
        if self.actor.role is Role.STREET or listed is None or listed.department_id in {None, *self.answers_for}:
            return ""
        return _("变更和退出由原申请部门提出（指导意见第十条），这一事项的部门是%s。") % listed.department_text

    def form(self, data: Any = None, **options: Any) -> BeginForm:
        """The questions that are still open."""
        begins = self.begins
        settled = self.actor.role is not Role.STREET or self.on_behalf or begins.report or begins.earlier
        if begins.listed and begins.listed.department_id in self.answers_for:
            settled = True
        units = Department.objects.of(self.actor.county).filter(valid_on(self.on))
        others = [] if settled else list(units.exclude(kind=Department.Kind.STREET_OFFICE).values_list("pk", flat=True))
        may_own = bool(CountyRules(self.actor.county, self.on).value(Key.STREET_MAY_APPLY))
        return BeginForm(
            data, street=self.unit.name, may_own=may_own, departments=others,
            asks_subject=not (begins.listed or begins.report or begins.earlier), **options,
        )  # fmt: skip

    # --- pages
    def frame(self, here: str) -> dict[str, Any]:
        """What stands around each step."""
        address = reverse("admission:new")
        begins = self.begins
        known = [(_("新申请"), address if begins.kind else "")]
        if begins.kind:
            known.append((here, ""))
        return {"crumbs": [(_("申请"), reverse("admission:applications")), *known], "begins": begins, "here": here}

    def kinds(self) -> HttpResponse:
        """The four kinds; with an item, the two that are about an item."""
        listed = self.begins.listed
        item: dict[str, int | str] = {"item": listed.item_id} if listed else {}
        kinds = [
            {"label": kind.label, "when": when, "url": f"?{urlencode({'kind': kind.value, **item})}"}
            for kind, when in WHEN.items()
            if not listed or kind in ABOUT_AN_ITEM
        ]
        mine = Application.objects.visible_to(self.actor).filter(state=State.DRAFT).select_related("applicant")
        drafts = [one for one in mine.order_by("-changed_at")[:10] if access.applicant(self.actor, one)]
        context = {**self.frame(""), "kinds": kinds, "drafts": drafts, "is_street": self.actor.role is Role.STREET}
        return render(self.request, "admission/draft_kinds.html", context)

    def items(self, kind: Kind) -> HttpResponse:
        """The items of the list: one's own; for a street all, for it may write for a department."""
        form = SearchForm(self.request.GET)
        rows = self.listed()
        if self.actor.role is not Role.STREET:
            rows = rows.filter(Q(department__in=self.answers_for) | Q(department__isnull=True))
        asked = form.cleaned_data["q"] if form.is_valid() else ""
        found = rows.holding(asked) if asked else rows
        pages = Paginator(found.order_by("department_text", "item__code"), PER_PAGE)
        page = pages.get_page(self.request.GET.get("page"))
        for row in page:
            row.url = f"?{urlencode({'kind': kind, 'item': row.item_id})}"
        context = {
            **self.frame(_("选事项")), "form": form, "page": page, "asked": asked, "none_at_all": not rows.exists(),
            "title": _("选要%s的事项") % kind.label,
        }  # fmt: skip
        return render(self.request, "admission/draft_item.html", context)

    def show(self, form: BeginForm, *, status: int = 200) -> HttpResponse:
        """The last step: what is known, what is still asked, and the button."""
        kind = self.begins.kind
        if kind is None:
            raise Http404
        title = _("%s申请") % kind.label
        context = {
            **self.frame(title), "form": form, "title": title, "facts": self.facts(), "why_not": self.why_not,
            "when": WHEN[kind], "pending": self.pending(), "other_url": f"?{urlencode({'kind': kind.value})}",
        }  # fmt: skip
        return render(self.request, "admission/draft_begin.html", context, status=status)

    def pending(self) -> list[Application]:
        """What is under way already about the same item or report."""
        begins = self.begins
        about = Q(item=begins.item) if begins.item else Q(report=begins.report) if begins.report else None
        if about is None:
            return []
        seen = Application.objects.visible_to(self.actor).filter(about, state__in=BEFORE_DECISION)
        return list(seen.select_related("applicant").order_by("-pk")[:5])

    def facts(self) -> list[tuple[str, Any]]:
        """What is known already and will be filled in."""
        begins = self.begins
        if begins.report:
            report = begins.report
            subject = report.get_subject_type_display()
            return [(_("报告"), report.number), (_("交办的事"), report.what), (_("属于"), subject)]
        if begins.earlier:
            earlier = begins.earlier
            reason = (_("不予的理由"), earlier.decision.text)
            return [(_("此前的申请"), earlier.number), (_("事项名称"), earlier.title), reason]
        if not begins.listed:
            return []
        listed = begins.listed
        return [
            (_("事项"), listed.title),
            (_("编号"), listed.item.code),
            (_("类别"), listed.get_category_display()),
            (_("部门"), self.listed_unit(listed)),
            (_("施行期间"), listed_term(listed)),
            (_("申请单位"), self.applying_unit(listed)),
        ]

    def listed_unit(self, listed: ItemVersion) -> str:
        """As printed on the list; with the unit that it is today, where that has another name."""
        today = self.on_behalf or (self.unit if listed.department_id in self.answers_for else listed.department)
        if today is None or today.name == listed.department_text:
            return listed.department_text
        return _("%(printed)s（现在是%(unit)s）") % {"printed": listed.department_text, "unit": today.name}

    def applying_unit(self, listed: ItemVersion) -> str:
        """Who will stand on the draft."""
        if self.on_behalf:
            return _("%s（街道代办）") % self.on_behalf
        own = self.actor.role is not Role.STREET or listed.department_id in self.answers_for
        return self.unit.name if own and not self.why_not else listed.department_text


def _number(text: str) -> int:
    """A key from the address; 404 when it is none."""
    if not text.isdecimal() or len(text) > len(str(2**31)):
        raise Http404
    return int(text)
