"""Drafts of editions: the cover, entry by entry, to the decision."""

from typing import Any

from django.forms import Form
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from worklists import access, actions
from worklists.access import Act
from worklists.actions import outlook
from worklists.models import ItemList, ListEntry
from worklists.web import editions, forms
from worklists.web.pages import ActionPage, hidden_version


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
        where = [
            (_("清单版次"), reverse("worklists:editions")), (self.edition.title, self.back()), (str(self.heading), ""),
        ]  # fmt: skip
        return super().get_context_data(crumbs=where, hidden=hidden_version(self.edition.version), **context)


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
    template_name = "worklists/edition_publish.html"
    form_class = forms.PublishForm
    heading = lazy("审定公布")
    lede = lazy("公布以后内容不能再改；从施行日期起进入各社区的清单，不再列入的事项到前一天为止。")
    submit = lazy("公布这一版")
    done = lazy("已公布。各街道（乡镇）、社区和事项有变化的部门会收到消息。")
    keep = False

    @cached_property
    def effect(self) -> outlook.Outlook:
        """What the list becomes on its first day."""
        return outlook.of_draft(self.edition, today=timezone.localdate())

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "effect": self.effect}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        edition = self.edition
        return super().get_context_data(
            edition=edition, effect=self.effect, others=editions.others(self.request, edition),
            **editions.doubts(edition, list(editions.entries_of(edition))), **context,
        )  # fmt: skip

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
        actions.discard_edition(self.edition, by=self.actor, at=timezone.now(), seen=self.seen())

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
    """One entry of a draft: its text, and below whether it is taken."""

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
