"""Reports of work handed down without admission (T21; S2-P4 art 4, 9, 12; PR-13)."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from base.models import Attachment
from communities.models import Department, Division
from communities.roles import Actor, Role
from worklists import departments
from worklists.kinds import SubjectType, Wrong
from worklists.models.item import WorkItem


def only_unapproved() -> list[str]:
    """What is wrong with it where nothing else is said."""
    return [Wrong.UNAPPROVED.value]


class UnapprovedReportQuerySet(models.QuerySet["UnapprovedReport"]):
    def visible_to(self, actor: Actor) -> Self:
        """The reporter its own, the street what its communities reported of others, the department what was passed on
        to it or to a unit it succeeded, the substitute or its successor what it handles in the office's place, the
        county's organs all.
        """
        match actor.role:
            case Role.APPLICANT:
                return self.filter(asked_by(actor), passed_on_at__isnull=False)
            case Role.STREET:
                asked_by_us = asked_by(actor)
                inside = Q(reporter__code__startswith=actor.code) & ~asked_by_us
                return self.filter(Q(reporter__code=actor.code) | inside | asked_by_us & Q(passed_on_at__isnull=False))
            case Role.COMMUNITY:
                return self.filter(reporter__code=actor.code)
            case Role.MEMBER:
                return self.filter(substitute_id__in=actor.units)
            case Role.OFFICE | Role.DIRECTOR | Role.DEPUTY | Role.CITY | Role.AUDITOR:
                return self.filter(county__code__startswith=actor.code)
            case _:
                return self.none()

    def having(self, wrong: str) -> Self:
        """Those with this among their wrongs."""
        return self.filter(wrongs__contains=[wrong])


def asked_by(actor: Actor) -> Q:
    """The work that the actor's unit, or one that it succeeded, asked for (art 10)."""
    return Q(department_id__in=departments.acting_for(actor.unit_id))


class UnapprovedReport(models.Model):
    """Work that a department asked of a community without admission, and what became of it."""

    class State(models.TextChoices):
        REPORTED = "reported", _("已报告")
        PASSED_ON = "passed_on", _("已转部门")
        STOPPED = "stopped", _("已停止")
        APPLYING = "applying", _("已申请确认")
        LAWFUL = "lawful", _("属清单内事项")
        CONFIRMED = "confirmed", _("已确认列入清单")
        SUPERVISED = "supervised", _("督办中")
        ENDED = "ended", _("督办办结")

    class Channel(models.TextChoices):
        DOCUMENT = "document", _("文件")
        PHONE = "phone", _("电话")
        GROUP_CHAT = "group_chat", _("工作群")
        APP = "app", _("信息系统或 APP")
        MEETING = "meeting", _("会议")
        VISIT = "visit", _("上门")

    class Done(models.TextChoices):
        REFUSED = "refused", _("没有办，已说明未经准入")
        DID = "did", _("已经办了")
        WAITING = "waiting", _("还没有办")

    county = models.ForeignKey(Division, verbose_name=_("区县"), on_delete=models.PROTECT, related_name="+")
    number = models.CharField(_("报告编号"), max_length=60, unique=True)
    reporter = models.ForeignKey(Division, verbose_name=_("报告单位"), on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(_("报告时间"))
    reported_by = models.CharField(_("报告人"), max_length=200)
    department = models.ForeignKey(
        Department, verbose_name=_("交办单位"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    department_text = models.CharField(_("交办单位（所写）"), max_length=80)
    what = models.CharField(_("交办的事"), max_length=200)
    details = models.TextField(_("具体情况"))
    subject_type = models.CharField(_("属于"), max_length=15, choices=SubjectType, default=SubjectType.WORK_ITEM)
    wrongs = ArrayField(models.CharField(max_length=15, choices=Wrong), verbose_name=_("问题"), default=only_unapproved)
    channel = models.CharField(_("交办方式"), max_length=12, choices=Channel)
    happened_on = models.DateField(_("交办日期"))
    done = models.CharField(_("办了没有"), max_length=8, choices=Done)
    urgent = models.BooleanField(_("应急工作"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.REPORTED)
    due_on = models.DateField(_("部门最晚答复"), null=True, blank=True)
    counted_from = models.DateField(_("答复期限起算"), null=True, blank=True)
    answer_days = models.PositiveSmallIntegerField(_("答复期限（工作日）"), null=True, blank=True)
    provisional = models.BooleanField(_("暂定"), default=False)
    passed_on_at = models.DateTimeField(_("转部门时间"), null=True, blank=True)
    answer = models.TextField(_("部门答复"), blank=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    item = models.ForeignKey(
        WorkItem, verbose_name=_("清单事项"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    substitute = models.ForeignKey(
        Department, verbose_name=_("代行单位"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    files = models.ManyToManyField(Attachment, verbose_name=_("附件"), blank=True, related_name="+")
    version = models.PositiveIntegerField(_("修改次数"), default=1)
    changed_at = models.DateTimeField(_("修改时间"))

    objects = UnapprovedReportQuerySet.as_manager()

    personal_fields = ("reported_by", "details")

    class Meta:
        verbose_name = _("未经准入工作报告")
        verbose_name_plural = _("未经准入工作报告")
        constraints = [
            models.CheckConstraint(
                name="report_closed_with_answer",
                condition=~Q(state__in=["stopped", "lawful", "confirmed", "ended"])
                | (Q(closed_at__isnull=False) & ~Q(answer="")),
                violation_error_message=_("办结要有时间和答复。"),
            ),
            models.CheckConstraint(
                name="report_passed_on_with_a_day",
                condition=Q(passed_on_at__isnull=True) | Q(due_on__isnull=False),
                violation_error_message=_("转部门要有最晚答复的日期。"),
            ),
            models.CheckConstraint(
                name="report_passed_on_to_somebody",
                condition=Q(passed_on_at__isnull=True) | Q(department__isnull=False),
                violation_error_message=_("转部门要先选定单位。"),
            ),
            models.CheckConstraint(
                name="report_says_what_is_wrong",
                condition=Q(wrongs__len__gt=0),
                violation_error_message=_("请至少选一个问题。"),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def wrong_labels(self) -> list[str]:
        """What is wrong with it, in the order of the table."""
        return [str(wrong.label) for wrong in Wrong if wrong in self.wrongs]

    @property
    def came_back(self) -> bool:
        """Its confirmation was refused or withdrawn: the office has it again."""
        return self.state == self.State.REPORTED and self.passed_on_at is not None
