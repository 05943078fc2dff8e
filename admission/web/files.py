"""Attachments of an application: listed, handed in, read, taken off, by the application's own permission."""

from typing import Any

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from admission import access, actions
from admission.actions.filing import takes_files
from admission.models import Application, ApplicationFile
from admission.procedure import FORM_OPEN
from admission.web.action_page import ActionPage
from admission.web.forms.files import AddFiles, RemoveFile
from base import files
from base.errors import NotAllowed
from base.web import send
from communities.actors import ActorMixin


class Files(ActionPage):
    """What is attached; who may add something finds the form below it."""

    template_name = "admission/application_files.html"
    form_class = AddFiles
    act = staticmethod(actions.add_file)
    title = gettext_lazy("附件")
    lede = gettext_lazy("实施方案、依据文件、意见原件、盖章扫描件（指导意见第七条、第八条）。")
    submit = gettext_lazy("上传")

    def check(self) -> None:
        """Reading is for everybody who sees the application; adding is not."""
        if self.request.method == "POST" and not self.may_add:
            raise NotAllowed(_("只有申请单位和办公室可以上传附件。"))

    @property
    def may_add(self) -> bool:
        """The applicant and the office."""
        return access.applicant(self.actor, self.object) or access.office(self.actor, self.object)

    def problems(self) -> list[str]:
        """Closed."""
        return [] if takes_files(self.object) else [_("本件没有准入，已经办结，不能再上传附件。")]

    def perform(self, form: Any) -> int:
        """Keep each file by its content, then put it on the application."""
        chosen, at = form.cleaned_data["uploads"], timezone.now()
        for upload in chosen:
            kept = files.keep(upload, by=self.actor, at=at, county=self.object.county.code)
            purpose = form.cleaned_data["purpose"]
            actions.add_file(self.object, by=self.actor, at=at, attachment=kept, purpose=purpose)
        return len(chosen)

    def said(self) -> str:
        """How many."""
        return _("已上传 %s 个文件。") % self.result

    def get_success_url(self) -> str:
        """Stay: there may be more."""
        return reverse("admission:files", args=[self.object.pk])

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The files with their addresses."""
        may_remove = access.applicant(self.actor, self.object) and self.object.state in FORM_OPEN
        return super().get_context_data(
            files=[row_of(file, may_remove=may_remove) for file in self.case.files],
            may_add=self.may_add,
            kinds=files.in_words(files.DOCUMENTS),
            limit=files.limit_in_words(),
            **context,
        )


def row_of(file: ApplicationFile, *, may_remove: bool = False) -> dict[str, Any]:
    """As components/files.html takes it."""
    kept = file.attachment
    return {
        "name": kept.name,
        "url": reverse("admission:file", args=[file.pk]),
        "size": kept.size,
        "at": file.added_at,
        "by": f"{file.get_purpose_display()}，{file.added_by}",
        "remove_url": reverse("admission:file-remove", args=[file.pk]) if may_remove else "",
    }


def seen_file(view: Any, pk: int) -> ApplicationFile:
    """A file of an application that this person may know of."""
    rows = ApplicationFile.objects.filter(application__in=Application.objects.visible_to(view.actor))
    return get_object_or_404(rows.select_related("attachment", "application"), pk=pk, removed_at__isnull=True)


class Download(ActorMixin, View):
    """The bytes of a file."""

    def get(self, _request: HttpRequest, pk: int) -> FileResponse:
        """Sent so that nothing in it runs."""
        return send(seen_file(self, pk).attachment)


class Remove(ActionPage):
    """Take a file off while the form is open; that it was there stays on record."""

    form_class = RemoveFile
    act = staticmethod(actions.remove_file)
    title = gettext_lazy("移除附件")
    lede = gettext_lazy("移除以后不再显示和下载；移除的记录会保留。")
    submit = gettext_lazy("移除")
    danger = True

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The file; its application is what the page is about."""
        self.request = request
        self.file = seen_file(self, kwargs["pk"])
        super().setup(request, *args, **{**kwargs, "pk": self.file.application_id})

    def check(self) -> None:
        """Only the applicant."""
        if not access.applicant(self.actor, self.object):
            raise NotAllowed(_("只有申请单位可以移除附件。"))

    def problems(self) -> list[str]:
        """The form is closed."""
        if self.object.state in FORM_OPEN:
            return []
        return [_("本件现在是“%s”，附件不能再移除。") % self.object.state_label]

    def heading(self) -> str:
        """Which one."""
        return _("移除附件“%s”") % self.file.attachment.name

    def get_initial(self) -> dict[str, Any]:
        """Nothing to compare: the file itself is the version."""
        return {}

    def perform(self, form: Any) -> Any:
        """Of this file."""
        return actions.remove_file(self.file, by=self.actor, at=timezone.now())

    def said(self) -> str:
        """Which one."""
        return _("已移除“%s”。") % self.file.attachment.name

    def get_success_url(self) -> str:
        """Back to the files."""
        return reverse("admission:files", args=[self.object.pk])
