"""Build the demo county 株洲市天元区 by calling the acts."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from base.models import User
from config.demo_county.build import build


class Command(BaseCommand):
    help = "Build the demo county in an empty database: places, units, lists, and a year of cases."

    @transaction.atomic
    def handle(self, *_args: Any, **_options: Any) -> None:
        if User.objects.exists():
            raise CommandError("数据库里已经有账号，示范县只能建在空的数据库里。")
        build(now=timezone.now(), told=self._told)
        self.stdout.write("示范县已建立。")

    def _told(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()
