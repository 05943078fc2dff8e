"""Divisions from a CSV file: `manage.py import_divisions villages.csv --level 12`."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from base.errors import RuleViolation
from communities.imports import import_divisions
from communities.roles import LEVEL_LENGTHS, system

SHOWN = 20


class Command(BaseCommand):
    """The whole platform's doorway to the import: no territory limits it."""

    help = "Load divisions (CSV: code,name[,kind][,level]; UTF-8 or GBK; codes of 2 to 12 digits). Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file, and of which level its codes are where the file does not say."""
        parser.add_argument("path", type=Path)
        parser.add_argument(
            "--level",
            type=int,
            choices=LEVEL_LENGTHS,
            help="length of all codes in the file, for codes ending in zeros",
        )

    def handle(self, *, path: Path, level: int | None, **_options: Any) -> None:
        """Import, with progress, and print the report."""
        began = time.monotonic()
        try:
            with path.open("rb") as stream:
                run = import_divisions(stream, by=system(), at=timezone.now(), level=level, told=self._told)
        except (OSError, RuleViolation) as error:
            raise CommandError(str(error)) from error
        said = run.report
        self.stdout.write(
            _("%(rows)d 行：新增 %(new)d，修改 %(changed)d，无变化 %(same)d，拒绝 %(refused)d。用时 %(time).1f 秒。")
            % {**said, "rows": run.rows, "time": time.monotonic() - began}
        )
        for line, text, why in said["refusals"][:SHOWN]:
            self.stdout.write(_("第 %(line)d 行（%(text)s）：%(why)s") % {"line": line, "text": text, "why": why})
        if said["refused"] > SHOWN:
            self.stdout.write(_("其余 %(n)d 行没有列出。") % {"n": said["refused"] - SHOWN})

    def _told(self, done: int) -> None:
        self.stdout.write(_("已读 %(done)s 行") % {"done": f"{done:,}"})
