"""A new draft of an edition: from a file, looked at row by row before it is saved, or from the city's list."""

from typing import Any

from django.contrib import messages
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
from worklists.actions.previews import GUIDANCE_LIST, looked_at, previewed
from worklists.models import ItemList
from worklists.web import forms
from worklists.web.pages import ActionPage

PREVIEWED = 300
LONG = 10  # digits


class Import(ActionPage):
    """A list from a file: first to look at."""

    form_class = forms.ImportForm
    heading = lazy("导入清单")
    lede = lazy("先看每一行，确认以后才成为草案；草案公布以前，各社区的清单不变。")
    submit = lazy("读取文件")
    done = lazy("文件读好了，还没有保存。请逐行看过再确认。")

    def check(self) -> None:
        access.check(self.actor, Act.DRAFT_EDITION, self.actor.code)

    def get_initial(self) -> dict[str, Any]:
        """Another file for the same list: its cover is not written twice."""
        asked = self.request.GET.get("cover", "")
        runs = ImportRun.objects.of(GUIDANCE_LIST).filter(county=self.actor.code)
        run = runs.filter(pk=int(asked)).first() if asked.isascii() and asked.isdigit() and len(asked) < LONG else None
        return vars(previewed(run)[0]) if run else {}

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

    @cached_property
    def number_form(self) -> forms.NumberForm:
        """For additions that nothing has decided yet: the number of the document, without another upload."""
        return forms.NumberForm(self.request.POST if "number" in self.request.POST else None)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        run = self.run()
        access.check(self.actor, Act.DRAFT_EDITION, run.county)
        head, reading, effect = looked_at(run, today=timezone.localdate())
        shown = self.request.GET.get("show", "")
        kinds = {"bad": reading.bad, "notes": [row for row in reading.rows if row.notes], "": reading.rows}
        tabs = [(_("全部"), ""), (_("要改的"), "bad"), (_("要核对的"), "notes")]
        return super().get_context_data(
            run=run, head=head, reading=reading, rows=kinds.get(shown, reading.rows)[:PREVIEWED], limit=PREVIEWED,
            effect=effect, undecided=len(reading.bad) - len(previewed(run)[1].bad),
            tabs=[(label, f"?show={key}" if key else "?", shown == key, len(kinds[key])) for label, key in tabs],
            open=run.state == ImportRun.State.PREVIEW, number_form=self.number_form, **context,
        )  # fmt: skip

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Confirmed: the good rows become a draft. Or first the number of the document."""
        run, here = self.run(), redirect("worklists:import-preview", pk=self.kwargs["pk"])
        try:
            if "number" not in request.POST:
                edition = actions.confirm_preview(run, by=self.actor, at=timezone.now())
            elif self.number_form.is_valid():
                actions.number_preview(run, by=self.actor, at=timezone.now(), **self.number_form.cleaned_data)
                return here
            else:
                return self.get(request, **kwargs)
        except RuleViolation as refusal:
            messages.error(request, str(refusal))
            return here
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
