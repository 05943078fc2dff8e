"""The work notice as a document (rulebook 5.4), from what it said on the day: `WorkNotice.content`, word for word."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from admission.models import NoticeReceipt, WorkNotice
from admission.presentation.changes import in_words
from admission.presentation.highlights import plain
from admission.procedure import Kind, Procedure
from base.templatetags.portal import zh_day
from communities.models import Division
from communities.roles import CITY, STREET, Actor, Role
from worklists.kinds import SubjectType
from worklists.life import term

NUMERALS = "一二三四五六七八九十"
BRACKETS = str.maketrans("[]［］【】()（）", "〔〕〔〕〔〕〔〕〔〕")  # noqa: RUF001 what people type instead
MOST_NAMES = 8
VERBS = {
    Kind.ADMISSION: gettext_lazy("准入"),
    Kind.CHANGE: gettext_lazy("变更"),
    Kind.EXIT: gettext_lazy("退出"),
    Kind.CONFIRMATION: gettext_lazy("确认"),
}
ADMITTED_AS = {
    SubjectType.LEDGER: "ledger",
    SubjectType.REPORT_FORM: "report",
    SubjectType.INFO_SYSTEM: "system",
    SubjectType.BODY_OR_PLATE: "plate",
    SubjectType.EVALUATION: "evaluation",
    SubjectType.PROOF: "proof",
    SubjectType.SEAL_USE: "proof",
}
"""Which new burden a subject is itself: the form asks for 证明 and 印章 in one question (section 11, 31)."""


@dataclass(frozen=True)
class Part:
    """One numbered part: its paragraphs, or its table."""

    title: str
    paragraphs: list[str]
    table: list[tuple[str, str]]


@dataclass(frozen=True)
class Document:
    """What stands on the sheet, from the red head to the foot."""

    issuer: list[str]
    number: str
    title: str
    to: str
    opening: str
    parts: list[Part]
    signed_on: date
    printed_by: str


def document(notice: WorkNotice, receipts: Sequence[NoticeReceipt]) -> Document:
    """The sheet of a notice, in Chinese whatever the language of the page. One query, for the name of the city."""
    with override("zh-hans"):
        return _document(notice, receipts)


def _document(notice: WorkNotice, receipts: Sequence[NoticeReceipt]) -> Document:
    said = notice.content
    county = notice.application.county
    city = Division.objects.filter(code=county.code[:CITY]).values_list("name", flat=True).first()
    place = f"{city or ''}{county.name}"
    committee = _("社区工作事项审核委员会")
    return Document(
        issuer=[place, committee],
        number=notice.number,
        title=_("社区工作告知单"),
        to=f"{_addressed_to(said, receipts)}：",
        opening=_opening(notice, f"{county.name}{committee}"),
        parts=_numbered(_parts(notice)),
        signed_on=notice.issued_on,
        printed_by=_("审核委员会办公室（%s）") % said["office"],
    )


def _addressed_to(said: dict[str, Any], receipts: Sequence[NoticeReceipt]) -> str:
    """The applicant; the streets; the communities by name while they are few; places in the order of their codes."""
    places = sorted((row.body for row in receipts if row.body), key=lambda body: body.code)
    streets = [body.name for body in places if len(body.code) == STREET]
    below = [body.name for body in places if len(body.code) > STREET]
    communities = "、".join(below) if len(below) <= MOST_NAMES else _("以及所辖%s个社区") % len(below)
    return "，".join(filter(None, [said["applicant"], "、".join(streets), communities]))


def _opening(notice: WorkNotice, committee: str) -> str:
    said = notice.content
    simple = notice.application.procedure == Procedure.SIMPLE
    ways = {
        True: _("经事前征询，街道和社区没有异议，按简易程序办理"),
        False: _("经事前征询、沟通协调和成员单位会议审议，按普通程序办理"),
    }
    words = {
        "applicant": said["applicant"],
        "title": said["title"],
        "way": ways[simple],
        "day": zh_day(date.fromisoformat(said["decided_on"])),
        "committee": committee,
        "verb": VERBS[Kind(said["kind_code"])],
    }
    return _("%(applicant)s申请的“%(title)s”，%(way)s。%(day)s，%(committee)s核准该事项%(verb)s。现告知如下。") % words


def _parts(notice: WorkNotice) -> list[Part]:
    said = notice.content
    requirements = said["requirements"] if said["community_does"] else ""
    return [
        Part(_("事项"), [], _facts(notice)),
        Part(_("变更的内容"), [], _changed(said)),
        Part(_("不再办理的地方"), _left(notice), []),
        Part(_("社区做什么"), _lines(said["community_does"] or said["requirements"]), []),
        Part(_("社区不做什么"), _lines(said["community_does_not"]), []),
        Part(_("怎么做"), [*_lines(requirements), *_rows(said)], []),
        Part(_("保障"), _guarantees(said), []),
        Part(_("台账、报表、系统和考核"), _adds(said), []),
    ]


def _numbered(parts: Sequence[Part]) -> list[Part]:
    """Only the parts that say something, numbered as official documents are."""
    full = [part for part in parts if part.paragraphs or part.table]
    return [
        Part(f"{numeral}、{part.title}", part.paragraphs, part.table)
        for numeral, part in zip(NUMERALS, full, strict=False)
    ]


def _facts(notice: WorkNotice) -> list[tuple[str, str]]:
    said = notice.content
    facts = [
        (_("事项"), "\n".join(filter(None, [said["title"], _item(said)]))),
        (_("对象"), _subject(said).label if _subject(said) != SubjectType.WORK_ITEM else ""),
        (_("类别"), _("%(category)s。责任主体是%(unit)s") % {"category": said["category"], "unit": said["applicant"]}),
        (_("依据"), "\n".join(said["bases"])),
        (
            _("范围"),
            _("%(places)s（%(applies)s）") % {"places": "、".join(said["scope"]), "applies": said["applies_to"]},
        ),
        (_("承接"), said["executor"]),
        (_("起止"), _term(notice)),
        (_("联系"), said["contact"]),
    ]
    return [(name, text) for name, text in facts if text]


def _item(said: dict[str, Any]) -> str:
    """Its code; with the name that the list had until now, where the change gives it another."""
    listed = said.get("listed_title", "")
    return in_words(said["item_code"], listed) if listed not in {"", said["title"]} else said["item_code"]


def _changed(said: dict[str, Any]) -> list[tuple[str, str]]:
    """What it said and what it says; the first notices of changes did not keep it."""
    nothing = _("没有写")
    rows = said.get("changed", [])
    return [
        (name, _("原来：%(before)s\n改为：%(after)s") % {"before": was or nothing, "after": now or nothing})
        for name, was, now in rows
    ]


def _left(notice: WorkNotice) -> list[str]:
    names = [name for _code, name in notice.content.get("leaves", [])]
    words = {"day": zh_day(notice.starts_on), "places": "、".join(names)}
    return [_("%(day)s起，%(places)s不再办理这一事项。") % words] if names else []


def no_longer_here(notice: WorkNotice, actor: Actor) -> str:
    """For a street or community that only loses the item: that it has nothing to do with it from that day on."""
    leaves = [code for code, _name in notice.content.get("leaves", [])]
    everywhere = notice.content["kind_code"] == Kind.EXIT
    lost = everywhere or any(actor.code.startswith(code) for code in leaves)
    if actor.role not in {Role.STREET, Role.COMMUNITY} or not lost:
        return ""
    return _("从%s起，这一事项不再由您这里办理。") % zh_day(notice.starts_on)


def _subject(said: dict[str, Any]) -> SubjectType:
    """What was admitted; the first notices did not keep it, and say nothing of it."""
    return SubjectType(said.get("subject_type", SubjectType.WORK_ITEM))


def _term(notice: WorkNotice) -> str:
    if notice.content["kind_code"] == Kind.EXIT:
        return _("%s起退出，社区不再办理") % zh_day(notice.starts_on)
    ends = _("，期满自行完结") if notice.ends_on else ""
    return term(notice.starts_on, notice.ends_on) + ends


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _rows(said: dict[str, Any]) -> list[str]:
    """Division of duties, process and milestones, each in one paragraph."""
    division = "；".join(f"{row.get('party', '')}，{row.get('duty', '')}" for row in said["division"])
    process = "；".join(str(row) for row in said["process"])
    milestones = "；".join(
        f"{zh_day(date.fromisoformat(row['on']))}，{row['result']}" for row in said["milestones"] if row.get("on")
    )
    named = [(_("职责分工"), division), (_("操作流程"), process), (_("时间节点"), milestones)]
    return [_titled(name, text) for name, text in [*named, (_("权限"), said["powers"])] if text]


def _titled(name: str, text: str) -> str:
    return f"{name}：{text}" + ("" if text.endswith(("。", "；")) else "。")


def _guarantees(said: dict[str, Any]) -> list[str]:
    amount = _("%s 万元") % plain(Decimal(said["money_amount"])) if said["money_amount"] else ""
    money = "，".join(filter(None, [amount, said["money_source"], said["money_schedule"]]))
    free = _("不需要经费，%s") % said["money_zero_reason"] if said["money_zero_reason"] else ""
    named = [
        (_("经费"), money or free),
        (_("人员"), said["people"]),
        (_("培训"), said["training"]),
        (_("指导"), said["guidance"]),
        (_("场地、设备"), said["premises"]),
        (_("工作制度"), said["rules"]),
    ]
    return [_titled(name, text) for name, text in named if text]


def _adds(said: dict[str, Any]) -> list[str]:
    """None unless approved (rulebook 5.4); what was admitted is not said to be none."""
    if said["kind_code"] == Kind.EXIT:
        return []
    words = {
        "ledger": _("台账"), "report": _("报表"), "system": _("信息系统"), "plate": _("牌子"),
        "evaluation": _("考核"), "proof": _("证明"),
    }  # fmt: skip
    new = [_titled(word, said["adds"][name]) for name, word in words.items() if said["adds"][name]]
    itself = ADMITTED_AS.get(_subject(said))
    rest = [word for name, word in words.items() if not said["adds"][name] and name != itself]
    if rest:
        new.append(_("不新设%s。") % "、".join(rest))
    return new


def normalised(number: str) -> str:
    """A number as people type it, as official documents write it: their brackets, half-width digits, 号 at the end."""
    plain = "".join(unicodedata.normalize("NFKC", number).split()).translate(BRACKETS)
    return f"{plain}号" if plain[-1:].isdecimal() and "〕" in plain else plain
