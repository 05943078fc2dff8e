"""A file that a scanner objects to: `manage.py quarantine_file <path or sha256> "发现病毒"`. Files go by their hash."""

from pathlib import PurePath
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from base import files
from base.errors import RuleViolation
from base.management.commands.import_holidays import Console


class Command(BaseCommand):
    help = "Let nobody open the attachments with this content any more. The content stays where it is."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which content, and why."""
        parser.add_argument("content", help="its hash, or the path of the file that a scanner named")
        parser.add_argument("why", help="said to whoever wants to open it")

    def handle(self, *_args: Any, content: str, why: str, **_options: Any) -> None:
        """Every attachment with this content, each with its audit line."""
        try:
            found = files.quarantine(PurePath(content).name, why, by=Console(), at=timezone.now())
        except RuleViolation as error:
            raise CommandError(str(error)) from error
        if not found:
            raise CommandError(_("没有附件是这个内容：%s") % content)
        self.stdout.write(_("已隔离 %(n)d 个附件，谁也打不开了。") % {"n": found})
