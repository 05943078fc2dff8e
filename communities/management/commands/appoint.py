"""The first administrator: `manage.py appoint someone admin 430211 --new`. Afterwards it is done on the pages."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from base import acts
from base.errors import RuleViolation
from base.models import User
from communities import actions
from communities.models import Department, Division
from communities.roles import TERRITORY, Role, system


class Command(BaseCommand):
    """The platform's own doorway to a post: whoever may run commands here needs no post to give one."""

    help = "Give an account a post from today on: username, role, division code, and the unit's name where needed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who becomes what, where."""
        parser.add_argument("username")
        parser.add_argument("role", choices=[role.value for role in TERRITORY])
        parser.add_argument("division", help="division code")
        parser.add_argument("--new", action="store_true", help="open the account; its one-time password is printed")
        parser.add_argument("--unit", default="", help="name, short name or alias of the unit")

    def handle(self, *, username: str, role: str, division: str, unit: str, new: bool, **_options: Any) -> None:
        """Appoint, or say in one sentence why not."""
        now = timezone.now()
        today = timezone.localdate(now)
        place = Division.objects.filter(code=division).first()
        if place is None:
            raise CommandError(_("没有这个区划：%(code)s。") % {"code": division})
        found = Department.objects.of(division[:6]).valid(today).named(unit).first() if unit else None
        if unit and found is None:
            raise CommandError(_("没有这个单位：%(unit)s。") % {"unit": unit})
        try:
            with acts.act():
                user, password = self._account(username, new=new, at=now)
                made = actions.appoint(
                    user, role=Role(role), division=place, unit=found, starts_on=today, by=system(), at=now
                )
        except RuleViolation as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(_("已任职：%(user)s，%(post)s") % {"user": username, "post": made.actor().label})
        if password:
            self.stdout.write(_("一次性密码：%(password)s（只显示这一次，第一次登录时要改）") % {"password": password})

    def _account(self, username: str, *, new: bool, at: datetime) -> tuple[User, str]:
        if new:
            return actions.open_account(username, by=system(), at=at)
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(_("没有这个账号：%(user)s。要新开立，加上 --new。") % {"user": username})
        return user, ""
