"""The county before anything happens in it: places, units, calendar, committee, settings, lists."""

from datetime import date, datetime
from pathlib import Path

from admission import actions as admission
from admission.models import CommitteeSeat
from admission.rules import Key
from base import calendar
from base.acts import legal_day
from communities import actions as communities
from communities.imports import TIANYUAN, TIANYUAN_DEPARTMENTS, load_departments, load_places
from communities.models import Community, Division
from communities.roles import system
from config.demo_county.cast import Cast
from config.demo_county.days import Days
from worklists import actions as worklists
from worklists import registers, rows
from worklists import rules as lists
from worklists.actions.editions import Head
from worklists.models import ItemList, ListEntry

GUIDANCE = Path(worklists.__file__).parent.parent / "data" / "guidance_list.csv"
MEMBERS = ("组织部", "民政局", "编办", "司法局")
WORDINGS = {
    Key.NOTICE_WORDING: "株天社准告〔{year}〕{n}号",
    Key.APPLICATION_WORDING: "株天社准申〔{year}〕{n}号",
    Key.FILING_WORDING: "株天社准备〔{year}〕{n}号",
    lists.Key.REPORT_WORDING: "株天社准报〔{year}〕{n}号",
    lists.Key.REFUSAL_WORDING: "株天社拒〔{year}〕{n}号",
    lists.Key.COMPLETION_WORDING: "株天社准完〔{year}〕{n}号",
}
DROPPED = {
    "社会抚养费征收": "社会抚养费已按2021年修改的《人口与计划生育法》取消。",
    "邪教人员管控、帮教": "管控属政法机关职责，不宜由社区承担。",
    "水利工程建设施工环境协调和日常监督管理": "施工监督属建设单位和主管部门职责。",
}
DROPPED_LATER = {
    "离任农村基层老干部生活补助核发": "补助已由区级直接发放，社区不再核发。",
    "村妇代会换届工作": "已与村（居）民委员会换届同步进行。",
}


def lay_out(days: Days, *, at: datetime) -> Cast:
    """Places, units, calendar, committee and settings, as of `at`."""
    calendar.load_official(by=system(), at=at)
    worklists.enter_rules(registers.carried(), by=system(), at=at)
    county = load_places(TIANYUAN, by=system(), at=at)
    load_departments(TIANYUAN_DEPARTMENTS, county=county, by=system(), at=at)
    cast = Cast(county, days)
    for name in MEMBERS:
        admission.give_seat(
            county, unit=cast.units[name], post=CommitteeSeat.Post.MEMBER, starts_on=date(2019, 4, 1), by=cast.office,
            at=at,
        )  # fmt: skip
    for key, wording in WORDINGS.items():
        communities.set_county_setting(
            county,
            key=key,
            value=wording,
            basis="区审核委员会办公室文件编号规则",
            since=legal_day(at),
            by=cast.office,
            at=at,
        )
    return cast


def facts(cast: Cast, *, at: datetime) -> None:
    """Households, residents and rooms of each community: figures made up for the demo, spread evenly, said to be so."""
    for n, community in enumerate(Community.objects.under(cast.county.code).select_related("division").order_by("pk")):
        households = 900 + (n * 137) % 2200
        communities.record_facts(
            community,
            by=cast.office,
            at=at,
            households=households,
            residents=households * 27 // 10,
            facility_area=300 + (n * 53) % 500,
            has_service_station=community.kind == Community.Kind.URBAN,
        )


def publish_lists(cast: Cast, *, guidance_at: datetime, first_at: datetime) -> None:
    """The city's guidance list as printed in 2018, and the county's first list after the reform of 2019."""
    city = Division.objects.get(code=cast.county.code[:4])
    reading = rows.read(GUIDANCE.name, GUIDANCE.read_bytes())
    head = Head(
        title="株洲市社区工作事项指导清单",
        issue_number="株办〔2018〕附件",
        source="关于建立社区工作事项准入、变更及退出制度的指导意见附件",
        issued_on=date(2018, 12, 3),
        starts_on=date(2018, 12, 3),
    )
    guidance = worklists.draft_edition(city, head=head, rows=reading.good, by=cast.city, at=guidance_at)
    guidance = worklists.publish_edition(guidance, by=cast.city, at=guidance_at)
    adopt(cast, guidance, number="株天社准〔2019〕1号", starts_on=date(2019, 6, 1), dropped=DROPPED, at=first_at)


def adopt(
    cast: Cast, guidance: ItemList, *, number: str, starts_on: date, dropped: dict[str, str], at: datetime
) -> None:
    """A county edition: the city's, less what is dropped with its reason; decided by the director."""
    title = f"天元区社区工作事项清单（{starts_on.year}年版）"
    head = Head(title=title, issue_number=number, source=title, issued_on=starts_on, starts_on=starts_on)
    edition = worklists.adopt_edition(guidance, owner=cast.county, head=head, by=cast.office, at=at)
    for entry in ListEntry.objects.filter(edition=edition, title__in=dropped, fate=ListEntry.Fate.ADOPTED):
        worklists.drop_entry(entry, reason=dropped[entry.title], by=cast.office, at=at)
    worklists.publish_edition(ItemList.objects.get(pk=edition.pk), by=cast.director, at=at)
