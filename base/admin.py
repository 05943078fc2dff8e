"""The administrator's tables. What acts have written is only shown; accounts and the calendar can be edited."""

from dataclasses import dataclass
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy

from base import calendar, outbox
from base.errors import RuleViolation
from base.models import (
    Attachment,
    CalendarYear,
    DocumentNumber,
    Event,
    EventChain,
    Holiday,
    Message,
    NumberSeries,
    Outbox,
    User,
)

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # lock-out and second factor


@dataclass(frozen=True)
class Administrator:
    """Who edits here, for the audit log."""

    user_id: int | None
    label: str = "平台 · 平台管理员"
    role: str = "admin"
    code: str = ""


def _by(request: HttpRequest) -> Administrator:
    return Administrator(request.user.pk)


@admin.register(User)
class Accounts(UserAdmin):
    """Accounts are made and closed here, never deleted: who somebody is stands in their appointments."""

    list_display = ("username", "display_name", "email", "is_active", "is_staff")
    search_fields = ("username", "display_name", "email")
    list_filter = ("is_active", "is_staff")
    ordering = ("username",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (gettext_lazy("个人信息"), {"fields": ("display_name", "email")}),
        (gettext_lazy("权限"), {"fields": ("is_active", "is_staff", "is_superuser")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "display_name", "email", "usable_password", "password1", "password2")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """An account that has acted must stay known: deactivate it."""
        return False


class ShownOnly(admin.ModelAdmin):
    """Rows that only acts write: to be looked at, never edited here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Rows come from acts."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Rows are changed by acts."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nothing is deleted."""
        return False


@admin.register(Event)
class Events(ShownOnly):
    list_display = ("chain", "seq", "at", "by_label", "kind", "target_label")
    search_fields = ("kind", "by_label", "target_label")
    list_filter = ("chain",)
    ordering = ("-pk",)
    show_full_result_count = False


@admin.register(EventChain)
class EventChains(ShownOnly):
    list_display = ("code", "seq", "hash")
    ordering = ("code",)


@admin.register(NumberSeries)
class Series(ShownOnly):
    list_display = ("owner", "kind", "year", "last")
    ordering = ("owner", "kind", "-year")


@admin.register(DocumentNumber)
class Numbers(ShownOnly):
    list_display = ("text", "series", "seq", "issued_at", "void_reason")
    list_select_related = ("series",)
    search_fields = ("text",)
    ordering = ("-pk",)


@admin.register(Attachment)
class Attachments(ShownOnly):
    list_display = ("name", "mime", "size", "county", "uploaded_at", "uploaded_by", "quarantine_reason")
    search_fields = ("name", "sha256")
    ordering = ("-pk",)


@admin.register(Message)
class Messages(ShownOnly):
    list_display = ("title", "kind", "county", "written_at")
    search_fields = ("title",)
    ordering = ("-pk",)


@admin.register(Outbox)
class Deliveries(ShownOnly):
    list_display = ("message", "channel", "inbox", "state", "attempts", "next_try_at", "last_error")
    list_select_related = ("message",)
    list_filter = ("channel", "state")
    ordering = ("-pk",)
    actions = ("try_again",)

    @admin.action(description=gettext_lazy("重新投递失败的邮件"), permissions=["view"])
    def try_again(self, request: HttpRequest, deliveries: models.QuerySet[Outbox]) -> None:
        """For when the mail server has been mended."""
        for delivery in deliveries:
            try:
                outbox.try_again(delivery, at=timezone.now())
            except RuleViolation as refusal:
                messages.warning(request, f"{delivery}：{refusal}")


@admin.register(Holiday)
class Holidays(admin.ModelAdmin):
    """Days are entered and corrected through the acts of the calendar, so that each change is an audit line."""

    list_display = ("date", "is_workday", "name", "source")
    list_filter = ("is_workday",)
    ordering = ("-date",)
    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: Holiday | None = None) -> tuple[str, ...]:
        """The day itself is what the row is about."""
        return ("date",) if obj else ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The notice must be named."""
        form = super().get_form(request, obj, change, **kwargs)
        form.base_fields["source"].required = True
        return form

    def save_model(self, request: HttpRequest, obj: Holiday, form: ModelForm, change: bool) -> None:
        """Through the act."""
        calendar.set_day(
            obj.date,
            is_workday=obj.is_workday,
            name=obj.name,
            source=obj.source,
            by=_by(request),
            at=timezone.now(),
        )

    def delete_model(self, request: HttpRequest, obj: Holiday) -> None:
        """Through the act."""
        calendar.clear_day(obj.date, by=_by(request), at=timezone.now())


@admin.register(CalendarYear)
class CalendarYears(admin.ModelAdmin):
    """Entering a year says: its notice has been entered in full."""

    list_display = ("year", "source", "published_on")
    ordering = ("-year",)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """What was published stays."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """What was published stays."""
        return False

    def save_model(self, request: HttpRequest, obj: CalendarYear, form: ModelForm, change: bool) -> None:
        """Through the act."""
        calendar.publish_year(
            obj.year, source=obj.source, published_on=obj.published_on, by=_by(request), at=timezone.now()
        )
