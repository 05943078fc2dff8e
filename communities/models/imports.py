"""Files read in: their progress and report."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.roles import Actor


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def of(self, what: str) -> Self:
        """The runs of one kind of import."""
        return self.filter(what=what)

    def in_territory(self, actor: Actor) -> Self:
        """The runs that concern places in this actor's territory."""
        return self.filter(county__startswith=actor.code)


class ImportRun(models.Model):
    """A file read in, with its progress and a report of every row that was refused."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("待确认")
        RUNNING = "running", _("导入中")
        DONE = "done", _("已导入")
        FAILED = "failed", _("未导入")

    what = models.CharField(_("内容"), max_length=30)
    county = models.CharField(_("区划代码"), max_length=12, blank=True, db_collation="C")
    file = models.ForeignKey("base.Attachment", verbose_name=_("文件"), null=True, blank=True, on_delete=models.PROTECT)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PREVIEW)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    done = models.PositiveIntegerField(_("已处理"), default=0)
    report = models.JSONField(_("报告"), default=dict)
    started_by = models.CharField(_("导入人"), max_length=200)
    appointment = models.ForeignKey(
        "communities.Appointment", verbose_name=_("导入人的任职"), null=True, blank=True, on_delete=models.PROTECT
    )
    started_at = models.DateTimeField(_("开始时间"))
    finished_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("导入")
        verbose_name_plural = _("导入")

    def __str__(self) -> str:
        return f"{self.what} {self.started_at:%Y-%m-%d}"
