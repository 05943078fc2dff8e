"""What any government portal keeps: sign-in, audit lines, calendar, numbers, messages, files. No word of the trade."""

from datetime import datetime
from typing import Protocol, Self

import pgtrigger
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from base.once import SentForm  # noqa: F401  a table that lives beside its only user
from base.saved import SavedView  # noqa: F401  likewise
from base.visitors import KeptCount  # noqa: F401  likewise
from base.workdays import Calendar, Day


class User(AbstractUser):
    """A sign-in, nothing more: who somebody is for the portal stands in their appointments."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    display_name = models.CharField(_("显示名称"), max_length=60, blank=True)
    made_in = models.CharField(_("开立地区划代码"), max_length=12, blank=True, db_collation="C")
    must_change_password = models.BooleanField(_("须改一次性密码"), default=False)
    one_time_until = models.DateTimeField(_("一次性密码有效到"), null=True, blank=True)

    personal_fields = ("username", "email", "display_name")

    class Meta:
        verbose_name = _("账号")
        verbose_name_plural = _("账号")

    def __str__(self) -> str:
        return self.display_name or self.username

    def one_time_password_lapsed(self, at: datetime) -> bool:
        """The password that an administrator handed out was not changed in time."""
        return self.must_change_password and self.one_time_until is not None and self.one_time_until <= at


class EventChain(models.Model):
    """The head of one chain of audit lines: a county's code, a city's code, or "" for the platform."""

    code = models.CharField(_("链"), max_length=12, primary_key=True, db_collation="C")
    seq = models.PositiveBigIntegerField(_("最后一行"), default=0)
    hash = models.CharField(_("最后一行的哈希"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("审计链")
        verbose_name_plural = _("审计链")

    def __str__(self) -> str:
        return f"{self.code or 'platform'}#{self.seq}"


class EventQuerySet(models.QuerySet["Event"]):
    def about(self, target: models.Model) -> Self:
        """The lines about one record, newest first."""
        return self.filter(target_type=target._meta.label_lower, target_pk=str(target.pk)).order_by("-seq")


class Event(models.Model):
    """One line of the audit log. No foreign keys to business rows: the log outlives what it describes (ADR 0005)."""

    chain = models.CharField(_("链"), max_length=12, db_collation="C")
    seq = models.PositiveBigIntegerField(_("行号"))
    kind = models.CharField(_("事件"), max_length=80)
    at = models.DateTimeField(_("记录时间"))
    by_user_id = models.BigIntegerField(_("账号编号"), null=True)
    by_label = models.CharField(_("经手"), max_length=200)
    by_role = models.CharField(_("角色"), max_length=20, blank=True)
    by_code = models.CharField(_("辖区代码"), max_length=12, blank=True, db_collation="C")
    target_type = models.CharField(_("对象类型"), max_length=60)
    target_pk = models.CharField(_("对象编号"), max_length=40)
    target_label = models.CharField(_("对象名称"), max_length=300)
    data = models.JSONField(_("内容"), default=dict)
    audience = ArrayField(models.CharField(max_length=12), verbose_name=_("知悉范围"), default=list)
    in_feed = models.BooleanField(_("进入动态"), default=True)
    prev_hash = models.CharField(_("前一行的哈希"), max_length=64, blank=True)
    hash = models.CharField(_("哈希"), max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("审计记录")
        verbose_name_plural = _("审计记录")
        constraints = [models.UniqueConstraint(name="event_once_per_chain", fields=["chain", "seq"])]
        indexes = [
            models.Index(name="event_target", fields=["target_type", "target_pk", "seq"]),
            GinIndex(name="event_audience", fields=["audience"]),
        ]
        triggers = [pgtrigger.Protect(name="event_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.chain}#{self.seq} {self.kind}"


class CalendarYear(models.Model):
    """A year whose holiday notice has been published and entered. Other years count as provisional."""

    year = models.PositiveSmallIntegerField(_("年份"), primary_key=True)
    source = models.CharField(_("依据文件"), max_length=200)
    published_on = models.DateField(_("发布日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("放假安排年份")
        verbose_name_plural = _("放假安排年份")

    def __str__(self) -> str:
        return str(self.year)


class HolidayQuerySet(models.QuerySet["Holiday"]):
    def calendar(self) -> Calendar:
        """The whole calendar as a pure value: two queries."""
        rows = self.values_list("date", "is_workday", "name")
        days = {on: Day(is_workday=is_workday, name=name) for on, is_workday, name in rows}
        return Calendar(days=days, published=frozenset(CalendarYear.objects.values_list("year", flat=True)))


class Holiday(models.Model):
    """A day that differs from its weekday: a holiday on a weekday, or a weekend day that is worked (调休)."""

    date = models.DateField(_("日期"), primary_key=True)
    is_workday = models.BooleanField(_("上班"))
    name = models.CharField(_("名称"), max_length=40)
    source = models.CharField(_("依据文件"), max_length=200, blank=True)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        verbose_name = _("节假日和调休")
        verbose_name_plural = _("节假日和调休")

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class NumberSeries(models.Model):
    """A gapless series of document numbers: one row per owner, kind and year (Asia/Shanghai)."""

    owner = models.CharField(_("区划代码"), max_length=12, db_collation="C")
    kind = models.CharField(_("种类"), max_length=30)
    year = models.PositiveSmallIntegerField(_("年份"))
    last = models.PositiveIntegerField(_("最后一号"), default=0)

    class Meta:
        verbose_name = _("编号序列")
        verbose_name_plural = _("编号序列")
        constraints = [models.UniqueConstraint(name="series_once_per_year", fields=["owner", "kind", "year"])]

    def __str__(self) -> str:
        return f"{self.owner} {self.kind} {self.year}: {self.last}"


class DocumentNumber(models.Model):
    """A number that was given out. A void one stays (作废) and is never used again."""

    series = models.ForeignKey(NumberSeries, verbose_name=_("序列"), on_delete=models.PROTECT, related_name="numbers")
    seq = models.PositiveIntegerField(_("顺序号"))
    text = models.CharField(_("编号"), max_length=60, unique=True)
    issued_at = models.DateTimeField(_("发出时间"))
    void_reason = models.CharField(_("作废原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("文书编号")
        verbose_name_plural = _("文书编号")
        constraints = [models.UniqueConstraint(name="number_once_per_series", fields=["series", "seq"])]
        triggers = [pgtrigger.Protect(name="number_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.text


class Attachment(models.Model):
    """A file, kept by its content outside the web root. Apps link it to their records and decide who may read it."""

    sha256 = models.CharField(_("哈希"), max_length=64, db_index=True)
    name = models.CharField(_("文件名"), max_length=200)
    size = models.PositiveBigIntegerField(_("字节数"))
    mime = models.CharField(_("类型"), max_length=120)
    county = models.CharField(_("区划代码"), max_length=12, db_collation="C")
    uploaded_at = models.DateTimeField(_("上传时间"))
    uploaded_by = models.CharField(_("上传人"), max_length=200)
    quarantine_reason = models.CharField(_("隔离原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("附件")
        verbose_name_plural = _("附件")
        constraints = [
            models.CheckConstraint(
                name="attachment_not_empty", condition=Q(size__gt=0), violation_error_message=_("文件是空的。")
            )
        ]
        triggers = [pgtrigger.Protect(name="attachment_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.name


class Message(models.Model):
    """What is told, once: written in the transaction of the act itself (transactional outbox)."""

    kind = models.CharField(_("种类"), max_length=80)
    county = models.CharField(_("区划代码"), max_length=12, db_collation="C")
    subject_type = models.CharField(_("对象类型"), max_length=60)
    subject_pk = models.CharField(_("对象编号"), max_length=40)
    title = models.CharField(_("标题"), max_length=300)
    body = models.TextField(_("正文"), blank=True)
    url = models.CharField(_("链接"), max_length=300, blank=True)
    dedupe = models.CharField(_("去重键"), max_length=200, unique=True)
    written_at = models.DateTimeField(_("写入时间"))

    class Meta:
        verbose_name = _("消息")
        verbose_name_plural = _("消息")
        indexes = [models.Index(name="message_subject", fields=["subject_type", "subject_pk"])]

    def __str__(self) -> str:
        return self.title


class HasInbox(Protocol):
    """Whoever opens an inbox, as far as the rows need to know."""

    @property
    def inbox(self) -> str: ...


class OutboxQuerySet(models.QuerySet["Outbox"]):
    def visible_to(self, reader: HasInbox) -> Self:
        """What stands in the inbox of this post."""
        return self.filter(channel=Outbox.Channel.PORTAL, inbox=reader.inbox)

    def unread(self) -> Self:
        """What nobody has opened yet; `.count()` is the number beside the bell."""
        return self.filter(state=Outbox.State.SENT)

    def due(self, at: datetime) -> Self:
        """E-mail that waits to be sent, the longest waiting first."""
        waiting = self.filter(channel=Outbox.Channel.EMAIL, state=Outbox.State.QUEUED, next_try_at__lte=at)
        return waiting.order_by("next_try_at", "pk")


class Outbox(models.Model):
    """One message on its way to one recipient: an inbox of the portal (role and unit) or an e-mail address."""

    class Channel(models.TextChoices):
        PORTAL = "portal", _("站内")
        EMAIL = "email", _("邮件")

    class State(models.TextChoices):
        QUEUED = "queued", _("待发")
        SENT = "sent", _("已发")
        FAILED = "failed", _("失败")
        SEEN = "seen", _("已阅")
        ACKNOWLEDGED = "acknowledged", _("已签收")

    message = models.ForeignKey(Message, verbose_name=_("消息"), on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel)
    inbox = models.CharField(_("收件岗位"), max_length=40, db_collation="C")
    address = models.CharField(_("地址"), max_length=200, blank=True)
    state = models.CharField(_("状态"), max_length=15, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    next_try_at = models.DateTimeField(_("下次尝试"))
    last_error = models.CharField(_("最近的错误"), max_length=300, blank=True)
    sent_at = models.DateTimeField(_("发出时间"), null=True, blank=True)
    seen_at = models.DateTimeField(_("阅读时间"), null=True, blank=True)
    seen_by = models.CharField(_("阅读人"), max_length=200, blank=True)
    acknowledged_at = models.DateTimeField(_("签收时间"), null=True, blank=True)

    personal_fields = ("address",)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("投递")
        verbose_name_plural = _("投递")
        constraints = [
            models.UniqueConstraint(name="delivery_once", fields=["message", "channel", "inbox", "address"]),
            models.CheckConstraint(
                name="delivery_sent_with_time",
                condition=Q(state__in=["queued", "failed"]) | Q(sent_at__isnull=False),
                violation_error_message=_("已发出的消息必须有发出时间。"),
            ),
        ]
        indexes = [
            models.Index(name="delivery_due", fields=["next_try_at"], condition=Q(state="queued")),
            models.Index(name="delivery_inbox", fields=["inbox", "-id"], condition=Q(channel="portal")),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} -> {self.inbox or self.address}"
