"""The committee: seats, meetings of member units, agenda, who attended, what was said (S2-P4 art 3, 8(三))."""

from datetime import date, datetime, timedelta
from typing import Self, cast

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admission.models.application import Application
from admission.models.consultation import Fate
from base.models import Attachment
from communities.models import Appointment, Department, Division, ends_after_start, once_at_a_time, valid_on
from communities.roles import Actor, Role

A_SITTING = timedelta(hours=1)
"""How long a meeting lasts at least."""


class CommitteeSeatQuerySet(models.QuerySet["CommitteeSeat"]):
    def valid(self, day: date) -> Self:
        """Seats that hold on this day. The seat of a unit that is gone counts no more."""
        return self.filter(valid_on(day), unit__in=Department.objects.valid(day))


class CommitteeSeat(models.Model):
    """A seat of a county's review committee; the holder may have no sign-in (A-32)."""

    class Post(models.TextChoices):
        DIRECTOR = "director", _("主任")
        DEPUTY = "deputy", _("副主任")
        MEMBER = "member", _("成员单位")

    county = models.ForeignKey(Division, verbose_name=_("区县"), on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Department, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="seats")
    post = models.CharField(_("席位"), max_length=10, choices=Post)
    holder = models.ForeignKey(
        Appointment, verbose_name=_("任职"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"), null=True, blank=True)

    objects = CommitteeSeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("审核委员会席位")
        verbose_name_plural = _("审核委员会席位")
        constraints = [
            ends_after_start("seat_ends_after_start"),
            once_at_a_time(
                "seat_once_at_a_time",
                ["county", "unit", "post"],
                says=_("这个单位在这段时间里已经有同样的席位。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_post_display()}"


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, actor: Actor) -> Self:
        """The county's organs and members see all; others see the meetings that hear an application they may see."""
        match actor.role:
            case Role.OFFICE | Role.DIRECTOR | Role.DEPUTY | Role.MEMBER | Role.ALTERNATE | Role.CITY | Role.AUDITOR:
                return self.filter(county__code__startswith=actor.code)
            case Role.APPLICANT | Role.STREET | Role.COMMUNITY:
                heard = AgendaItem.objects.filter(application__in=Application.objects.visible_to(actor))
                return self.filter(pk__in=heard.values("meeting"))
            case _:
                return self.none()

    def to_come(self, now: datetime) -> Self:
        """Planned, neither called off nor past its hour: what an item can still be put on."""
        return self.filter(state=Meeting.State.PLANNED, planned_at__gte=now)

    def clashing(self, county: str, *, planned_at: datetime, place: str) -> Self:
        """The meetings to come that one so planned would collide with: the committee cannot sit twice in an hour, and
        two on one day in one room may not both fit."""
        within = Q(planned_at__gt=planned_at - A_SITTING, planned_at__lt=planned_at + A_SITTING)
        same_room = Q(planned_at__date=timezone.localtime(planned_at).date(), place=place)
        rows = self.filter(within | same_room, county__code=county, state=Meeting.State.PLANNED)
        return rows.order_by("planned_at", "pk")


class Meeting(models.Model):
    """A meeting of member units: who chairs under what authority, who came, the minutes.

    `others`: who came besides member units and those that were asked.
    `minutes_from`: the fingerprint of the record that the minutes were written from; empty where it was not kept.
    """

    class Chair(models.TextChoices):
        DIRECTOR = "director", _("主任")
        DEPUTY = "deputy", _("副主任")
        OFFICE = "office", _("办公室（经授权）")

    class State(models.TextChoices):
        PLANNED = "planned", _("待开")
        HELD = "held", _("已开")
        CLOSED = "closed", _("纪要已定")
        CANCELLED = "off", _("已取消")
        INQUORATE = "lapsed", _("流会")

    county = models.ForeignKey(Division, verbose_name=_("区县"), on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(_("次数"))
    year = models.PositiveSmallIntegerField(_("年份"))
    planned_at = models.DateTimeField(_("开会时间"))
    place = models.CharField(_("地点"), max_length=120)
    chair = models.CharField(_("主持"), max_length=10, choices=Chair)
    authorisation = models.CharField(_("授权依据"), max_length=300, blank=True)
    authorisation_file = models.ForeignKey(
        Attachment, verbose_name=_("授权书"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.PLANNED)
    reason = models.CharField(_("取消或者流会的原因"), max_length=300, blank=True)
    others = models.CharField(_("其他列席"), max_length=300, blank=True)
    minutes = models.TextField(_("会议纪要"), blank=True)
    minutes_from = models.CharField(_("纪要所依据的记录"), max_length=64, blank=True)
    seats_counted = models.PositiveSmallIntegerField(_("应到成员单位"), null=True, blank=True)
    seats_present = models.PositiveSmallIntegerField(_("实到成员单位"), null=True, blank=True)
    closed_at = models.DateTimeField(_("纪要定稿时间"), null=True, blank=True)
    closed_by = models.CharField(_("定稿人"), max_length=200, blank=True)
    version = models.PositiveIntegerField(_("修改次数"), default=1)
    changed_at = models.DateTimeField(_("修改时间"))

    objects = MeetingQuerySet.as_manager()

    loaded_with_lock = ("county",)

    class Meta:
        verbose_name = _("成员单位会议")
        verbose_name_plural = _("成员单位会议")
        constraints = [
            models.UniqueConstraint(name="meeting_number_once", fields=["county", "year", "number"]),
            models.CheckConstraint(
                name="meeting_office_chairs_with_authority",
                condition=~Q(chair="office") | ~Q(authorisation=""),
                violation_error_message=_("办公室主持会议要写明授权依据（指导意见第八条）。"),
            ),
            models.CheckConstraint(
                name="meeting_closed_with_minutes",
                condition=~Q(state="closed") | (Q(closed_at__isnull=False) & ~Q(minutes="") & ~Q(closed_by="")),
                violation_error_message=_("会议纪要写好了才能定稿。"),
            ),
            models.CheckConstraint(
                name="meeting_fell_through_with_reason",
                condition=~Q(state__in=["off", "lapsed"]) | ~Q(reason=""),
                violation_error_message=_("取消会议或者流会要写明原因。"),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="meeting_minutes_frozen",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state__in=["closed", "off", "lapsed"]),
            )
        ]

    def __str__(self) -> str:
        return str(_("%(year)s 年第 %(number)s 次成员单位会议") % {"year": self.year, "number": self.number})

    @property
    def fell_through(self) -> bool:
        """Was it called off, or did too few come? It has concluded nothing."""
        return self.state in {self.State.CANCELLED, self.State.INQUORATE}

    @property
    def is_over(self) -> bool:
        """Closed, or fallen through: nothing more happens to it."""
        return self.state == self.State.CLOSED or self.fell_through


class Attendance(models.Model):
    """Whether a member unit came; a recused one is not counted (A-9)."""

    meeting = models.ForeignKey(Meeting, verbose_name=_("会议"), on_delete=models.PROTECT, related_name="attendances")
    unit = models.ForeignKey(Department, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+")
    present = models.BooleanField(_("到会"))
    represented_by = models.CharField(_("出席人职务"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("出席")
        verbose_name_plural = _("出席")
        constraints = [models.UniqueConstraint(name="attendance_once", fields=["meeting", "unit"])]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.present}"


class Guest(models.Model):
    """Whether somebody asked to come beside the member units did: an applicant, a street, a community (art 8(三)).

    A street office stands here as its street, whether it applies or was consulted.
    """

    meeting = models.ForeignKey(Meeting, verbose_name=_("会议"), on_delete=models.PROTECT, related_name="guests")
    unit = models.ForeignKey(
        Department, verbose_name=_("申请单位"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    body = models.ForeignKey(
        Division, verbose_name=_("街道或社区"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    present = models.BooleanField(_("到会"))
    represented_by = models.CharField(_("出席人职务"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("列席")
        verbose_name_plural = _("列席")
        constraints = [
            models.CheckConstraint(
                name="guest_unit_or_body",
                condition=Q(unit__isnull=False, body__isnull=True) | Q(unit__isnull=True, body__isnull=False),
                violation_error_message=_("列席的要么是申请单位，要么是街道或社区。"),
            ),
            models.UniqueConstraint(name="guest_once", fields=["meeting", "unit", "body"], nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.present}"

    @property
    def party(self) -> Department | Division:
        """Who was asked to come."""
        return cast("Department | Division", self.unit or self.body)


class AgendaItem(models.Model):
    """An application on the agenda: the applicant's report, the chair's conclusion (A-34: it binds)."""

    class Conclusion(models.TextChoices):
        ADMIT = "admit", _("同意")
        ADMIT_AMENDED = "admit_amended", _("修改后同意")
        REFUSE = "refuse", _("不同意")
        DEFER = "defer", _("暂缓")

    meeting = models.ForeignKey(Meeting, verbose_name=_("会议"), on_delete=models.PROTECT, related_name="agenda")
    application = models.ForeignKey(
        Application, verbose_name=_("申请"), on_delete=models.PROTECT, related_name="agenda_items"
    )
    seq = models.PositiveSmallIntegerField(_("顺序"))
    report = models.TextField(_("专题汇报"), blank=True)
    conclusion = models.CharField(_("会议结论"), max_length=15, choices=Conclusion, blank=True)
    conclusion_text = models.TextField(_("结论说明"), blank=True)

    class Meta:
        verbose_name = _("议程")
        verbose_name_plural = _("议程")
        constraints = [
            models.UniqueConstraint(name="agenda_once", fields=["meeting", "application"]),
            models.UniqueConstraint(name="agenda_seq_once", fields=["meeting", "seq"]),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}-{self.seq}"


class MeetingOpinion(models.Model):
    """What a member unit, street or community said, and the applicant's answer (art 8(三); A-33)."""

    agenda_item = models.ForeignKey(
        AgendaItem, verbose_name=_("议程"), on_delete=models.PROTECT, related_name="opinions"
    )
    speaker = models.CharField(_("发言单位"), max_length=80)
    text = models.TextField(_("意见"))
    fate = models.CharField(_("采纳情况"), max_length=12, choices=Fate, blank=True)
    answer = models.TextField(_("申请单位答复"), blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("会议意见")
        verbose_name_plural = _("会议意见")
        constraints = [
            models.CheckConstraint(
                name="meeting_opinion_answered_whole",
                condition=Q(answered_at__isnull=True, fate="")
                | (Q(answered_at__isnull=False) & ~Q(fate="") & ~Q(answer="")),
                violation_error_message=_("答复要写明是否采纳和理由。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.speaker}: {self.text[:30]}"
