"""Drafts of editions: from a file or from the city's list, entry by entry, to the decision."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.generic import TemplateView

from base.errors import NotAllowed, RuleViolation
from communities.actors import ActorMixin
from communities.models import Division, ImportRun
from communities.roles import COUNTY
from worklists import access, actions
from worklists.access import Act
from worklists.actions.previews import GUIDANCE_LIST, previewed
from worklists.models import ItemList, ListEntry
from worklists.web import forms
from worklists.web.pages import ActionPage, hidden_version

PREVIEWED = 300


class Import(ActionPage):
    """A list from a file: first to look at."""

    form_class = forms.ImportForm
    heading = lazy("导入清单")
    lede = lazy("先看每一行，确认以后才成为草案；草案公布以前，各社区的清单不变。")
    submit = lazy("读取文件")
    done = lazy("文件读好了，还没有保存。请逐行看过再确认。")

    def check(self) -> None:
        access.check(self.actor, Act.DRAFT_EDITION, self.actor.code)

    def perform(self, form: Any) -> ImportRun:
        owner = get_object_or_404(Division, code=self.actor.code)
        return actions.preview_edition(
            owner, head=form.head(), reading=form.cleaned_data["file"], by=self.actor, at=timezone.now()
        )

    def back(self) -> str:
        return reverse("worklists:editions")

    def after(self, result: ImportRun) -> str:
        return reverse("worklists:import-preview", args=[result.pk])


class Preview(ActorMixin, TemplateView):
    """What was read, row by row, with what must be mended; confirmed here."""

    template_name = "worklists/import_preview.html"

    def run(self) -> ImportRun:
        """One's own county's imports only."""
        return get_object_or_404(ImportRun, pk=self.kwargs["pk"], what=GUIDANCE_LIST, county=self.actor.code)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        run = self.run()
        access.check(self.actor, Act.DRAFT_EDITION, run.county)
        head, reading = previewed(run)
        shown = self.request.GET.get("show", "")
        kinds = {"bad": reading.bad, "notes": [row for row in reading.rows if row.notes], "": reading.rows}
        tabs = [(_("全部"), ""), (_("要改的"), "bad"), (_("要核对的"), "notes")]
        return super().get_context_data(
            run=run, head=head, reading=reading, rows=kinds.get(shown, reading.rows)[:PREVIEWED], limit=PREVIEWED,
            tabs=[(label, f"?show={key}" if key else "?", shown == key, len(kinds[key])) for label, key in tabs],
            open=run.state == ImportRun.State.PREVIEW, **context,
        )  # fmt: skip

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Confirmed: the good rows become a draft."""
        try:
            edition = actions.confirm_preview(self.run(), by=self.actor, at=timezone.now())
        except RuleViolation as refusal:
            messages.error(request, str(refusal))
            return redirect("worklists:import-preview", pk=self.kwargs["pk"])
        messages.success(request, _("已存为草案，共 %(n)d 项。请核对后报请公布。") % {"n": edition.entries.count()})
        return redirect("worklists:edition", pk=edition.pk)


class Adopt(ActionPage):
    """A county's draft from its city's list."""

    form_class = forms.CoverForm
    heading = lazy("采用市级指导清单")
    lede = lazy("先全部采用，再在草案里逐项决定：不采用的写明理由，增列的写明决定文号。草案由主任或副主任审定公布。")
    submit = lazy("起草")
    done = lazy("草案已起草，请逐项核对。")

    def check(self) -> None:
        """A county's office: the city's own list is what is adopted."""
        access.check(self.actor, Act.DRAFT_EDITION, self.actor.county)
        if len(self.actor.code) != COUNTY:
            raise NotAllowed(_("市级指导清单由区县采用。市级修订清单，请导入新的一版。"))

    def guidance(self) -> ItemList:
        """A published edition."""
        return get_object_or_404(ItemList.objects.published(), pk=self.kwargs["pk"])

    def get_initial(self) -> dict[str, Any]:
        place = Division.objects.filter(code=self.actor.code).first()
        title = _("%(place)s社区工作事项清单（%(year)d年）") % {"place": place, "year": timezone.localdate().year}
        return {"title": title, "source": str(self.guidance())}

    def perform(self, form: Any) -> ItemList:
        owner = get_object_or_404(Division, code=self.actor.code)
        return actions.adopt_edition(self.guidance(), owner=owner, head=form.head(), by=self.actor, at=timezone.now())

    def back(self) -> str:
        return reverse("worklists:editions")

    def after(self, result: ItemList) -> str:
        return reverse("worklists:edition", args=[result.pk])


class DraftPage(ActionPage):
    """An act on a draft, or on one of its entries."""

    act = Act.DRAFT_EDITION

    def check(self) -> None:
        access.check(self.actor, self.act, self.edition.owner.code)

    @cached_property
    def edition(self) -> ItemList:
        """The draft; what this actor may not see is not there."""
        rows = ItemList.objects.visible_to(self.actor).select_related("owner")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def back(self) -> str:
        return reverse("worklists:edition", args=[self.edition.pk])

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(hidden=hidden_version(self.edition.version), **context)


class Revise(DraftPage):
    """The cover of a draft."""

    form_class = forms.CoverForm
    heading = lazy("修改封面")
    submit = lazy("保存")
    done = lazy("封面已保存。")

    def get_initial(self) -> dict[str, Any]:
        return forms.CoverForm.initial_of(self.edition)

    def perform(self, form: Any) -> ItemList:
        return actions.revise_edition(
            self.edition, head=form.head(), by=self.actor, at=timezone.now(), seen=self.seen()
        )


class Publish(DraftPage):
    """审定公布, after a last look."""

    act = Act.PUBLISH_EDITION
    form_class = forms.Confirm
    heading = lazy("审定公布")
    lede = lazy("公布以后内容不能再改；从施行日期起进入各社区的清单，不再列入的事项到前一天为止。")
    submit = lazy("公布这一版")
    done = lazy("已公布。")

    def perform(self, form: Any) -> ItemList:
        return actions.publish_edition(self.edition, by=self.actor, at=timezone.now(), seen=self.seen())


class Discard(DraftPage):
    """A draft that nobody wants."""

    form_class = forms.Confirm
    heading = lazy("删去草案")
    lede = lazy("草案和里面的修改都会删去，不能恢复；已经公布的版次不受影响。")
    submit = lazy("删去")
    done = lazy("草案已删去。")
    danger = True

    def perform(self, form: Any) -> None:
        actions.discard_edition(self.edition, by=self.actor, at=timezone.now())

    def after(self, result: None) -> str:
        return reverse("worklists:editions")


class Add(DraftPage):
    """增列."""

    form_class = forms.AddForm
    heading = lazy("增列事项")
    submit = lazy("增列")
    done = lazy("已增列。")

    def perform(self, form: Any) -> ListEntry:
        return actions.add_entry(
            self.edition, text=form.text(), decision_number=form.cleaned_data["decision_number"], by=self.actor,
            at=timezone.now(), seen=self.seen(),
        )  # fmt: skip


class EntryPage(DraftPage):
    """One entry of a draft: its text here, its fate by the buttons below."""

    template_name = "worklists/entry_page.html"
    form_class: type[Form] = forms.EntryForm
    heading = lazy("修改事项")
    submit = lazy("保存")
    done = lazy("已保存。")

    @cached_property
    def entry(self) -> ListEntry:
        """The entry of this draft."""
        return get_object_or_404(self.edition.entries.select_related("edition__owner"), seq=self.kwargs["seq"])

    def get_initial(self) -> dict[str, Any]:
        entry = self.entry
        return {name: getattr(entry, name) for name in forms.EntryForm.base_fields}

    def perform(self, form: Any) -> ListEntry:
        return actions.correct_entry(self.entry, text=form.text(), by=self.actor, at=timezone.now(), seen=self.seen())

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        entry = self.entry
        dropped = entry.fate == ListEntry.Fate.DROPPED
        return super().get_context_data(
            entry=entry,
            dropped=dropped,
            drop_form=forms.DropForm(initial={"reason": entry.reason}, prefix="drop"),
            **context,
        )


class Drop(EntryPage):
    """不采用."""

    form_class = forms.DropForm
    template_name = "worklists/action_form.html"
    heading = lazy("不采用这一项")
    submit = lazy("不采用")
    done = lazy("已改为不采用。")
    prefix = "drop"

    def get_initial(self) -> dict[str, Any]:
        return {"reason": self.entry.reason}

    def perform(self, form: Any) -> ListEntry:
        reason = form.cleaned_data["reason"]
        return actions.drop_entry(self.entry, reason=reason, by=self.actor, at=timezone.now(), seen=self.seen())


class Keep(EntryPage):
    """采用."""

    form_class = forms.Confirm
    template_name = "worklists/action_form.html"
    heading = lazy("采用这一项")
    submit = lazy("采用")
    done = lazy("已改为采用。")

    def get_initial(self) -> dict[str, Any]:
        return {}

    def perform(self, form: Any) -> ListEntry:
        return actions.keep_entry(self.entry, by=self.actor, at=timezone.now(), seen=self.seen())
