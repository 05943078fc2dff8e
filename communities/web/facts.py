"""Recording what a community is and has."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities import access, actions
from communities.access import Act
from communities.models import Community
from communities.web import forms
from communities.web.act_page import ActPage
from communities.web.places import place_url

FIELDS = tuple(name for name in forms.FactsForm.base_fields if name != "seen")


class RecordFacts(ActPage):
    """The street's or the office's form, prefilled with what is known."""

    form_class = forms.FactsForm
    lede = gettext_lazy("知道多少填多少，以后可以再改；这些情况会公开。")
    submit = gettext_lazy("保存")
    done = gettext_lazy("已保存。")

    def load(self) -> None:
        code = self.kwargs["code"]
        self.community = get_object_or_404(Community.objects.select_related("division"), division__code=code)
        access.check(self.actor, Act.RECORD_FACTS, code)
        self.title = _("%(name)s：基本情况") % {"name": self.community}
        self.back, self.seen = place_url(code), self.community.version
        self.crumbs = [(str(self.community), self.back)]

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.community, name) for name in FIELDS} | {"seen": self.seen}

    def perform(self, **facts: Any) -> Any:
        return actions.record_facts(self.community, by=self.actor, at=timezone.now(), **facts)
