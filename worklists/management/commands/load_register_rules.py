"""The rules of the registers that the portal carries: at the installation and after every upgrade."""

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.roles import system
from worklists import registers
from worklists.actions import enter_rules


class Command(BaseCommand):
    """Repeatable: what is there already stays, what a new release says differently is recorded anew."""

    help = "Load what the portal carries of things that communities must not be asked (worklists/data). Repeatable."

    def handle(self, **options: object) -> None:
        """All of them or none."""
        written = enter_rules(registers.carried(), by=system(), at=timezone.now())
        if written:
            self.stdout.write(_("载入了 %s 条分类清单规定。") % written)
        else:
            self.stdout.write(_("平台自带的分类清单规定都已经有了，没有改动。"))
