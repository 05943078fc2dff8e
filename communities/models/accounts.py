"""Accounts as an administrator keeps them: a view of base.User by territory."""

from datetime import date, datetime, timedelta
from typing import Self

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Sum
from django.utils.translation import gettext_lazy as _

from base.models import User
from communities.models.posts import Appointment
from communities.roles import Actor, Role


class AccountQuerySet(models.QuerySet["Account"]):
    def visible_to(self, actor: Actor, on: date) -> Self:
        """The administrator's: accounts with posts in the territory and, from this day on, none outside it.

        Also those that never had a post and were made in the territory. Django's superusers are nobody's.
        """
        if actor.role is Role.SYSTEM and actor.code == "":
            return self
        if actor.role is not Role.ADMIN:
            return self.none()
        posts = Appointment.objects.filter(user=OuterRef("pk"))
        inside = Q(division__code__startswith=actor.code)
        held_outside = posts.exclude(inside).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
        made_here = Q(made_in__startswith=actor.code) & ~Exists(posts)
        return self.filter(Exists(posts.filter(inside)) | made_here, ~Exists(held_outside), is_superuser=False)

    def appointable_by(self, actor: Actor, on: date) -> Self:
        """Whom the administrator may give a post: the own accounts, and those that from this day on hold none anywhere.

        One that was made in another territory and waits there for its first post is that territory's.
        """
        posts = Appointment.objects.filter(user=OuterRef("pk"))
        held = posts.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
        free = ~Exists(held) & (Exists(posts) | Q(made_in="")) & Q(is_superuser=False)
        return self.filter(Q(pk__in=self.visible_to(actor, on).values("pk")) | free)

    def with_lock(self, at: datetime) -> Self:
        """`locked`: signing in is shut after too many wrong passwords from one address, in all its browsers."""
        since = at - timedelta(hours=settings.AXES_COOLOFF_TIME)
        tried = AccessAttempt.objects.filter(username__iexact=OuterRef("username"), attempt_time__gte=since)
        by_address = tried.order_by().values("ip_address").annotate(failures=Sum("failures_since_start"))
        return self.annotate(locked=Exists(by_address.filter(failures__gte=settings.AXES_FAILURE_LIMIT)))

    def with_second_factor(self) -> Self:
        """`second_factor`: signing in takes a code or a key besides the password."""
        return self.annotate(second_factor=Exists(Authenticator.objects.filter(user=OuterRef("pk"))))


class Account(User):
    """The same row as base.User. In the audit log it goes by its number, never by a name."""

    objects = AccountQuerySet.as_manager()  # type: ignore[assignment,misc]  # communities.actions makes accounts

    class Meta:
        proxy = True
        verbose_name = _("账号")
        verbose_name_plural = _("账号")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
