"""The implementation plan: each version in full, what differs, and what becomes of a revision (art 6, 8(三), 10)."""

from typing import Any, cast

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from admission import access, actions, differences
from admission.differences import Difference
from admission.models import ImplementationPlan
from admission.presentation.case import Case, plans_for
from admission.presentation.changes import beside_the_list
from admission.presentation.sheet import Section, guarantees, work
from admission.procedure import AFTER_MEETING, PLAN_OPEN, UNTOUCHED_OPEN, State
from admission.web.action_page import ActionPage, seen_by
from admission.web.forms.plan import UntouchedForm
from admission.web.forms.steps import Seen
from base.errors import NotAllowed
from base.templatetags.portal import zh_day
from communities.actors import ActorMixin


class PlanPage(ActorMixin, View):
    """A page about the plan of one application, for whoever may read it."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The application and its versions; 404 where there is none to read."""
        super().setup(request, *args, **kwargs)
        self.application = get_object_or_404(seen_by(self.actor), pk=kwargs["pk"])
        self.versions = plans_for(self.actor, self.application)
        if not self.versions:
            raise Http404

    def version(self, number: int) -> ImplementationPlan:
        """One of the versions by its number."""
        found = next((plan for plan in self.versions if plan.number == number), None)
        if found is None:
            raise Http404
        return found

    def frame(self, here: str) -> dict[str, Any]:
        """What stands around the page."""
        application = self.application
        back = reverse("admission:application", args=[application.pk])
        list_url = reverse("admission:applications")
        crumbs = [(_("申请"), list_url), (application.number or str(application), back), (here, "")]
        return {"application": application, "title": here, "crumbs": crumbs, "back_url": back}


class Plan(PlanPage):
    """One version in full; the newest where none is named."""

    def get(self, request: HttpRequest, pk: int, number: int = 0) -> HttpResponse:
        """The page, made to be printed."""
        plan = self.version(number) if number else self.versions[0]
        context = {
            **self.frame(str(plan)),
            "plan": plan,
            "meta": [str(self.application.applicant), standing(plan)],
            "sections": [
                Section("plan", _("实施方案"), work(plan)),
                Section("guarantees", _("保障措施"), guarantees(plan)),
            ],
            "tabs": self.tabs(plan),
            "head_actions": list(self.buttons(plan)),
        }
        return render(request, "admission/plan_page.html", context)

    def tabs(self, shown: ImplementationPlan) -> list[tuple[str, str, bool, None]]:
        """The versions, oldest first."""
        pk = self.application.pk
        return [
            (str(plan), reverse("admission:plan", args=[pk, plan.number]), plan == shown, None)
            for plan in reversed(self.versions)
        ]

    def buttons(self, shown: ImplementationPlan) -> Any:
        """Revise it, where this person may and it is the newest; see what differs from the one before; print."""
        application = self.application
        mine = access.applicant(self.actor, application) and application.state in PLAN_OPEN
        if mine and shown == self.versions[0]:
            url = reverse("admission:edit", args=[application.pk, "plan"])
            yield {"label": _("修改方案"), "url": url, "primary": True}
        older = [plan for plan in self.versions if plan.number < shown.number]
        if older:
            url = reverse("admission:plan-diff", args=[application.pk, older[0].number, shown.number])
            yield {"label": _("和第 %s 版比较") % older[0].number, "url": url}
        yield {"label": _("打印"), "print": True}


def standing(plan: ImplementationPlan) -> str:
    """Fixed on a day, or under way."""
    return _("%s定稿") % zh_day(plan.frozen_at) if plan.frozen_at else _("正在修改，还没有送出")


class CompareForm(forms.Form):
    """Which two versions."""

    before = forms.TypedChoiceField(label=gettext_lazy("前一版"), coerce=int)
    after = forms.TypedChoiceField(label=gettext_lazy("后一版"), coerce=int)

    def __init__(self, *args: Any, versions: list[ImplementationPlan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            cast("forms.ChoiceField", field).choices = [(plan.number, str(plan)) for plan in reversed(versions)]


class PlanDiff(PlanPage):
    """Two versions field by field and row by row; without numbers the two newest."""

    def get(self, request: HttpRequest, pk: int, before: int = 0, after: int = 0) -> HttpResponse:
        """The page; another pair is chosen by a plain form in the address."""
        form = CompareForm(request.GET or None, versions=self.versions, initial={"before": before, "after": after})
        if request.GET and form.is_valid():
            before, after = form.cleaned_data["before"], form.cleaned_data["after"]
        newest = [plan.number for plan in self.versions[:2]]
        old, new = self.version(before or newest[-1]), self.version(after or newest[0])
        form.initial = {"before": old.number, "after": new.number}
        rows = differences.of_plans(old, new)
        context = {
            **self.frame(_("比较两版方案")),
            "old": old, "new": new, "form": form, "can_choose": len(self.versions) > len(newest),
            "rows": differences.changed(rows), "same": differences.unchanged_names(rows),
            "head_actions": [{"label": _("打印"), "print": True}],
        }  # fmt: skip
        return render(request, "admission/plan_diff.html", context)


class ListedDiff(ActorMixin, View):
    """A change beside what stands on the list: every field, what differs and what does not."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page; 404 for anything but a change of a listed item."""
        application = get_object_or_404(seen_by(self.actor), pk=pk)
        rows = beside_the_list(Case(application, self.actor, timezone.localdate()))
        if not rows:
            raise Http404
        back = reverse("admission:application", args=[pk])
        here = _("变更前后对照")
        crumbs = [
            (_("申请"), reverse("admission:applications")),
            (application.number or str(application), back),
            (here, ""),
        ]
        context = {
            "application": application, "title": here, "crumbs": crumbs,
            "rows": differences.changed(rows), "same": differences.unchanged_names(rows),
            "head_actions": [{"label": _("打印"), "print": True}],
        }  # fmt: skip
        return render(request, "admission/plan_listed.html", context)


class Revision(ActionPage):
    """An act on a version that is under way; shows what differs from the last fixed one."""

    template_name = "admission/plan_revision.html"
    form_class = Seen
    open_states: frozenset[State] = frozenset()

    def check(self) -> None:
        """The applicant's own (art 6)."""
        if not access.applicant(self.actor, self.object):
            raise NotAllowed(_("方案的修改由申请单位办理。"))

    def problems(self) -> list[str]:
        """There has to be a revision, and the state has to allow it."""
        if self.object.state not in self.open_states:
            return [_("本件现在是“%s”，不能办这一步。") % self.object.state_label]
        return [] if self.case.has_open_plan else [_("方案没有新的修改。先修改方案，再办这一步。")]

    @cached_property
    def rows(self) -> list[Difference]:
        """What the revision changes."""
        fixed = [plan for plan in self.case.plans if plan.frozen_at]
        return differences.changed(differences.of_plans(fixed[0], self.case.plan)) if fixed and self.case.plan else []

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """With the difference."""
        edit_url = reverse("admission:edit", args=[self.object.pk, "plan"])
        return super().get_context_data(rows=self.rows, edit_url=edit_url, **context)


class Untouched(Revision):
    """The revision touches nobody: why."""

    open_states = UNTOUCHED_OPEN
    form_class = UntouchedForm
    act = staticmethod(actions.declare_untouched)
    title = gettext_lazy("说明修改不涉及街道和社区")
    lede = gettext_lazy("修改涉及街道、社区要做的事，应当再次征询；不涉及的，写明理由，不用再征询（指导意见第六条）。")
    submit = gettext_lazy("写上说明")
    done = gettext_lazy("说明已经写在本件上，街道、社区和办公室都看得到。")


class RevisedPlan(Revision):
    """T12, T13: the plan as revised for the approval, or for the next meeting."""

    open_states = AFTER_MEETING
    act = staticmethod(actions.attach_revised_plan)
    title = gettext_lazy("提交修改后的方案")
    lede = gettext_lazy("会后修改的方案就此定稿，作为新的一版随件提请核准或者再次上会（指导意见第八条第三项）。")
    submit = gettext_lazy("提交这一版")
    done = gettext_lazy("修改后的方案已经定稿。")
