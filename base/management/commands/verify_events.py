"""Has the audit log been altered? `manage.py verify_events`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from base import events
from base.models import EventChain


class Command(BaseCommand):
    help = (
        "Recompute every chain of the audit log; name the first broken line of each, and end with 1 when there is one."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        """One line for each chain, with its head, so that heads can be noted elsewhere and compared later."""
        broken = [found for chain in events.chains() if (found := self.tell(chain))]
        if broken:
            raise CommandError(_("审计记录被改动过，请保留现场，并用备份核对上面指出的行。"))

    def tell(self, chain: str) -> events.Broken | None:
        """One chain, said in one line."""
        broken = events.verify(chain)
        facts: dict[str, object] = {"chain": chain or _("平台")}
        if broken:
            text = _("%(chain)s：第 %(seq)s 行%(why)s") % {**facts, "seq": broken.seq, "why": broken.why}
        else:
            head = EventChain.objects.get(code=chain)
            facts |= {"count": head.seq, "hash": head.hash}
            text = _("%(chain)s：%(count)s 行，完好，链头 %(hash)s") % facts
        self.stdout.write(text)
        return broken
