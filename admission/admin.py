"""The administrator's tables of admission: to be looked at only. The acts write them (ADR 0002, 0005)."""

from django.contrib import admin

from admission.models import (
    AgendaItem,
    Application,
    CommitteeSeat,
    ConsultationRound,
    Coordination,
    Deadline,
    Decision,
    FilingRecord,
    ImplementationPlan,
    Meeting,
    NoticeReceipt,
    Opinion,
    WorkNotice,
)
from base.admin import ShownOnly


@admin.register(Application)
class Applications(ShownOnly):
    list_display = ("number", "title", "kind", "state", "applicant", "county")
    list_select_related = ("applicant", "county")
    search_fields = ("number", "title")
    list_filter = ("state", "kind")
    ordering = ("-pk",)


@admin.register(ImplementationPlan)
class Plans(ShownOnly):
    list_display = ("application", "number", "frozen_at")
    list_select_related = ("application",)
    ordering = ("-pk",)


@admin.register(ConsultationRound)
class Rounds(ShownOnly):
    list_display = ("application", "number", "opened_at", "due_on")
    list_select_related = ("application",)
    ordering = ("-pk",)


@admin.register(Opinion)
class Opinions(ShownOnly):
    list_display = ("round", "body", "stance", "answered_at", "answered_by")
    list_select_related = ("round", "body")
    list_filter = ("stance",)
    ordering = ("-pk",)


@admin.register(Coordination)
class Coordinations(ShownOnly):
    list_display = ("application", "opened_at", "closed_at")
    list_select_related = ("application",)
    ordering = ("-pk",)


@admin.register(CommitteeSeat)
class Seats(ShownOnly):
    list_display = ("county", "unit", "post", "starts_on", "ends_on")
    list_select_related = ("county", "unit")
    ordering = ("county", "post", "pk")


@admin.register(Meeting)
class Meetings(ShownOnly):
    list_display = ("county", "year", "number", "planned_at", "chair", "state")
    list_select_related = ("county",)
    ordering = ("-planned_at",)


@admin.register(AgendaItem)
class AgendaItems(ShownOnly):
    list_display = ("meeting", "seq", "application", "conclusion")
    list_select_related = ("meeting", "application")
    ordering = ("-pk",)


@admin.register(Decision)
class Decisions(ShownOnly):
    list_display = ("application", "outcome", "capacity", "decided_on", "decided_by")
    list_select_related = ("application",)
    ordering = ("-pk",)


@admin.register(WorkNotice)
class Notices(ShownOnly):
    list_display = ("number", "application", "issued_on", "starts_on", "ends_on")
    list_select_related = ("application",)
    search_fields = ("number",)
    ordering = ("-pk",)


@admin.register(NoticeReceipt)
class Receipts(ShownOnly):
    list_display = ("notice", "body", "unit", "acknowledged_at", "acknowledged_by")
    list_select_related = ("notice", "body", "unit")
    ordering = ("-pk",)


@admin.register(FilingRecord)
class Filings(ShownOnly):
    list_display = ("number", "application", "filed_at", "filed_by")
    list_select_related = ("application",)
    search_fields = ("number",)
    ordering = ("-pk",)


@admin.register(Deadline)
class Deadlines(ShownOnly):
    list_display = ("application", "clock", "started_on", "workdays", "due_on", "stopped_on")
    list_select_related = ("application",)
    list_filter = ("clock",)
    ordering = ("-pk",)
