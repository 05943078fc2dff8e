"""The application itself: the form's fields (rulebook section 11) and where it stands."""

from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from admission.procedure import BEFORE_COMMITTEE, CLOSED, DECIDED, Kind, Procedure, State, state_label
from base.models import Attachment
from communities.models import Department, Division
from communities.roles import Actor, Role, lineage
from worklists.kinds import AppliesTo, Category, Executor, SubjectType
from worklists.models import UnapprovedReport, WorkItem


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, actor: Actor) -> Self:
        """The rows this actor may know of (rulebook section 3). Every page, count and export starts here."""
        own = Q(applicant_id__in=actor.units) | Q(prepared_by_id__in=actor.units)
        shown = Q(consulted_at__isnull=False, county__code__startswith=actor.code)
        match actor.role:
            case Role.APPLICANT:
                return self.filter(own)
            case Role.STREET:
                return self.filter(own | Q(consulted_at__isnull=False) & reaches(actor.code))
            case Role.COMMUNITY:
                return self.filter(Q(consulted_at__isnull=False) & reaches(actor.code))
            case Role.OFFICE | Role.DIRECTOR | Role.DEPUTY | Role.CITY | Role.AUDITOR:
                return self.filter(shown)
            case Role.MEMBER | Role.ALTERNATE:
                return self.filter(
                    shown & (before_the_committee() | Q(office_unit_id__in=actor.units, office_recused=True))
                )
            case _:
                return self.none()

    def in_progress(self) -> Self:
        """Neither closed nor a draft."""
        return self.exclude(state__in=[*CLOSED, State.DRAFT])


def reaches(code: str) -> Q:
    """Applications whose scope holds this place, or a place inside it; and those about which it was asked.

    Who loses an item by its change is asked, though the new scope does not name it.
    """
    scope = Application.scope.through.objects.filter(application=OuterRef("pk"))
    hit = Q(division__code__in=lineage(code)) | Q(division__code__startswith=code)
    asked = Application.objects.filter(pk=OuterRef("pk"), rounds__opinions__body__code__startswith=code)
    return Q(Exists(scope.filter(hit))) | Q(Exists(asked))


def before_the_committee() -> Q:
    """What members read: simple cases circulated to them, what is on an agenda, every decision; and what of it was
    taken back meanwhile."""
    been_there = Q(agenda_items__isnull=False) | Q(deadlines__clock="member_objection")
    taken_back = Application.objects.filter(been_there, pk=OuterRef("pk"))
    return Q(state__in=BEFORE_COMMITTEE) | Q(Exists(taken_back), state=State.WITHDRAWN)


class Application(models.Model):
    """A request to admit, change, end or confirm something that communities are asked to do (S2-P4)."""

    class DurationType(models.TextChoices):
        LONG_TERM = "long_term", _("长期")
        PHASE = "phase", _("阶段性")
        TEMPORARY = "temporary", _("临时")

    county = models.ForeignKey(Division, verbose_name=_("区县"), on_delete=models.PROTECT, related_name="+")
    number = models.CharField(_("申请编号"), max_length=60, blank=True)
    kind = models.CharField(_("申请类型"), max_length=12, choices=Kind, default=Kind.ADMISSION)
    subject_type = models.CharField(
        _("申请对象类别"), max_length=15, choices=SubjectType, default=SubjectType.WORK_ITEM
    )
    state = models.CharField(_("状态"), max_length=20, choices=State, default=State.DRAFT)
    applicant = models.ForeignKey(
        Department, verbose_name=_("申请单位"), on_delete=models.PROTECT, related_name="applications"
    )
    prepared_by = models.ForeignKey(
        Department, verbose_name=_("代办街道"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    endorsed_at = models.DateTimeField(_("申请单位认可时间"), null=True, blank=True)
    office_unit = models.ForeignKey(
        Department, verbose_name=_("办理办公室工作的单位"), on_delete=models.PROTECT, related_name="+"
    )
    office_recused = models.BooleanField(_("办公室回避"), default=False)

    title = models.CharField(_("事项名称"), max_length=200, blank=True)
    category = models.CharField(_("拟列类别"), max_length=10, choices=Category, blank=True)
    item = models.ForeignKey(
        WorkItem, verbose_name=_("对应清单事项"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="applications",
    )  # fmt: skip
    report = models.ForeignKey(
        UnapprovedReport, verbose_name=_("未经准入报告"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="applications",
    )  # fmt: skip
    earlier = models.ForeignKey(
        "self", verbose_name=_("此前不予准入的申请"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="later",
    )  # fmt: skip
    scope = models.ManyToManyField(Division, verbose_name=_("实施范围"), blank=True, related_name="+")
    applies_to = models.CharField(_("适用"), max_length=6, choices=AppliesTo, default=AppliesTo.BOTH)
    executor = models.CharField(_("承接主体"), max_length=10, choices=Executor, default=Executor.COMMITTEE)
    responsible_person = models.CharField(_("项目负责人"), max_length=40, blank=True)
    responsible_phone = models.CharField(_("负责人电话"), max_length=30, blank=True)
    contact_name = models.CharField(_("经办人"), max_length=40, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=30, blank=True)
    justification = models.TextField(_("必要性说明"), blank=True)
    can_be_purchased = models.BooleanField(_("能否购买服务替代"), null=True, blank=True)
    purchase_alternative = models.TextField(_("购买服务替代的说明"), blank=True)
    starts_on = models.DateField(_("开始日期"), null=True, blank=True)
    ends_on = models.DateField(_("结束日期"), null=True, blank=True)
    is_standing = models.BooleanField(_("常态工作"), default=False)
    duration_type = models.CharField(_("时限类型"), max_length=10, choices=DurationType, blank=True)
    workload_hours = models.DecimalField(
        _("预计社区工作量（人时/月）"), max_digits=7, decimal_places=1, null=True, blank=True
    )
    adds_ledger = models.CharField(_("新设台账"), max_length=300, blank=True)
    adds_report = models.CharField(_("新设报表"), max_length=300, blank=True)
    adds_system = models.CharField(_("新用信息系统"), max_length=300, blank=True)
    adds_plate = models.CharField(_("新挂牌子"), max_length=300, blank=True)
    adds_evaluation = models.CharField(_("新设考核"), max_length=300, blank=True)
    adds_proof = models.CharField(_("新开证明"), max_length=300, blank=True)
    adds_declared = models.BooleanField(_("以上已如实填写"), default=False)
    planned_decision_on = models.DateField(_("拟提请决策日期"), null=True, blank=True)
    urgent = models.BooleanField(_("应急工作"), default=False)
    requested_procedure = models.CharField(_("申请程序"), max_length=8, choices=Procedure, default=Procedure.ORDINARY)
    seal_confirmed = models.BooleanField(_("本单位已审核同意并盖章"), default=False)

    procedure = models.CharField(_("适用程序"), max_length=8, choices=Procedure, blank=True)
    stricter_reason = models.CharField(_("从严适用普通程序的理由"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("起草时间"))
    consulted_at = models.DateTimeField(_("首次征询时间"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("受理时间"), null=True, blank=True)
    revision_untouched_reason = models.CharField(_("修改不涉及街道、社区的说明"), max_length=300, blank=True)
    withdrawn_reason = models.CharField(_("撤回原因"), max_length=300, blank=True)
    version = models.PositiveIntegerField(_("修改次数"), default=1)
    changed_at = models.DateTimeField(_("修改时间"))

    objects = ApplicationQuerySet.as_manager()

    personal_fields = ("responsible_person", "responsible_phone", "contact_name", "contact_phone")
    loaded_with_lock = ("county", "applicant__street")

    class Meta:
        verbose_name = _("申请")
        verbose_name_plural = _("申请")
        constraints = [
            models.CheckConstraint(
                name="application_dates_in_order",
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
            models.CheckConstraint(
                name="application_submitted_with_number",
                condition=Q(submitted_at__isnull=True, number="") | (Q(submitted_at__isnull=False) & ~Q(number="")),
                violation_error_message=_("提交的申请要有编号和提交时间。"),
            ),
            models.CheckConstraint(
                name="application_consulted_before_later_states",
                condition=Q(state__in=sorted([State.DRAFT, State.WITHDRAWN])) | Q(consulted_at__isnull=False),
                violation_error_message=_("没有征询过意见的申请只能是草稿。"),
            ),
            models.CheckConstraint(
                name="application_procedure_once_screened",
                condition=~Q(
                    state__in=[
                        State.COORDINATION, State.MEETING_SCHEDULED, State.DELIBERATED, State.DEFERRED,
                        State.AWAITING_APPROVAL, *sorted(DECIDED),
                    ]
                )
                | ~Q(procedure=""),
                violation_error_message=_("初审以后要写明适用程序。"),
            ),
            models.CheckConstraint(
                name="application_about_an_item",
                condition=~Q(kind__in=[Kind.CHANGE, Kind.EXIT]) | Q(item__isnull=False),
                violation_error_message=_("变更和退出要先选定清单上的事项（指导意见第十条）。"),
            ),
            models.UniqueConstraint(name="application_number_once", fields=["number"], condition=~Q(number="")),
        ]  # fmt: skip
        indexes = [
            models.Index(name="application_county_state", fields=["county", "state", "-id"]),
            models.Index(name="application_applicant", fields=["applicant", "-id"]),
        ]

    def __str__(self) -> str:
        return self.title or str(_("未命名的申请"))

    @property
    def state_label(self) -> str:
        """The state in the words of this kind of application."""
        return state_label(State(self.state), Kind(self.kind))

    @property
    def awaits_endorsement(self) -> bool:
        """A street prepared it, and the department for which it did has not taken it over yet (A-7)."""
        return self.prepared_by_id is not None and self.endorsed_at is None

    @property
    def is_closed(self) -> bool:
        """Rejected, filed or withdrawn."""
        return State(self.state) in CLOSED


class Basis(models.Model):
    """A law, rule or document the application rests on: district level or above (PR-11)."""

    class Level(models.TextChoices):
        LAW = "law", _("法律法规")
        CENTRAL = "central", _("中央和国家文件")
        PROVINCE = "province", _("省级文件")
        CITY = "city", _("市级文件")
        COUNTY = "county", _("区县级文件")

    application = models.ForeignKey(Application, verbose_name=_("申请"), on_delete=models.CASCADE, related_name="bases")
    title = models.CharField(_("文件名称"), max_length=200)
    issue_number = models.CharField(_("文号"), max_length=80, blank=True)
    level = models.CharField(_("层级"), max_length=10, choices=Level)
    article = models.CharField(_("条款"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("依据")
        verbose_name_plural = _("依据")

    def __str__(self) -> str:
        return " ".join(filter(None, [self.title, self.issue_number, self.article]))

    @property
    def cited(self) -> str:
        """As documents cite it, the title in 《》."""
        title = self.title if self.title.startswith("《") else f"《{self.title}》"
        return " ".join(filter(None, [title, self.issue_number, self.article]))


class PriorContact(models.Model):
    """Prior communication with the committee office (S2-P4 art 6)."""

    application = models.ForeignKey(
        Application, verbose_name=_("申请"), on_delete=models.CASCADE, related_name="prior_contacts"
    )
    held_on = models.DateField(_("日期"))
    counterpart = models.CharField(_("对象"), max_length=80)
    conclusion = models.TextField(_("结论"))

    class Meta:
        verbose_name = _("事前沟通")
        verbose_name_plural = _("事前沟通")

    def __str__(self) -> str:
        return f"{self.held_on:%Y-%m-%d} {self.counterpart}"


class ApplicationFile(models.Model):
    """A file of the application; read only through the application's own permission."""

    class Purpose(models.TextChoices):
        PLAN = "plan", _("实施方案")
        BASIS = "basis", _("依据文件")
        OPINION = "opinion", _("意见原件")
        SEAL = "seal", _("盖章扫描件")
        AUTHORISATION = "authorisation", _("授权书")
        MINUTES = "minutes", _("会议纪要")
        OTHER = "other", _("其他")

    application = models.ForeignKey(Application, verbose_name=_("申请"), on_delete=models.PROTECT, related_name="files")
    attachment = models.ForeignKey(Attachment, verbose_name=_("文件"), on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(_("用途"), max_length=15, choices=Purpose, default=Purpose.OTHER)
    added_at = models.DateTimeField(_("添加时间"))
    added_by = models.CharField(_("添加人"), max_length=200)
    removed_at = models.DateTimeField(_("移除时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("申请附件")
        verbose_name_plural = _("申请附件")

    def __str__(self) -> str:
        return str(self.attachment)


class Watch(models.Model):
    """Somebody follows an application (我关注的)."""

    application = models.ForeignKey(
        Application, verbose_name=_("申请"), on_delete=models.CASCADE, related_name="watches"
    )
    inbox = models.CharField(_("岗位"), max_length=40, db_collation="C")
    since = models.DateTimeField(_("开始关注"))

    class Meta:
        verbose_name = _("关注")
        verbose_name_plural = _("关注")
        constraints = [models.UniqueConstraint(name="watch_once", fields=["inbox", "application"])]

    def __str__(self) -> str:
        return f"{self.inbox} {self.application_id}"
