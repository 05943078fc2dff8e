"""Consultation of streets and communities: rounds, and frozen opinions in each (S2-P4 art 6, 7; A-4)."""

from collections.abc import Iterable
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admission.models.application import Application
from admission.models.plan import ImplementationPlan
from admission.procedure import OPEN_FOR_OPINIONS, State
from communities.models import Division

LAST_WORD = ("-round__number", F("on_behalf_by").asc(nulls_first=True))
"""Of the rows of one body: the newest round first, and in a round its own answer before what its street said for it."""


class ConsultationRound(models.Model):
    """One asking: which plan version, when, until when."""

    application = models.ForeignKey(
        Application, verbose_name=_("申请"), on_delete=models.PROTECT, related_name="rounds"
    )
    number = models.PositiveSmallIntegerField(_("轮次"))
    plan = models.ForeignKey(
        ImplementationPlan, verbose_name=_("方案"), on_delete=models.PROTECT, related_name="rounds"
    )
    opened_at = models.DateTimeField(_("发出时间"))
    due_on = models.DateField(_("最晚答复"))
    whole = models.BooleanField(_("征询全部单位"), default=True)
    """Everybody concerned was asked (T2); else only those whom a new plan version touches."""

    class Meta:
        verbose_name = _("征询")
        verbose_name_plural = _("征询")
        constraints = [models.UniqueConstraint(name="round_once", fields=["application", "number"])]

    def __str__(self) -> str:
        return str(_("第 %(number)s 轮征询") % {"number": self.number})

    @property
    def asked_nobody(self) -> bool:
        """A body withdrew its objection of its own accord: answered as it was opened, so nobody was given time."""
        return self.due_on == timezone.localdate(self.opened_at)


class OpinionQuerySet(models.QuerySet["Opinion"]):
    def standing(self, application: Application) -> Self:
        """The word that counts of each body that is concerned: its latest answer, or its unanswered row.

        Its own answer takes the place of what its street said for it in the same round. Silence is never agreement: who
        agreed and is silent about a later version is silent; who objected stands by it until it says otherwise (A-4).
        """
        return self.standing_in([application])

    def standing_in(self, applications: Iterable[Application | int]) -> Self:
        """The word that counts of each body in each of the applications."""
        said = Opinion.objects.filter(_same_body(), answered_at__isnull=False)
        before = said.filter(round__number__lt=OuterRef("round__number")).order_by(*LAST_WORD)
        since = said.filter(round__number__gte=OuterRef("round__number"))
        lapsed = Q(before=Opinion.Stance.NO_OBJECTION) & ~Exists(since)
        rows = self.concerned().filter(round__application__in=applications)
        ordered = rows.annotate(
            before=Subquery(before.values("stance")[:1]),
            place=Case(When(answered_at__isnull=False, then=1), When(lapsed, then=0), default=2),
        ).order_by("round__application", "body", "place", *LAST_WORD)
        return ordered.distinct("round__application", "body")

    def concerned(self) -> Self:
        """The rows of the bodies that the last whole round asked; whoever has left the scope since is out of it."""
        whole = ConsultationRound.objects.filter(application=OuterRef(OuterRef("round__application")), whole=True)
        last = whole.order_by("-number").values("pk")[:1]
        return self.filter(Exists(Opinion.objects.filter(body=OuterRef("body"), round=Subquery(last))))

    def to_respond(self, applications: Iterable[Application | int]) -> Self:
        """Conditions and objections that stand and that the applicant has not responded to (form field 35).

        What a street said for its communities is responded to once, to the street.
        """
        standing = Opinion.objects.standing_in(applications).values("pk")
        contested = [Opinion.Stance.CONDITIONAL, Opinion.Stance.OBJECTION]
        return self.filter(pk__in=standing, stance__in=contested, on_behalf_by__isnull=True, response__isnull=True)

    def current(self, application: Application) -> Self:
        """The newest row of each body, answered or not: the one it may still answer."""
        rows = self.concerned().filter(round__application=application)
        return rows.order_by("body_id", *LAST_WORD).distinct("body_id")

    def _open(self) -> Self:
        """The rows of the newest round to each body, while the application is open for answers."""
        newer = Opinion.objects.filter(_same_body(), round__number__gt=OuterRef("round__number"))
        return self.concerned().filter(~Exists(newer), round__application__state__in=OPEN_FOR_OPINIONS)

    def unanswered(self) -> Self:
        """Rows that somebody is waited for to answer."""
        return self._open().filter(answered_at__isnull=True)

    def waiting_for(self, body_code: str) -> Self:
        """What a street or community has still to answer."""
        return self.unanswered().filter(body__code=body_code)

    def answerable_by(self, body_code: str) -> Self:
        """What it may answer: what waits for it, and what its street said for it, which it may replace (A-4)."""
        replaceable = Q(on_behalf_by__isnull=False) & ~Exists(_own_word())
        return self._open().filter(Q(answered_at__isnull=True) | replaceable, body__code=body_code)

    def withdrawable_by(self, body_code: str) -> Self:
        """The objection or condition that it stands by while the case is coordinated: its own last word (A-3, T9)."""
        contested = [Opinion.Stance.CONDITIONAL, Opinion.Stance.OBJECTION]
        own = self._open().filter(body__code=body_code, on_behalf_by__isnull=True, stance__in=contested)
        return own.filter(round__application__state=State.COORDINATION)

    def echoing(self, answer: "Opinion") -> Self:
        """What a street said with this answer for communities that have said nothing else, and are not asked again."""
        return self._open().filter(~Exists(_own_word()), round=answer.round, on_behalf_by=answer.body)


def _same_body() -> Q:
    """The rows of the outer row's body about the same application."""
    return Q(body=OuterRef("body"), round__application=OuterRef("round__application"))


def _own_word() -> "OpinionQuerySet":
    """What the outer row's body was asked or has said itself in the same round."""
    return Opinion.objects.filter(round=OuterRef("round"), body=OuterRef("body"), on_behalf_by__isnull=True)


class Opinion(models.Model):
    """One addressee's answer in one round. Silence is a row without an answer: recorded, never agreement.

    A community for which its street answered may answer for itself: a second row beside the frozen one (A-4).
    """

    class Stance(models.TextChoices):
        NO_OBJECTION = "no_objection", _("无异议")
        CONDITIONAL = "conditional", _("有条件同意")
        OBJECTION = "objection", _("有异议")

    round = models.ForeignKey(
        ConsultationRound, verbose_name=_("征询"), on_delete=models.PROTECT, related_name="opinions"
    )
    body = models.ForeignKey(Division, verbose_name=_("街道或社区"), on_delete=models.PROTECT, related_name="+")
    stance = models.CharField(_("态度"), max_length=12, choices=Stance, blank=True)
    points = models.TextField(_("意见"), blank=True)
    suggested_change = models.TextField(_("建议怎样改"), blank=True)
    capacity = models.CharField(_("可投入的人和时间"), max_length=300, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    answered_by = models.CharField(_("经手"), max_length=200, blank=True)
    on_behalf_by = models.ForeignKey(
        Division, verbose_name=_("代答街道"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = _("意见")
        verbose_name_plural = _("意见")
        constraints = [
            models.UniqueConstraint(
                name="opinion_own_once_per_round", fields=["round", "body"], condition=Q(on_behalf_by__isnull=True)
            ),
            models.UniqueConstraint(
                name="opinion_for_it_once_per_round", fields=["round", "body"], condition=Q(on_behalf_by__isnull=False)
            ),
            models.CheckConstraint(
                name="opinion_answered_whole",
                condition=Q(answered_at__isnull=True, stance="", answered_by="")
                | (Q(answered_at__isnull=False) & ~Q(stance="") & ~Q(answered_by="")),
                violation_error_message=_("答复要有态度、时间和经手人。"),
            ),
            models.CheckConstraint(
                name="opinion_says_what",
                condition=~Q(stance__in=["conditional", "objection"]) | ~Q(points=""),
                violation_error_message=_("有条件或有异议的，要写明是哪一点。"),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="opinion_frozen",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__answered_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.stance}"


class Fate(models.TextChoices):
    """What became of an opinion (art 8(三); A-33: answering is binding, adopting is not)."""

    ADOPTED = "adopted", _("采纳")
    PARTLY = "partly", _("部分采纳")
    NOT_ADOPTED = "not_adopted", _("不采纳")


class OpinionResponse(models.Model):
    """The applicant's answer to a conditional opinion or an objection (form field 35)."""

    opinion = models.OneToOneField(Opinion, verbose_name=_("意见"), on_delete=models.PROTECT, related_name="response")
    fate = models.CharField(_("采纳情况"), max_length=12, choices=Fate)
    reason = models.TextField(_("说明"))
    responded_at = models.DateTimeField(_("答复时间"))
    responded_by = models.CharField(_("经手"), max_length=200)

    class Meta:
        verbose_name = _("意见采纳情况")
        verbose_name_plural = _("意见采纳情况")
        triggers = [pgtrigger.Protect(name="response_frozen", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.opinion_id} {self.fate}"
