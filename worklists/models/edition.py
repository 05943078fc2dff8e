"""Editions: a list as it was published, frozen, entry by entry."""

from datetime import date, datetime
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Department, Division
from communities.roles import Actor, Role
from worklists.kinds import AppliesTo, Category

PUBLISHED = Q(state="published")


class ItemListQuerySet(models.QuerySet["ItemList"]):
    def published(self) -> Self:
        """Editions that have been published, newest first."""
        return self.filter(PUBLISHED).order_by("-starts_on", "-pk")

    def visible_to(self, actor: Actor | None) -> Self:
        """Published editions are public; drafts are seen by the office, the deciders and the auditors of the owner."""
        if actor is None or actor.role not in {Role.OFFICE, Role.DIRECTOR, Role.DEPUTY, Role.AUDITOR, Role.CITY}:
            return self.filter(PUBLISHED)
        return self.filter(PUBLISHED | Q(owner__code__startswith=actor.code) | Q(owner__code=actor.county))

    def in_force(self, owner: str, on: date, *, known_at: datetime | None = None) -> "ItemList | None":
        """The edition that a city or county followed on a day, as known at a moment; None means now."""
        found = self.published().filter(owner__code=owner, starts_on__lte=on)
        return (found if known_at is None else found.filter(published_at__lte=known_at)).first()


class ItemList(models.Model):
    """One edition of a list of a city (guidance) or a county (adopted)."""

    class Kind(models.TextChoices):
        GUIDANCE = "guidance", _("指导清单")
        COUNTY = "county", _("区县清单")

    class State(models.TextChoices):
        DRAFT = "draft", _("草案")
        PUBLISHED = "published", _("已公布")

    owner = models.ForeignKey(Division, verbose_name=_("所属区划"), on_delete=models.PROTECT)
    kind = models.CharField(_("种类"), max_length=10, choices=Kind)
    based_on = models.ForeignKey(
        "self", verbose_name=_("依据版次"), null=True, blank=True, on_delete=models.PROTECT, related_name="adopted_as"
    )
    title = models.CharField(_("名称"), max_length=120)
    issue_number = models.CharField(_("文号"), max_length=60, blank=True)
    source = models.CharField(_("来源文件"), max_length=200, blank=True)
    issued_on = models.DateField(_("印发日期"), null=True, blank=True)
    starts_on = models.DateField(_("施行日期"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    decided_by = models.CharField(_("审定"), max_length=200, blank=True)
    sha256 = models.CharField(_("内容哈希"), max_length=64, blank=True)
    version = models.PositiveIntegerField(_("修改次数"), default=1)
    changed_at = models.DateTimeField(_("修改时间"))

    objects = ItemListQuerySet.as_manager()

    loaded_with_lock = ("owner",)

    class Meta:
        verbose_name = _("清单版次")
        verbose_name_plural = _("清单版次")
        constraints = [
            models.CheckConstraint(
                name="edition_published_complete",
                condition=Q(state="draft")
                | (Q(published_at__isnull=False, starts_on__isnull=False) & ~Q(sha256="") & ~Q(decided_by="")),
                violation_error_message=_("公布的清单要有施行日期、审定人和内容哈希。"),
            ),
            models.UniqueConstraint(
                name="edition_one_per_day", fields=["owner", "starts_on"], condition=Q(state="published")
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="edition_frozen",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="published"),
            )
        ]

    def __str__(self) -> str:
        return self.title


class ListEntry(models.Model):
    """One row of an edition: the printed text is kept as it stands (A-30)."""

    class Fate(models.TextChoices):
        ADOPTED = "adopted", _("采用")
        DROPPED = "dropped", _("不采用")
        ADDED = "added", _("增列")

    edition = models.ForeignKey(ItemList, verbose_name=_("版次"), on_delete=models.PROTECT, related_name="entries")
    seq = models.PositiveIntegerField(_("序号"))
    department_text = models.CharField(_("部门（原文）"), max_length=80)
    department = models.ForeignKey(
        Department, verbose_name=_("部门"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    category = models.CharField(_("类别"), max_length=10, choices=Category)
    title = models.CharField(_("事项"), max_length=200)
    applies_to = models.CharField(_("适用"), max_length=6, choices=AppliesTo, default=AppliesTo.BOTH)
    certain = models.BooleanField(_("类别可靠"), default=True)
    source_row = models.PositiveIntegerField(_("原文行号"), null=True, blank=True)
    fate = models.CharField(_("去留"), max_length=10, choices=Fate, default=Fate.ADOPTED)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    decision_number = models.CharField(_("决定文号"), max_length=60, blank=True)
    source_entry = models.ForeignKey(
        "self", verbose_name=_("上级清单条目"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    item = models.ForeignKey(
        "worklists.WorkItem", verbose_name=_("事项"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="entries",
    )  # fmt: skip

    class Meta:
        verbose_name = _("清单条目")
        verbose_name_plural = _("清单条目")
        constraints = [
            models.UniqueConstraint(name="entry_seq_once", fields=["edition", "seq"]),
            models.UniqueConstraint(
                name="entry_once", fields=["edition", "department_text", "category", "title"],
                violation_error_message=_("同一部门、同一类别下已有这一条。"),
            ),
            models.CheckConstraint(
                name="entry_dropped_with_reason",
                condition=~Q(fate="dropped") | ~Q(reason=""),
                violation_error_message=_("不采用的事项要写明理由。"),
            ),
            models.CheckConstraint(
                name="entry_added_with_decision",
                condition=~Q(fate="added") | ~Q(decision_number=""),
                violation_error_message=_("增列的事项要写明决定文号。"),
            ),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Trigger(
                name="entry_frozen_with_edition",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF EXISTS (SELECT 1 FROM worklists_itemlist l WHERE l.state = 'published'
                               AND l.id = COALESCE(NEW.edition_id, OLD.edition_id)) THEN
                        RAISE EXCEPTION 'pgtrigger: a published edition is frozen';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.title
