"""What a work notice means on a day: for whoever checks its number."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from admission.models import WorkNotice
from base.templatetags.portal import zh_day
from worklists.models import ItemVersion


@dataclass(frozen=True)
class Validity:
    """What a notice means on a day: `tone` and `answer` for components/verdict.html."""

    tone: str
    answer: str
    text: str


def validity(notice: WorkNotice, *, on: date) -> Validity:
    """In force, not yet, or ended: by what the list knows now. Three queries at most."""
    written = ItemVersion.objects.known().filter(notice_number=notice.number).order_by("in_force").last()
    if written is None:
        return _without_version(notice, on)
    if on < written.in_force.lower:
        return _not_yet(written, on)
    if written.in_force.upper is not None and written.in_force.upper <= on:
        words = {"day": zh_day(written.in_force.upper), "why": written.get_ending_display() or _("已终止")}
        return Validity("", _("已经不再有效"), _("%(day)s起不再有效：%(why)s。") % words)
    return Validity("yes", _("真实，现在有效"), _("%s起施行，现在仍在清单上。") % zh_day(written.in_force.lower))


def _without_version(notice: WorkNotice, on: date) -> Validity:
    """An exit writes no version: it ends one, which goes on until its day."""
    ended = ItemVersion.objects.known().filter(ending_number=notice.number).order_by("in_force").last()
    said = _("这张告知单%s起施行。")
    if ended is not None:
        said = _("这张告知单把事项从清单上退出，%s起社区不再办理。")
        if on in ended.in_force:
            said = _("这张告知单把事项从清单上退出，%s起社区不再办理；这以前照常办理。")
    return Validity("", _("有这张告知单"), said % zh_day(notice.starts_on))


def _not_yet(written: ItemVersion, on: date) -> Validity:
    """Until a change begins, what it changes is followed, where that is in force."""
    day = zh_day(written.in_force.lower)
    if ItemVersion.objects.known().filter(item=written.item_id, in_force__contains=on).exists():
        return Validity("", _("变更还没有开始"), _("%s起按变更后的内容办，这以前仍按原来的内容办。") % day)
    return Validity("", _("还没有到施行日期"), _("%s起施行，这以前社区不用办。") % day)
