"""Editions: the published ones for everybody, drafts for those who make and decide them."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView, TemplateView

from base.templatetags.portal import zh_day, zh_moment
from communities.actors import actor_of
from communities.roles import COUNTY, Actor
from worklists import access, differences, exports
from worklists.access import Act
from worklists.actions import ended, outlook
from worklists.candidates import near_pairs
from worklists.differences import Line
from worklists.fingerprint import fingerprint
from worklists.models import ItemList, ListEntry
from worklists.web import downloads
from worklists.web.pages import public

ON_A_PAGE = 50
ENTRIES_ON_A_PAGE = 300
FIELDS = ("department", "category", "title", "applies_to", "fate", "reason")


@public
class Editions(ListView):
    """All editions that this visitor may know of, the newest first."""

    template_name = "worklists/editions.html"
    context_object_name = "editions"
    paginate_by = ON_A_PAGE

    def get_queryset(self) -> QuerySet[ItemList]:
        return visible(self.request).select_related("owner").order_by("-starts_on", "-pk")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(actions=self.actions(actor_of(self.request)), **context)

    def actions(self, actor: Actor | None) -> list[dict[str, Any]]:
        """What this visitor may begin."""
        if actor is None or not access.may(actor, Act.DRAFT_EDITION, actor.code):
            return []
        found: list[dict[str, Any]] = [{"label": _("导入清单"), "url": reverse("worklists:import")}]
        guidance = newest_guidance(actor.code)
        if guidance:
            url = reverse("worklists:adopt", args=[guidance.pk])
            found.insert(0, {"label": _("采用市级指导清单"), "url": url, "primary": True})
        return found


def visible(request: HttpRequest) -> QuerySet[ItemList]:
    """Published for everybody; drafts by `visible_to`."""
    return ItemList.objects.visible_to(actor_of(request))


def newest_guidance(code: str) -> ItemList | None:
    """The newest edition of a county's city."""
    if len(code) != COUNTY:
        return None
    return ItemList.objects.published().filter(owner__code=code[:4], kind=ItemList.Kind.GUIDANCE).first()


def entries_of(edition: ItemList) -> QuerySet[ListEntry]:
    """In the order of the list."""
    return edition.entries.select_related("department", "item").order_by("seq")


@public
class EditionPage(DetailView):
    """One edition, entry by entry; for a draft also what can be done with it."""

    template_name = "worklists/edition_page.html"
    context_object_name = "edition"

    def get_queryset(self) -> QuerySet[ItemList]:
        return visible(self.request).select_related("owner", "based_on")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A page, or with a format in the address the file."""
        if "format" not in kwargs:
            return super().get(request, *args, **kwargs)
        edition = self.get_object()
        notes = [(name, str(value)) for name, value in facts(edition)]
        sheet = exports.of_entries(entries_of(edition), notes)
        return downloads.respond(sheet, name=edition.title, format=kwargs["format"])

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        edition, actor = self.object, actor_of(self.request)
        is_draft = edition.state == ItemList.State.DRAFT
        entries = list(entries_of(edition))
        return super().get_context_data(
            entries=entries, facts=facts(edition), counts=counts(entries), is_draft=is_draft,
            may_draft=is_draft and access.may(actor, Act.DRAFT_EDITION, edition.owner.code),
            may_publish=is_draft and access.may(actor, Act.PUBLISH_EDITION, edition.owner.code),
            matches=is_draft or edition.sha256 == fingerprint(entries),
            others=others(self.request, edition), **(doubts(edition, entries) if is_draft else {}), **context,
        )  # fmt: skip


def others(request: HttpRequest, edition: ItemList) -> list[tuple[str, str]]:
    """The editions that it can be laid beside: of the same owner, and the one it rests on."""
    found = visible(request).filter(owner=edition.owner).exclude(pk=edition.pk).order_by("-starts_on", "-pk")
    rows = [*found[:10], *([edition.based_on] if edition.based_on else [])]
    return [(row.title, reverse("worklists:edition-diff", args=[row.pk, edition.pk])) for row in rows]


def doubts(edition: ItemList, entries: list[ListEntry]) -> dict[str, Any]:
    """What should be looked at before a draft is published: for draft_doubts.html."""
    kept = [entry for entry in entries if entry.fate != ListEntry.Fate.DROPPED]
    back = outlook.coming_back(edition, today=timezone.localdate())
    return {
        "back": ended.refusal(back) if back else "",
        "uncertain": sum(not entry.certain for entry in kept),
        "near": len(near_pairs(kept)),
        "unplaced": sorted({entry.department_text for entry in kept if entry.department_id is None}),
    }


def facts(edition: ItemList) -> list[tuple[str, Any]]:
    """The cover; what its publication adds, once it is published."""
    cover: list[tuple[str, Any]] = [
        (_("所属区划"), edition.owner.name), (_("文号"), edition.issue_number),
        (_("印发日期"), zh_day(edition.issued_on)), (_("施行日期"), zh_day(edition.starts_on)),
        (_("来源文件"), edition.source),
    ]  # fmt: skip
    if edition.published_at:
        cover += [
            (_("审定"), edition.decided_by), (_("公布时间"), zh_moment(edition.published_at)),
            (_("内容哈希（SHA-256）"), edition.sha256),
        ]  # fmt: skip
    return cover


def counts(entries: list[ListEntry]) -> list[tuple[str, int]]:
    """How many of each fate."""
    return [(str(fate.label), sum(entry.fate == fate for entry in entries)) for fate in ListEntry.Fate]


@public
class EditionDiff(TemplateView):
    """Two editions beside each other, entry by entry, field by field."""

    template_name = "worklists/edition_diff.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        rows = visible(self.request).select_related("owner")
        before = get_object_or_404(rows, pk=self.kwargs["before"])
        after = get_object_or_404(rows, pk=self.kwargs["after"])
        identify = by_item if before.owner_id == after.owner_id else by_source
        found = differences.compare(lines(before, identify), lines(after, identify))
        names = dict(zip(FIELDS, [_("部门"), _("类别"), _("事项"), _("适用"), _("去留"), _("理由")], strict=True))
        changed = [
            (pair.after, [{"name": names[key], "before": old, "after": new} for key, (old, new) in pair.fields.items()])
            for pair in found.changed
        ]
        shown = {"before": before, "after": after, "found": found, "changed": changed}
        return super().get_context_data(**{**context, **shown})


def by_item(entry: ListEntry) -> int | None:
    """Within one owner the item behind an entry identifies it."""
    return entry.item_id


def by_source(entry: ListEntry) -> int | None:
    """Between a city's edition and a county's: the entry of the city."""
    return entry.source_entry_id or entry.pk


def lines(edition: ItemList, identify: Callable[[ListEntry], int | None]) -> list[Line]:
    """The entries as lines to compare."""
    return [
        Line(
            entry.seq,
            {
                "department": entry.department_text, "category": str(entry.get_category_display()),
                "title": entry.title, "applies_to": str(entry.get_applies_to_display()),
                "fate": str(entry.get_fate_display()), "reason": entry.reason,
            },
            identify(entry),
            stands=entry.fate != ListEntry.Fate.DROPPED,
        )
        for entry in entries_of(edition)
    ]  # fmt: skip
