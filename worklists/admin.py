"""The administrator's tables of the lists: to be looked at only. The acts write them (ADR 0002, 0005)."""

from django.contrib import admin

from base.admin import ShownOnly
from worklists.models import (
    CompletionFiling,
    ItemList,
    ItemVersion,
    ListEntry,
    RegisterRule,
    SupervisionCase,
    UnapprovedReport,
    WorkItem,
)


@admin.register(ItemList)
class Editions(ShownOnly):
    list_display = ("title", "owner", "kind", "state", "starts_on", "issue_number")
    list_select_related = ("owner",)
    ordering = ("-pk",)


@admin.register(ListEntry)
class Entries(ShownOnly):
    list_display = ("edition", "seq", "title", "category", "fate")
    list_select_related = ("edition",)
    search_fields = ("title",)
    ordering = ("-edition", "seq")


@admin.register(WorkItem)
class Items(ShownOnly):
    list_display = ("code", "owner", "origin")
    list_select_related = ("owner",)
    search_fields = ("code",)
    ordering = ("-pk",)


@admin.register(ItemVersion)
class Versions(ShownOnly):
    list_display = ("item", "title", "category", "in_force", "recorded", "notice_number", "ending")
    list_select_related = ("item",)
    search_fields = ("title", "notice_number")
    ordering = ("-pk",)
    show_full_result_count = False


@admin.register(CompletionFiling)
class Filings(ShownOnly):
    list_display = ("number", "item", "kind", "filed_by", "ended_on", "acknowledged_at")
    list_select_related = ("item", "filed_by")
    ordering = ("-pk",)


@admin.register(UnapprovedReport)
class Reports(ShownOnly):
    """Without who reported: that is the office's to know (decisions: Reporter's identity)."""

    list_display = ("number", "what", "county", "state", "due_on")
    list_select_related = ("county",)
    ordering = ("-pk",)

    def get_exclude(self, request, obj=None):
        """The reporter stays with the office."""
        return ("reporter", "reported_by", "details", "files")


@admin.register(SupervisionCase)
class Cases(ShownOnly):
    list_display = ("matter", "county", "unit", "state", "due_on", "result")
    list_select_related = ("county", "unit")
    ordering = ("-pk",)


@admin.register(RegisterRule)
class Rules(ShownOnly):
    list_display = ("title", "subject_type", "stance", "is_binding", "owner_code", "in_force", "recorded")
    search_fields = ("title", "basis")
    ordering = ("-pk",)
