"""What a check may say, in words that somebody can act on, and what it rests on."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from base.templatetags.portal import zh_day
from communities.models import Division
from worklists import life
from worklists.kinds import Category, Ending, SubjectType
from worklists.lists import AsOf
from worklists.models import ItemVersion, RegisterRule

ART_4 = lazy("《关于建立社区工作事项准入、变更及退出制度的指导意见》第四条")
ART_10 = lazy("《关于建立社区工作事项准入、变更及退出制度的指导意见》第十条")


class Code(models.TextChoices):
    """The answers. Only LISTED is a yes."""

    LISTED = "listed", lazy("在清单上")
    NOT_YET = "not_yet", lazy("还没有开始")
    ENDED = "ended", lazy("已不在清单上")
    TAKEN_BACK = "taken_back", lazy("没有施行过")
    BEYOND_SCOPE = "beyond_scope", lazy("不在实施范围内")
    OTHER_KIND = "other_kind", lazy("不适用这类社区")
    OTHER_LIST = "other_list", lazy("不在本区县的清单里")
    NEVER = "never", lazy("没有准入")
    FORBIDDEN = "forbidden", lazy("明文禁止")


WHAT_FOLLOWS = {
    Category.STATUTORY: lazy("这是社区的法定职责，照清单办理"),
    Category.UNDERTAKE: lazy("这件事由社区承办，照清单和告知单办理"),
    Category.ASSIST: lazy("这件事由社区协助，责任主体是部门"),
}
SENTENCES = {
    Code.LISTED: lazy("“%(title)s”%(day)s在清单上。"),
    Code.NOT_YET: lazy("“%(title)s”从%(first)s起才列入清单。"),
    Code.ENDED: lazy("“%(title)s”%(ended)s，最后一天是%(last)s。"),
    Code.TAKEN_BACK: lazy("这一事项在施行以前就撤下了，没有施行过。"),
    Code.BEYOND_SCOPE: lazy("“%(title)s”在清单上，但实施范围不包括这里。"),
    Code.OTHER_KIND: lazy("“%(title)s”只适用于%(kind)s。"),
    Code.OTHER_LIST: lazy("“%(title)s”在市级指导清单上，本区县没有采用。"),
    Code.NEVER: lazy("清单里没有这件事，也没有准入过，没有工作告知单。"),
    Code.FORBIDDEN: lazy("“%(title)s”不得要求社区办理。"),
}
MAY_REFUSE = lazy("现在不能交给社区，您可以不做")
MUST_NOT = {SubjectType.PROOF: (lazy("不得要求社区出具"), lazy("“%(title)s”不得要求社区出具。"))}
"""What is said of a kind in words of its own, for the title and in one sentence."""
MUST_NOT_BE_ASKED = lazy("不得要求社区办理")


@dataclass(frozen=True)
class Line:
    """One reason, where it stands, and the page of that."""

    text: str
    source: str = ""
    item: str = ""
    register: str = ""


@dataclass(frozen=True)
class Verdict:
    """The answer for a place on a day, and the version it rests on."""

    code: Code
    place: Division
    asof: AsOf
    version: ItemVersion | None
    reason: str = ""
    """What the county wrote when it did not adopt it."""
    rule: RegisterRule | None = None
    """What forbids it."""

    @property
    def is_lawful(self) -> bool:
        """May it be asked of this place on this day?"""
        return self.code is Code.LISTED

    @property
    def title(self) -> str:
        """What follows from it."""
        if self.is_lawful and self.version is not None:
            return str(WHAT_FOLLOWS[Category(self.version.category)])
        return str(_must_not(self.rule)[0] if self.rule else MAY_REFUSE)

    @property
    def text(self) -> str:
        """Why, in one sentence."""
        if self.rule:
            said = {"title": self.rule.title, "first": zh_day(self.rule.in_force.lower)}
            return str(_must_not(self.rule)[1]) % said
        row = self.version
        facts = {"title": row.title, "kind": row.get_applies_to_display(), **_days(row)} if row else {}
        return str(SENTENCES[self.code]) % {**facts, "day": zh_day(self.asof.on)}

    @property
    def evidence(self) -> list[Line]:
        """What it rests on, the law first; where the version stands and what it says."""
        if self.rule:
            return _of_the_rule(self.rule)
        lines = [] if self.is_lawful else [Line(_("未经审核批准的，不得擅自新增、变更及退出。"), str(ART_4))]
        row = self.version
        if row is None:
            return [*lines, Line(_("%(day)s有效的清单里没有这一项。") % {"day": zh_day(self.asof.on)})]
        came = row.notice_number or (f"《{row.edition.title}》" if row.edition else "")
        lines.append(
            Line(_("%(title)s，%(term)s") % {"title": row.title, "term": life.listed_term(row)}, came, row.item.code)
        )
        if row.scope_text:
            lines.append(Line(_("实施范围：%s") % row.scope_text, came))
        if row.ending and not self.is_lawful:
            lines.append(Line(str(Ending(row.ending).label), row.ending_number or str(ART_10)))
        if self.reason:
            lines.append(Line(_("本区县不采用的理由：%s") % self.reason))
        if self.is_lawful:
            said = [(_("社区做什么：%s"), row.does), (_("社区不做什么：%s"), row.does_not)]
            lines += [Line(words % value, came) for words, value in said if value]
        return lines


def _must_not(rule: RegisterRule) -> tuple[Promise, Promise]:
    return MUST_NOT.get(SubjectType(rule.subject_type), (MUST_NOT_BE_ASKED, SENTENCES[Code.FORBIDDEN]))


def _of_the_rule(rule: RegisterRule) -> list[Line]:
    """Where it is forbidden, and what the document says."""
    listed = _("“%(title)s”列在不得要求的事项里。") % {"title": rule.title}
    lines = [Line(listed, rule.basis, register=rule.subject_type)]
    return [*lines, Line(rule.quote, rule.basis)] if rule.quote else lines


def _days(row: ItemVersion) -> dict[str, str]:
    """Its first and last day, and how it ended, in words."""
    last = life.last_day(row)
    return {
        "first": zh_day(row.in_force.lower), "last": zh_day(last) if last else "",
        "ended": str(Ending(row.ending).label) if row.ending else _("已终止"),
    }  # fmt: skip
