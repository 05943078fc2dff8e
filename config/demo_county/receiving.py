"""The receiving end in the demo: work handed down without admission, reported, refused and supervised; admitted work
that is finished."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from admission import actions as admission
from admission.models import Application
from admission.procedure import Kind, State
from base.acts import legal_day
from communities.models import Department, Division
from config.demo_county import days
from config.demo_county.cast import Cast
from worklists import actions as worklists
from worklists.kinds import GROUNDS, Wrong
from worklists.models import CompletionFiling, ItemVersion, SupervisionCase, UnapprovedReport
from worklists.receiving import actions as receiving
from worklists.receiving import supervising
from worklists.receiving.refusing import Asked, refuse
from worklists.receiving.supervising import Charge

Act = Callable[[datetime], None]
Channel, Done = UnapprovedReport.Channel, UnapprovedReport.Done


@dataclass(frozen=True)
class Report:
    """What a community reports, how many days ago, and what becomes of it."""

    place: str
    department: str
    what: str
    channel: UnapprovedReport.Channel
    done: UnapprovedReport.Done
    ago: int
    fate: str
    wrongs: tuple[Wrong, ...] = (Wrong.UNAPPROVED,)


REPORTS = (
    Report("430211001001", "公安局", "每日上报反诈宣传截图", Channel.GROUP_CHAT, Done.WAITING, 1, "reported"),
    Report("430211002001", "城管局", "代收临街商铺门前三包保证书", Channel.PHONE, Done.REFUSED, 3, "passed_on"),
    Report("430211003001", "卫健局", "重复填报慢病随访台账", Channel.APP, Done.DID, 40, "stopped", (Wrong.LEDGER,)),
    Report("430211001002", "应急局", "居民楼天然气报警器安装统计", Channel.DOCUMENT, Done.WAITING, 9, "applying"),
    Report("430211001002", "民政局", "高龄老人逐户拍照认证", Channel.GROUP_CHAT, Done.WAITING, 4, "reported"),
    Report("430211101001", "水利局", "山塘水库汛期巡查登记", Channel.MEETING, Done.DID, 60, "lawful"),
    Report("430211002001", "市监局", "经营户信息每天在工作群接龙", Channel.GROUP_CHAT, Done.DID, 8, "supervised",
           (Wrong.UNAPPROVED, Wrong.SYSTEM)),
    Report("430211003001", "教育局", "暑期安全巡查排名通报", Channel.DOCUMENT, Done.DID, 70, "supervision closed",
           (Wrong.EVALUATION, Wrong.UNFUNDED)),
)  # fmt: skip


@dataclass(frozen=True)
class Refused:
    """What a community refuses, and why, how many days ago."""

    place: str
    department: str
    what: str
    wrong: Wrong
    channel: UnapprovedReport.Channel
    ago: int


REFUSALS = (
    Refused("430211001001", "市监局", "发动居民下载应用并每天打卡", Wrong.SYSTEM, Channel.GROUP_CHAT, 12),
    Refused("430211002001", "教育局", "抽调一名社区工作人员到局里帮忙两个月", Wrong.SECONDMENT, Channel.PHONE, 5),
)


def moments(cast: Cast) -> Iterator[tuple[datetime, Act]]:
    """Reports and their fates, and two filings of work that is finished."""
    for n, row in enumerate(REPORTS):
        yield _morning(cast, row.ago, n), partial(_report, cast, row)
    for n, refused in enumerate(REFUSALS):
        yield _morning(cast, refused.ago, 8 + n), partial(_refuse, cast, refused)
    yield _morning(cast, 20, 6), partial(_finish, cast, "家庭医生签约服务组织动员", "completed", True)
    yield _morning(cast, 2, 7), partial(_finish, cast, "楼栋长信息更新", "exited_early", False)


def _morning(cast: Cast, ago: int, n: int) -> datetime:
    return days.at(cast.days.ago(ago), time(9, 5 + n))


def _report(cast: Cast, said: Report, at: datetime) -> None:
    place = _community(said.place)
    unit = cast.units[said.department]
    handed = receiving.Handed(
        department_text=unit.name,
        department=unit,
        what=said.what,
        details="没有工作告知单，要求社区当周完成。",
        channel=said.channel,
        happened_on=legal_day(at) - timedelta(days=1),
        done=said.done,
        wrongs=said.wrongs,
    )
    report = receiving.report_work(handed, by=cast.body(place), at=at)
    later = at + timedelta(hours=1)
    if said.fate == "reported":
        return
    if said.fate == "lawful":
        item = (
            ItemVersion.objects.owned_by(cast.county.code)
            .known()
            .filter(title__contains="小型水利工程日常管护")[0]
            .item
        )
        answer = "属于清单内“小型水利工程日常管护”，请部门按清单落实经费。"
        receiving.close_as_lawful(report, item=item, answer=answer, by=cast.office, at=later)
        return
    if said.fate.startswith("superv"):
        _supervise(cast, report, unit, closes=said.fate.endswith("closed"), at=later)
        return
    report = receiving.pass_on(report, department=unit, by=cast.office, at=later)
    by, then = cast.applicant(unit), later + timedelta(minutes=40)
    if said.fate == "stopped":
        stopped = UnapprovedReport.State.STOPPED
        receiving.answer_report(report, state=stopped, answer="已停止，改由系统自动提取数据。", by=by, at=then)
    elif said.fate == "applying":
        admission.draft_application(by=by, at=then, kind=Kind.CONFIRMATION, report=report)


def _supervise(cast: Cast, report: UnapprovedReport, unit: Department, *, closes: bool, at: datetime) -> None:
    charge = Charge(
        unit=unit, matter=report.what, basis="\n".join(str(GROUNDS[Wrong(wrong)]) for wrong in report.wrongs),
        demand="停止向社区交办，撤回已发的通知；确需社区协助的，提出确认申请。",
    )  # fmt: skip
    case = supervising.supervise_report(report, charge, by=cast.office, at=at)
    answered = at + timedelta(hours=2)
    text = "已通知各街道（乡镇）停止，已经收到的材料不再要求更新。"
    supervising.answer_case(case, text=text, by=cast.applicant(unit), at=answered)
    if closes:
        result, reason = SupervisionCase.Result.STOPPED, "已向社区核实，排名通报已经撤回，没有再布置。"
        supervising.close_case(case, result=result, reason=reason, by=cast.office, at=answered + timedelta(hours=1))


def _community(code: str) -> Division:
    """This one, or the next of its street."""
    inside = Division.objects.filter(code__startswith=code[:9], code__gte=code, community__isnull=False)
    return inside.order_by("code")[0]


def _refuse(cast: Cast, said: Refused, at: datetime) -> None:
    unit = cast.units[said.department]
    asked = Asked(
        what=said.what, department=unit, department_text=unit.name, channel=said.channel,
        happened_on=legal_day(at) - timedelta(days=1), wrong=said.wrong,
    )  # fmt: skip
    refuse(asked, picked=None, by=cast.body(_community(said.place)), at=at)


def _finish(cast: Cast, title: str, kind: str, received: bool, at: datetime) -> None:
    application = Application.objects.select_related("item", "applicant__street").get(title=title, state=State.FILED)
    if application.item is None:
        raise ValueError(f"{title} never came onto the list")
    filing = worklists.file_completion(
        application.item,
        kind=CompletionFiling.Kind(kind),
        ended_on=_last_day(application, at),
        reason="本轮工作已经完成。" if kind == "completed" else "改由业务系统自动更新，不再需要社区承担。",
        results="各社区按方案完成告知和登记，问题已由部门处理。",
        unfinished="",
        handover="登记表已交部门归档，社区不再保留台账。",
        by=cast.applicant(application.applicant),
        at=at,
    )
    if received:
        street = Division.objects.get(code="430211001")
        worklists.comment_filing(filing, text="经费已按时拨付，群众反映较好。", by=cast.body(street), at=at)
        worklists.acknowledge_filing(filing, by=cast.office, at=at)


def _last_day(application: Application, at: datetime) -> date:
    """Yesterday, or the last day of its term where that is earlier."""
    yesterday = legal_day(at) - timedelta(days=1)
    return min(yesterday, application.ends_on or yesterday)
