"""What resembles the words of a task besides items: told by the apps above, which know what is applied for."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from communities.roles import Actor

Source = Callable[[str, Actor], list[dict[str, Any]]]
"""The words, who asks -> lines as `components/candidates.html` shows them; only of what that person may know."""


def found(text: str, actor: Actor) -> list[dict[str, Any]]:
    """What every source named in the settings finds."""
    sources: list[Source] = [import_string(path) for path in settings.CHECK_SOURCES]
    return [line for source in sources for line in source(text, actor)]
