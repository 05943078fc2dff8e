"""What the administrator does to divisions: new ones, closed ones, whole files of them."""

import csv
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import TemplateView

from base.cells import harmless
from communities import access, actions, tasks
from communities.access import Act
from communities.actors import ActorMixin
from communities.imports import divisions
from communities.models import Division, ImportRun
from communities.roles import COUNTY
from communities.web import forms
from communities.web.act_page import ActPage
from communities.web.places import place_url

AT_ONCE = 1024 * 1024
"""A file up to this size is looked at while one waits; a larger one by a worker."""
BYTES_A_ROW = 60
"""About: how far it is while nobody has counted the rows yet."""
ON_A_PAGE = 100
LIST = reverse_lazy("communities:imports")


class NewDivision(ActPage):
    """新设区划."""

    form_class = forms.DivisionForm
    title = gettext_lazy("新设区划")
    lede = gettext_lazy("上级区划要先有；社区和村会同时有一页基本情况。")
    submit = gettext_lazy("设立")
    done = gettext_lazy("已设立。")

    def load(self) -> None:
        self.county = get_object_or_404(Division.objects.of_level(COUNTY), code=self.kwargs["code"])
        access.check(self.actor, Act.CREATE_DIVISION, self.county.code)
        self.back = place_url(self.county.code)
        self.crumbs = [(self.county.name, self.back)]

    def get_initial(self) -> dict[str, Any]:
        return {"starts_on": timezone.localdate()}

    def perform(self, **facts: Any) -> Division:
        return actions.create_division(facts.pop("code"), by=self.actor, at=timezone.now(), **facts)

    def after(self, result: Division) -> str:
        return place_url(result.code) if len(result.code) >= COUNTY else self.back


class CloseDivision(ActPage):
    """停用区划."""

    form_class = forms.CloseDivisionForm
    lede = gettext_lazy("停用以后，这里的任职一并终止；以前的清单和记录照旧能查。")
    submit = gettext_lazy("停用")
    done = gettext_lazy("已停用。")
    danger = True

    def load(self) -> None:
        self.division = get_object_or_404(Division, code=self.kwargs["code"])
        access.check(self.actor, Act.CLOSE_DIVISION, self.division.code)
        self.title = _("停用%(name)s") % {"name": self.division.name}
        self.back = place_url(self.division.code)
        self.crumbs = [(self.division.name, self.back)]

    def get_form_kwargs(self) -> dict[str, Any]:
        level = len(self.division.code)
        places = Division.objects.under(self.division.code[:COUNTY]).of_level(level).filter(ends_on__isnull=True)
        return {**super().get_form_kwargs(), "successors": places.exclude(pk=self.division.pk).order_by("code")}

    def get_initial(self) -> dict[str, Any]:
        return {"ends_on": timezone.localdate()}

    def perform(self, **facts: Any) -> Division:
        return actions.close_division(self.division, by=self.actor, at=timezone.now(), **facts)


class Enrol(ActorMixin, View):
    """A page of facts for each community that came by a file."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        county = get_object_or_404(Division.objects.of_level(COUNTY), code=code)
        added = actions.enrol_communities(county, by=self.actor, at=timezone.now())
        messages.success(request, _("已给 %(n)d 个社区（村）建立基本情况。") % {"n": len(added)})
        return redirect(place_url(code))


class Imports(ActPage):
    """Hand in a file; what was handed in before."""

    template_name = "communities/imports.html"
    form_class = forms.ImportForm
    title = gettext_lazy("导入区划")
    lede = gettext_lazy("先检查，不保存；看过结果、确认以后才导入。重复导入不会出错。")
    submit = gettext_lazy("上传并检查")
    done = gettext_lazy("文件收到了。")

    def load(self) -> None:
        access.check(self.actor, Act.IMPORT_DIVISIONS, self.actor.code)

    def perform(self, **facts: Any) -> ImportRun:
        run = divisions.upload(facts.pop("file"), by=self.actor, at=timezone.now(), **facts)
        if run.file and run.file.size <= AT_ONCE:
            divisions.proceed(run, at=timezone.now())
        else:
            tasks.wake()
        return run

    def after(self, result: ImportRun) -> str:
        return reverse("communities:import", args=[result.pk])

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        rows = ImportRun.objects.of(divisions.WHAT).in_territory(self.actor).select_related("file").order_by("-pk")
        page = Paginator(rows.defer("report"), ON_A_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(page=page, **context)


class ImportPage(ActorMixin, TemplateView):
    """One import: the check, the progress, the report. With ?part=job only the progress, for the page to renew."""

    def get_template_names(self) -> list[str]:
        return ["communities/import_job.html" if "part" in self.request.GET else "communities/import.html"]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        run = the_run(self)
        page = Paginator(run.report.get("refusals", []), ON_A_PAGE).get_page(self.request.GET.get("page"))
        address = reverse("communities:import", args=[run.pk])
        title = run.file.name if run.file else _("由命令导入")
        return super().get_context_data(
            run=run,
            title=title,
            crumbs=[(_("导入区划"), str(LIST)), (title, "")],
            busy=run.state == run.State.RUNNING or (run.state == run.State.PREVIEW and "new" not in run.report),
            poll=f"{address}?part=job",
            total=max(run.rows, run.done, run.file.size // BYTES_A_ROW if run.file else 1),
            address=address,
            page=page,
            importable=divisions.importable(run),
            by_county=len(run.county) < COUNTY,
            **context,
        )


class RefusedRows(ActorMixin, View):
    """The rows that cannot be taken, as a table to mend the file by."""

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        run = the_run(self)
        answer = HttpResponse(content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = content_disposition_header(True, _("不能导入的行") + f"-{pk}.csv")
        answer["Cache-Control"] = "private, no-store"
        answer.write("\ufeff")  # for spreadsheets
        writer = csv.writer(answer, lineterminator="\r\n")
        writer.writerow([_("行号"), _("内容"), _("原因")])
        writer.writerows([line, harmless(text), why] for line, text, why in run.report.get("refusals", []))
        return answer


class Decide(ActorMixin, View):
    """确认导入 or 放弃: two buttons of the check."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = the_run(self)
        if request.POST.get("go") == "1":
            divisions.confirm(run, by=self.actor, at=timezone.now())
            self.begin(run)
        else:
            divisions.discard(run, by=self.actor, at=timezone.now())
            messages.success(request, _("已放弃，没有导入任何一行。"))
        return redirect("communities:import", pk=pk)

    def begin(self, run: ImportRun) -> None:
        """A small file at once, a large one by a worker."""
        if run.file and run.file.size <= AT_ONCE:
            divisions.proceed(run, at=timezone.now())
        else:
            tasks.wake()


def the_run(view: Any) -> ImportRun:
    """The import of the address, for the administrator in whose territory it is."""
    access.check(view.actor, Act.IMPORT_DIVISIONS, view.actor.code)
    rows = ImportRun.objects.of(divisions.WHAT).in_territory(view.actor).select_related("file")
    return get_object_or_404(rows, pk=view.kwargs["pk"])
