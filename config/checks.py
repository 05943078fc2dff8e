"""What `manage.py check --deploy` asks of an installation beyond Django's own questions."""

import os
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.files, deploy=True)
def data_directory(**_options: Any) -> list[CheckMessage]:
    """The default is made for the demo: /var/tmp is emptied by some systems, and every account has another one."""
    if settings.DEBUG or settings.DEMO or os.environ.get("DATA_DIR"):
        return []
    return [
        Error(
            "DATA_DIR is not set.",
            hint="Attachments would lie in /var/tmp, which some systems empty, and the web server and the worker would "
            "not share them under two accounts. Choose a directory, e.g. DATA_DIR=/var/lib/zhunru.",
            id="config.E001",
        )
    ]
