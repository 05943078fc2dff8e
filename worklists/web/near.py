"""Entries of one edition whose names are near each other: is the same work handed down twice? (减负; rulebook 4.1)"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import DetailView

from communities.actors import actor_of
from worklists import access
from worklists.access import Act
from worklists.candidates import near_pairs
from worklists.marking import marked
from worklists.models import ItemList, ListEntry
from worklists.overlap import Candidate, Span
from worklists.web.editions import entries_of, visible
from worklists.web.pages import public


@public
class EditionNear(DetailView):
    """The pairs, the nearest first; in a draft each entry leads to where it is dropped or worded anew."""

    template_name = "worklists/edition_near.html"
    context_object_name = "edition"

    def get_queryset(self) -> QuerySet[ItemList]:
        return visible(self.request).select_related("owner")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        edition = self.object
        entries = {str(entry.pk): entry for entry in kept(edition)}
        pairs = near_pairs(entries.values())
        is_draft = edition.state == ItemList.State.DRAFT
        return super().get_context_data(
            pairs=[
                [side(pair.first, pair.marks[0], entries), side(pair.second, pair.marks[1], entries)] for pair in pairs
            ],
            number=len(entries),
            may_draft=is_draft and access.may(actor_of(self.request), Act.DRAFT_EDITION, edition.owner.code),
            crumbs=[
                (_("清单版次"), reverse("worklists:editions")),
                (edition.title, reverse("worklists:edition", args=[edition.pk])),
                (_("名称相近的事项"), ""),
            ],
            **context,
        )


def kept(edition: ItemList) -> list[ListEntry]:
    """What stands on it: without what the county did not adopt."""
    return [entry for entry in entries_of(edition) if entry.fate != ListEntry.Fate.DROPPED]


def side(candidate: Candidate, marks: Sequence[Span], entries: Mapping[str, ListEntry]) -> dict[str, Any]:
    """One of two: the entry, its name with the same words marked."""
    entry = entries[candidate.key]
    return {"entry": entry, "title": marked(entry.title, marks)}
