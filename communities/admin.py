"""The administrator's tables of places, units and posts: to be looked at only. The acts write them (ADR 0002, 0010)."""

from django.contrib import admin

from base.admin import ShownOnly
from communities.models import Appointment, Community, CountySetting, Department, Division, ImportRun


@admin.register(Division)
class Divisions(ShownOnly):
    list_display = ("code", "name", "kind", "starts_on", "ends_on")
    search_fields = ("code", "name")
    list_filter = ("kind",)
    ordering = ("code",)
    show_full_result_count = False


@admin.register(Department)
class Departments(ShownOnly):
    list_display = ("name", "division", "kind", "hosts_office", "ends_on")
    list_select_related = ("division",)
    search_fields = ("name", "short_name")
    list_filter = ("kind", "hosts_office")
    ordering = ("division__code", "name")


@admin.register(Community)
class Communities(ShownOnly):
    list_display = ("division", "kind", "households", "residents")
    list_select_related = ("division",)
    search_fields = ("division__code", "division__name")
    ordering = ("division__code",)
    show_full_result_count = False


@admin.register(Appointment)
class Appointments(ShownOnly):
    list_display = ("user", "role", "division", "unit", "starts_on", "ends_on")
    list_select_related = ("user", "division", "unit")
    search_fields = ("user__username",)
    list_filter = ("role",)
    ordering = ("-pk",)


@admin.register(CountySetting)
class Settings(ShownOnly):
    list_display = ("county", "key", "value", "basis", "since")
    list_select_related = ("county",)
    ordering = ("county__code", "key", "-since")


@admin.register(ImportRun)
class Imports(ShownOnly):
    list_display = ("what", "county", "state", "rows", "done", "started_at", "started_by")
    ordering = ("-pk",)
