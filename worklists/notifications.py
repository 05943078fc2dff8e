"""What is told of filings and reports, and to whom. A report's messages never say who reported."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Left
from django.urls import reverse
from django.utils.translation import gettext as _

from base import outbox
from base.acts import legal_day
from base.templatetags.portal import zh_day
from base.text import spoken_in_chinese
from communities.actors import emails_of
from communities.models import Department, Division, valid_on
from communities.roles import COUNTY, Role, inbox
from worklists import departments
from worklists.models import CompletionFiling, ItemList, ItemVersion, Refusal, UnapprovedReport

STREET, COMMUNITY = 9, 12
SHOWN = 5


def office_of(county: str, at: datetime) -> list[str]:
    """The inbox of the committee's office."""
    return [inbox(Role.OFFICE, "", host.pk) for host in Department.objects.of(county).hosting(legal_day(at))]


def of_unit(unit: Department) -> str:
    """The inbox of a department, or of a street for its own office."""
    return inbox(Role.STREET, unit.street.code, None) if unit.street else inbox(Role.APPLICANT, "", unit.pk)


def now_of(unit: Department, at: datetime) -> str:
    """The inbox of a unit, or of the one that has succeeded it by then."""
    return of_unit(departments.now(unit, legal_day(at)))


def reached(version: ItemVersion, at: datetime) -> list[str]:
    """The streets that a version reaches, and the communities that its scope names."""
    codes = list(version.scopes.values_list("code", flat=True))
    streets = Q()
    for code in codes:
        streets |= Q(code__startswith=code) if len(code) <= STREET else Q(code=code[:STREET])
    places = Division.objects.filter(valid_on(legal_day(at)))
    found = places.of_level(STREET).filter(streets).values_list("code", flat=True) if codes else []
    return [
        *(inbox(Role.STREET, code, None) for code in found),
        *(inbox(Role.COMMUNITY, code, None) for code in codes if len(code) == COMMUNITY),
    ]


@spoken_in_chinese
def completion_filed(filing: CompletionFiling, *, at: datetime) -> None:
    """The office has it to acknowledge; streets and communities may say what they think of it."""
    title = filing.ended_version.title
    send(
        filing, county=filing.item.owner.code, kind="worklists.completion_filed",
        title=_("%(title)s：%(kind)s备案") % {"title": title, "kind": filing.get_kind_display()},
        body=_("%(unit)s备案，实际结束日期 %(day)s。办理过这一事项的街道（乡镇）和社区可以填写意见。")
        % {"unit": filing.filed_by.name, "day": zh_day(filing.ended_on)},
        url=reverse("worklists:filing", args=[filing.pk]),
        to=[*office_of(filing.item.owner.code, at), *reached(filing.ended_version, at)],
        dedupe=f"completion:{filing.pk}:filed", at=at,
    )  # fmt: skip


@spoken_in_chinese
def completion_acknowledged(filing: CompletionFiling, *, at: datetime) -> None:
    """The department knows that the office has it."""
    send(
        filing, county=filing.item.owner.code, kind="worklists.completion_acknowledged",
        title=_("%s：备案已收讫") % filing.number, body="", url=reverse("worklists:filing", args=[filing.pk]),
        to=[now_of(filing.filed_by, at)], dedupe=f"completion:{filing.pk}:acknowledged", at=at,
    )  # fmt: skip


@spoken_in_chinese
def edition_published(
    edition: ItemList, *, begun: Sequence[ItemVersion], changed: Sequence[tuple[ItemVersion, ItemVersion]],
    ended: Sequence[ItemVersion], at: datetime,
) -> None:  # fmt: skip
    """Each department knows what becomes of its own items; every place that follows the list how many there are."""
    whole = _effect(len(begun), len(changed), len(ended))
    if not whole:
        return
    title = _("《%(title)s》%(day)s起施行") % {"title": edition.title, "day": zh_day(edition.starts_on)}

    def tell(body: str, to: Iterable[str], suffix: str) -> None:
        send(
            edition, county=edition.owner.code, kind="worklists.edition_published", title=title, body=body,
            url=reverse("worklists:edition", args=[edition.pk]), to=to,
            dedupe=f"edition:{edition.pk}:published{suffix}", at=at,
        )  # fmt: skip

    tell(whole, _following(edition), "")
    effects = [(0, row) for row in begun] + [(1, row) for pair in changed for row in pair] + [(2, row) for row in ended]
    of_units: dict[int, list[set[str]]] = {}
    for which, row in effects:
        if row.department_id:
            of_units.setdefault(row.department_id, [set(), set(), set()])[which].add(row.title)
    units = Department.objects.select_related("street", "successor__street").in_bulk(of_units)
    for unit_id, titles in of_units.items():
        body = "\n".join([_("您单位的事项：") + _effect(*map(len, titles)), *_first(titles)])
        tell(body, [now_of(units[unit_id], at)], f":{unit_id}")


def _effect(begun: int, changed: int, ended: int) -> str:
    counts = [(_("新列入 %d 项"), begun), (_("变更 %d 项"), changed), (_("不再列入 %d 项"), ended)]
    return _("，").join(words % n for words, n in counts if n)


def _first(titles: Sequence[set[str]]) -> list[str]:
    """The first of each in words; the rest is behind the link."""
    names = (_("新列入：%s"), _("变更：%s"), _("不再列入：%s"))
    return [
        words % _("、").join(sorted(each)[:SHOWN]) + (_("等") if len(each) > SHOWN else "")
        for words, each in zip(names, titles, strict=True)
        if each
    ]


def _following(edition: ItemList) -> list[str]:
    """The streets and communities on whose list the edition is; of a city's list also the offices of its counties."""
    owner, day = edition.owner.code, edition.starts_on
    places = Division.objects.under(owner).valid(legal_day(edition.changed_at)).of_level(STREET, COMMUNITY)
    boxes: list[str] = []
    if len(owner) < COUNTY:
        own = ItemList.objects.published().filter(kind=ItemList.Kind.COUNTY, starts_on__lte=day)
        theirs = set(own.filter(owner__code__startswith=owner).values_list("owner__code", flat=True))
        places = places.annotate(county=Left("code", COUNTY)).exclude(county__in=theirs)
        hosts = Department.objects.filter(division__code__startswith=owner).hosting(legal_day(edition.changed_at))
        boxes = [inbox(Role.OFFICE, "", host.pk) for host in hosts]
    codes = places.values_list("code", flat=True)
    return [
        *boxes,
        *(inbox(Role.STREET if len(code) == STREET else Role.COMMUNITY, code, None) for code in codes),
    ]


@spoken_in_chinese
def item_corrected(wrong: ItemVersion, right: ItemVersion, *, reason: str, at: datetime) -> None:
    """Whose item it is and where it is carried out: before and after."""
    units = {row.department_id: row.department for row in (wrong, right) if row.department}
    item = right.item
    send(
        item, county=item.owner.code, kind="worklists.item_corrected",
        title=_("清单记录已更正：%s") % right.title, body=_("更正的理由：%s") % reason,
        url=reverse("worklists:item", args=[item.code]),
        to=[*(now_of(unit, at) for unit in units.values()), *reached(wrong, at), *reached(right, at)],
        dedupe=f"version:{right.pk}:corrected", at=at,
    )  # fmt: skip


def handling(report: UnapprovedReport, at: datetime) -> list[str]:
    """The inbox of who handles a report: the office, or the unit that stands in for it (A-9), or its successor."""
    if report.substitute is not None:
        return [inbox(Role.MEMBER, "", departments.now(report.substitute, legal_day(at)).pk)]
    return office_of(report.county.code, at)


@spoken_in_chinese
def work_reported(report: UnapprovedReport, *, at: datetime) -> None:
    """Who handles it has it to handle."""
    why = _("交办的是办公室所在单位，办公室回避，由您代行办公室工作。") if report.substitute_id else ""
    _tell_of(
        report, "reported", title=_("收到未经准入工作报告 %s") % report.number,
        body=why + _("请打开报告办理：转部门答复，或者按清单内事项办结。"), to=handling(report, at), at=at,
    )  # fmt: skip


@spoken_in_chinese
def report_given_up(report: UnapprovedReport, *, at: datetime) -> None:
    """The office found its own unit behind it: from now on the seat that stands in handles it."""
    _tell_of(
        report, "given_up", title=_("未经准入工作报告 %s 由您代行办公室工作") % report.number,
        body=_("交办的是办公室所在单位，办公室回避，由您代行办公室工作。"), to=handling(report, at), at=at,
    )  # fmt: skip


@spoken_in_chinese
def report_passed_on(report: UnapprovedReport, *, at: datetime) -> None:
    """The department has it to answer, by its day."""
    day = zh_day(report.due_on)
    _tell_of(
        report, "passed_on", title=_("有社区反映的未经准入工作等您答复：%s") % report.number,
        body=_("最晚 %s 答复：停止，或者提出确认申请（第九条）。") % day,
        to=answering(report, at), at=at,
    )  # fmt: skip


def days_left(left: int) -> str:
    """How many working days are left, or how many it is late."""
    if left == 0:
        return _("今天到期")
    return _("还有 %s 个工作日") % left if left > 0 else _("已超 %s 个工作日") % -left


@spoken_in_chinese
def report_due(report: UnapprovedReport, *, mark: int, left: int, at: datetime) -> None:
    """The department is to answer soon, today, or should have; then who handles it knows too. Once for each mark."""
    send(
        report, county=report.county.code, kind="worklists.report_reminder",
        title=_("未经准入的工作等您答复，%(when)s：%(number)s") % {"when": days_left(left), "number": report.number},
        body=_("最晚 %s。") % zh_day(report.due_on), url=reverse("worklists:report", args=[report.pk]),
        to=answering(report, at) + (handling(report, at) if left < 0 else []),
        dedupe=f"report:{report.pk}:{report.due_on}:{mark}", at=at,
    )  # fmt: skip


@spoken_in_chinese
def report_answered(report: UnapprovedReport, *, at: datetime) -> None:
    """The office knows what the department said."""
    _tell_of(
        report, "answered", title=_("%(number)s：部门已答复，%(state)s") % {
            "number": report.number, "state": report.get_state_display(),
        },
        body="", to=handling(report, at), at=at,
    )  # fmt: skip


@spoken_in_chinese
def report_confirmed(report: UnapprovedReport, *, at: datetime) -> None:
    """The work has become an item: nobody has anything left to do about the report."""
    _tell_of(
        report, "confirmed", title=_("报告 %s 已办结：交办的工作已予确认") % report.number, body=report.answer,
        to=[*handling(report, at), *answering(report, at)], at=at,
    )  # fmt: skip


@spoken_in_chinese
def report_handed_back(report: UnapprovedReport, *, at: datetime) -> None:
    """The office has it to handle again; the department knows that nothing was settled by applying."""
    _tell_of(
        report, "handed_back", title=_("报告 %s 的确认申请没有通过，请再办理") % report.number, body=report.answer,
        to=handling(report, at), at=at,
    )  # fmt: skip
    _tell_of(
        report, "not_confirmed", title=_("报告 %s 的确认申请没有通过，这项工作不得交由社区办理") % report.number,
        body=report.answer, to=answering(report, at), at=at,
    )  # fmt: skip


@spoken_in_chinese
def work_refused(refusal: Refusal, *, at: datetime) -> None:
    """Who asked, where it is a unit of the county; the street above the place; the committee's office."""
    asked = [now_of(refusal.department, at)] if refusal.department else []
    above = [inbox(Role.STREET, refusal.place.code[:STREET], None)] if len(refusal.place.code) > STREET else []
    send(
        refusal, county=refusal.county.code, kind="worklists.work_refused",
        title=_("%(place)s不承接：%(what)s") % {"place": refusal.place.name, "what": refusal.what},
        body=_("拒绝告知书 %(number)s，理由：%(wrong)s。") % {
            "number": refusal.number, "wrong": refusal.get_wrong_display(),
        },
        url=reverse("worklists:refusal", args=[refusal.pk]),
        to=[*asked, *above, *office_of(refusal.county.code, at)], dedupe=f"refusal:{refusal.pk}", at=at,
    )  # fmt: skip


def answering(report: UnapprovedReport, at: datetime) -> list[str]:
    """The inbox of the department that the report was passed on to, or of its successor."""
    return [now_of(report.department, at)] if report.department else []


def _tell_of(report: UnapprovedReport, what: str, *, title: str, body: str, to: Iterable[str], at: datetime) -> None:
    send(
        report, county=report.county.code, kind=f"worklists.report_{what}", title=title, body=body,
        url=reverse("worklists:report", args=[report.pk]), to=to,
        dedupe=f"report:{report.pk}:{what}:{report.version}", at=at,
    )  # fmt: skip


def send(
    subject: models.Model, *, county: str, kind: str, title: str, body: str, url: str, to: Iterable[str], dedupe: str,
    at: datetime,
) -> None:  # fmt: skip
    """One message to these inboxes and the addresses behind them; a second with the same `dedupe` is not written."""
    boxes = sorted(set(to))
    emails = emails_of(boxes, on=legal_day(at))
    outbox.put(
        kind=kind, county=county, subject=subject, title=title, body=body, url=url, dedupe=dedupe, at=at,
        to=[outbox.Recipient(box, emails.get(box, [])) for box in boxes],
    )  # fmt: skip
