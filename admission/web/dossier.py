"""The dossier of an application: everything on one page, to read and to print whole (art 11)."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from admission.models import Application
from admission.presentation.case import RELATED, Case
from admission.presentation.dossier import Dossier
from admission.presentation.words import state_of
from communities.actors import ActorMixin


class DossierPage(ActorMixin, TemplateView):
    """For whoever may know of the application; each chapter shows what this reader may read of it."""

    template_name = "admission/dossier.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Contents and chapters."""
        rows = Application.objects.visible_to(self.actor).select_related(*RELATED)
        application = get_object_or_404(rows, pk=self.kwargs["pk"])
        today = timezone.localdate()
        chapters = Dossier(Case(application, self.actor, today)).chapters
        page = reverse("admission:application", args=[application.pk])
        return super().get_context_data(
            application=application,
            chapters=chapters,
            state=state_of(application),
            meta=[application.applicant, application.get_kind_display(), application.number],
            crumbs=[
                (_("申请"), reverse("admission:applications")),
                (application.number or str(application), page),
                (_("卷宗"), ""),
            ],
            actions=[{"label": _("打印全卷"), "print": True}, {"label": _("回到申请"), "url": page}],
            **context,
        )
