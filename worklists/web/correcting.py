"""Correcting a version that stands on the list: filled in, looked at beside what was recorded, then confirmed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from base.errors import RuleViolation
from communities.models import Division
from worklists import access, actions, life
from worklists.access import Act
from worklists.actions import decided
from worklists.models import ItemVersion, WorkItem
from worklists.web.correct_form import CorrectForm
from worklists.web.pages import ActionPage, hidden_version

BUTTONS = frozenset({"csrfmiddlewaretoken", "confirm", "edit"})


class Correct(ActionPage):
    """Two steps in one address: `confirm` saves what the preview has shown, `edit` goes back to the form."""

    form_class = CorrectForm
    heading = lazy("更正清单上的记录")
    lede = lazy(
        "录入有误才更正：部门的写法、对应的单位和依据可以改正；核准或者公布的内容（事项、类别、范围、期间等）不能在这里改，"
        "要变的由部门申请变更（第十条），清单列入的由新的一版调整。原来的记录照样保留，查得到。"
    )
    submit = lazy("看更正前后")
    done = lazy("已更正，原来的记录照样保留。")

    @cached_property
    def version(self) -> ItemVersion:
        """The version of the address."""
        rows = ItemVersion.objects.select_related("item__owner", "department").prefetch_related("scopes")
        return get_object_or_404(rows, item__code=self.kwargs["code"], pk=self.kwargs["pk"])

    def check(self) -> None:
        access.check(self.actor, Act.CORRECT_ITEM, self.version.item.owner.code)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What is believed no longer is not filled in for nothing; a form under way is refused by the act."""
        if self.version.recorded.upper is not None:
            raise RuleViolation(_("这个版本已经更正或者变更过。请打开事项，看现在的版本。"))
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        own = {"version": self.version, "owner": self.version.item.owner, "today": timezone.localdate()}
        return {**super().get_form_kwargs(), **own}

    def get_initial(self) -> dict[str, Any]:
        return CorrectForm.recorded(self.version)

    def form_valid(self, form: Any) -> HttpResponse:
        """Nothing is saved that has not been shown beside what was recorded."""
        if "edit" in self.request.POST:
            return self.form_invalid(form)
        if "confirm" in self.request.POST:
            return super().form_valid(form)
        rows = self.differences(form)
        if not any(row["before"] != row["after"] for row in rows):
            form.add_error(None, _("和现在记录的一样，没有要更正的。"))
            return self.form_invalid(form)
        return self.preview(form, rows)

    def preview(self, form: Any, rows: list[dict[str, str]]) -> HttpResponse:
        """Before and after; what was typed travels along."""
        context = self.get_context_data(
            rows=[row for row in rows if row["before"] != row["after"]], reason=form.cleaned_data["reason"],
            same=[row["name"] for row in rows if row["before"] == row["after"]], typed=self.typed(),
            more=[{"label": _("返回修改"), "name": "edit"}], form=form,
        )  # fmt: skip
        return self.response_class(self.request, ["worklists/item_correct.html"], context)

    def typed(self) -> SafeString:
        """All that was filled in, as hidden fields."""
        pairs = [(name, each) for name, said in self.request.POST.lists() if name not in BUTTONS for each in said]
        return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)

    def differences(self, form: Any) -> list[dict[str, str]]:
        """Every line of the version as it is recorded and as it will be."""
        version, terms = self.version, decided.corrected(self.version, **form.corrected())
        after = ItemVersion(**vars(terms.content))
        places = Division.objects.filter(code__in={*terms.scope, *(scope.code for scope in version.scopes.all())})
        name = {place.code: place.name for place in places}
        scopes = [[name.get(code, code) for code in each.scope] for each in (decided.terms_of(version), terms)]
        return [
            *life.compared(version, after, skipping={"scope_text"}),
            _row(_("现在是哪个单位"), version.department, form.cleaned_data["department"]),
            _row(_("施行期间"), life.listed_term(version), life.term(terms.starts_on, terms.ends_on)),
            _row(_("实施范围"), *(_("、").join(each) for each in scopes)),
        ]

    def perform(self, form: Any) -> WorkItem:
        return actions.correct_item(
            self.version.item, version=self.version, by=self.actor, at=timezone.now(), seen=self.seen(),
            reason=form.cleaned_data["reason"], **form.corrected(),
        )  # fmt: skip

    def back(self) -> str:
        return reverse("worklists:item", args=[self.kwargs["code"]])

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        item, back_again = self.version.item, "edit" in self.request.POST
        return super().get_context_data(
            subject=self.version.title, crumbs=[(item.code, self.back()), (_("更正"), "")],
            hidden=hidden_version(self.seen() or item.version if back_again else item.version), **context,
        )  # fmt: skip


def _row(name: str, before: Any, after: Any) -> dict[str, str]:
    return {"name": name, "before": str(before or ""), "after": str(after or "")}
