"""The running clocks of an application: stored due dates, computed by `admission.deadlines`."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from admission.deadlines import Clock, Pause
from admission.models.application import Application


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def running(self) -> Self:
        """Neither stopped nor standing still."""
        return self.filter(stopped_on__isnull=True, due_on__isnull=False)

    def overdue(self, today: date) -> Self:
        """Running and past: a comparison, never a flag."""
        return self.running().filter(due_on__lt=today)


class Deadline(models.Model):
    """One clock: when it started, its period with its basis, when it stood still, when it is due.

    `pauses`: [{"since": "2026-11-02", "until": "2026-11-05" or null}]; `due_on` is empty while it stands still.
    """

    application = models.ForeignKey(
        Application, verbose_name=_("申请"), on_delete=models.PROTECT, related_name="deadlines"
    )
    clock = models.CharField(_("时限"), max_length=20, choices=Clock)
    started_on = models.DateField(_("起算日"))
    workdays = models.PositiveSmallIntegerField(_("工作日数"))
    basis = models.CharField(_("依据"), max_length=300)
    pauses = models.JSONField(_("停钟"), default=list, blank=True)
    due_on = models.DateField(_("到期日"), null=True, blank=True)
    provisional = models.BooleanField(_("暂定"), default=False)
    stopped_on = models.DateField(_("停止日"), null=True, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("时限")
        verbose_name_plural = _("时限")
        constraints = [
            models.UniqueConstraint(
                name="deadline_one_running", fields=["application", "clock"], condition=Q(stopped_on__isnull=True)
            ),
            models.CheckConstraint(
                name="deadline_due_after_start",
                condition=Q(due_on__isnull=True) | Q(due_on__gte=models.F("started_on")),
                violation_error_message=_("到期日不能早于起算日。"),
            ),
        ]
        indexes = [models.Index(name="deadline_due", fields=["due_on"], condition=Q(stopped_on__isnull=True))]

    def __str__(self) -> str:
        return f"{self.application_id} {self.clock} {self.due_on}"

    @property
    def standing_still(self) -> bool:
        """Is the clock paused now?"""
        return bool(self.pauses) and self.pauses[-1]["until"] is None

    def pause_spans(self) -> list[Pause]:
        """The pauses as values."""
        return [
            Pause(date.fromisoformat(p["since"]), date.fromisoformat(p["until"]) if p["until"] else None)
            for p in self.pauses
        ]
