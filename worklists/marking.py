"""What is alike, for the eye: the same words marked, the other words named."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from base.text import in_a_row
from worklists.overlap import Likeness, Span


def marked(text: str, spans: Sequence[Span]) -> SafeString:
    """The text with its spans marked."""
    parts: list[tuple[str, str]] = []
    at = 0
    for start, end in spans:
        parts.append((text[at:start], text[start:end]))
        at = end
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", parts), text[at:])


def why(found: Likeness) -> str:
    """By which other words it was found."""
    said = [_("“%(typed)s”按“%(standard)s”找") % {"typed": typed, "standard": word} for typed, word in found.said]
    return in_a_row([_("，").join(said) + _("。")]) if said else ""
