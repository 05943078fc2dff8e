"""A small county and the ways through the procedure, for every test of admission. Everything is done by the acts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from admission import actions
from admission.models import AgendaItem, Application, CommitteeSeat, Meeting, Opinion
from admission.procedure import Kind, State
from admission.requirements import AS_LISTED, STREET_KINDS
from communities.models import Community, Department, Division
from communities.roles import APPLICANTS, Actor, Role
from worklists.models import WorkItem

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
FINDINGS = {
    "completeness": "材料齐全。",
    "legality": "依据现行有效。",
    "necessity": "确需社区协助。",
    "guarantees": "人员和经费已落实。",
    "burden": "每月约 6 小时。",
    "opinion": "建议提请审核。",
}
PLAN = {
    "goal": "消除充电安全隐患。",
    "requirements": "登记并报告充电安全隐患。",
    "community_does": "带路、告知、登记、报告。",
    "community_does_not": "不检测线路、不查扣、不收费。",
    "powers": "社区只登记、报告。",
    "division": [{"party": "部门", "duty": "检测"}, {"party": "社区", "duty": "带路"}],
    "process": ["告知", "带路", "登记", "报告"],
    "milestones": [{"on": "2027-03-31", "result": "完成第一轮"}],
    "people": "每街道两名专业人员。",
    "money_amount": "26.40",
    "money_source": "区级预算",
    "money_schedule": "每季度拨付到街道",
    "premises": "不需要场地。",
    "training": "开工前培训一次。",
    "guidance": "部门专人指导。",
    "rules": "按部门工作规程。",
}
FIELDS = {
    "title": "住宅小区电动自行车充电安全隐患排查",
    "category": "assist",
    "responsible_person": "负责人",
    "responsible_phone": "0731-00000000",
    "contact_name": "经办人",
    "contact_phone": "0731-00000001",
    "justification": "隐患在小区内，确需社区带路。",
    "can_be_purchased": True,
    "purchase_alternative": "检测由专业机构承担，带路不能购买。",
    "starts_on": date(2027, 1, 4),
    "ends_on": date(2027, 6, 30),
    "duration_type": "phase",
    "adds_declared": True,
    "seal_confirmed": True,
}


@dataclass
class World:
    """A county with two streets of two communities each, its units, and one actor for each role."""

    county: Division
    streets: list[Division]
    communities: list[Division]
    units: dict[str, Department]
    actors: dict[str, Actor]
    clock: Iterator[datetime]
    title: str = FIELDS["title"]
    rows: int = 1
    """How many rows each repeated group of a form has."""

    def at(self) -> datetime:
        """The next moment: a minute later."""
        return next(self.clock)

    def soon(self) -> datetime:
        """A moment with room for one act before it."""
        return next(self.clock) + timedelta(minutes=2)

    def jump(self, days: int) -> None:
        """Let days pass."""
        start = next(self.clock) + timedelta(days=days)
        self.clock = (start + timedelta(minutes=n) for n in count())


def make_world() -> World:
    """The county, its places, units, committee seats and actors."""
    Division.objects.create(code="43", name="湖南省", kind="province")
    Division.objects.create(code="4302", name="株洲市", kind="city")
    county = Division.objects.create(code="430211", name="天元区", kind="county")
    streets = [
        Division.objects.create(code=f"43021100{n}", name=name, kind="street")
        for n, name in ((1, "嵩山路街道"), (2, "泰山路街道"))
    ]
    communities = []
    for street in streets:
        for n in (1, 2):
            place = Division.objects.create(
                code=f"{street.code}00{n}", name=f"{street.name[:2]}{n}社区", kind="community"
            )
            Community.objects.create(division=place, kind="urban", changed_at=MONDAY)
            communities.append(place)
    names = {"dept": "应急管理局", "host": "民政局", "org": "组织部", "staffing": "编办", "legal": "司法局"}
    units = {
        key: Department.objects.create(division=county, name=name, hosts_office=key == "host")
        for key, name in names.items()
    }
    for n, street in enumerate(streets):
        units[f"street{n}"] = Department.objects.create(
            division=county, name=f"{street.name}办事处", kind="street_office", street=street
        )
    for key in ("org", "host", "staffing", "legal"):
        CommitteeSeat.objects.create(county=county, unit=units[key], post="member", starts_on=date(2020, 1, 1))
    clock = (MONDAY + timedelta(minutes=n) for n in count())
    return World(county, streets, communities, units, _actors(county, streets, communities, units), clock)


def _actors(county, streets, communities, units) -> dict[str, Actor]:
    def actor(role: Role, code: str, unit: Department | None = None, name: str = "") -> Actor:
        return Actor(None, None, role, code, unit.pk if unit else None, unit.name if unit else name)

    actors = {
        "dept": actor(Role.APPLICANT, county.code, units["dept"]),
        "host": actor(Role.APPLICANT, county.code, units["host"]),
        "office": actor(Role.OFFICE, county.code, units["host"]),
        "director": actor(Role.DIRECTOR, county.code, None, "审核委员会"),
        "deputy": actor(Role.DEPUTY, county.code, None, "审核委员会"),
        "member": actor(Role.MEMBER, county.code, units["org"]),
        "member_host": actor(Role.MEMBER, county.code, units["host"]),
        "city": actor(Role.CITY, "4302", None, "株洲市民政局"),
        "auditor": actor(Role.AUDITOR, county.code, None, "审计"),
        "admin": actor(Role.ADMIN, county.code, None, "平台"),
    }
    for n, street in enumerate(streets):
        actors[f"street{n}"] = actor(Role.STREET, street.code, units[f"street{n}"])
    for n, place in enumerate(communities):
        actors[f"community{n}"] = actor(Role.COMMUNITY, place.code, None, place.name)
    return actors


def drafted(
    world: World, *, by: str = "dept", kind: Kind = Kind.ADMISSION, item: WorkItem | None = None, **options: object
) -> Application:
    """A draft in which every field is filled in."""
    who = world.actors[by]
    application = actions.draft_application(by=who, at=world.at(), kind=kind, item=item, **options)
    rows = actions.DraftRows(
        bases=[{"title": "安全生产法", "level": "law", "article": "第九条"}] * world.rows,
        prior_contacts=[{"held_on": date(2026, 10, 30), "counterpart": "准入办", "conclusion": "同意。"}] * world.rows,
        scope=None if kind is Kind.EXIT else world.streets,
        plan=PLAN,
    )
    said = {**FIELDS, "title": world.title, "seal_confirmed": not application.awaits_endorsement}
    if kind is Kind.EXIT:  # named, and of the kind, that the list says
        said = {name: value for name, value in said.items() if name not in AS_LISTED}
        said["justification"] = f"{world.title}：已经办完。"  # its title is the listed one: by this the case is known
    return actions.save_draft(application, by=who, at=world.at(), fields=said, rows=rows)


def speaker(world: World, body: Division) -> Actor:
    """Who speaks for a street or community, also for one that has no account here."""
    role = Role.STREET if body.kind in STREET_KINDS else Role.COMMUNITY
    unnamed = Actor(None, None, role, body.code, None, body.name)
    return next((actor for actor in world.actors.values() if actor.code == body.code), unnamed)


def answer_all(world: World, application: Application, stances: dict[str, str] | None = None) -> None:
    """Every body that was asked answers; `stances` by division code, else 无异议."""
    waiting = Opinion.objects.current(application).select_related("body", "round__application")
    for opinion in [row for row in waiting if row.answered_at is None]:
        stance = (stances or {}).get(opinion.body.code, "no_objection")
        points = "" if stance == "no_objection" else "检测线路应由专业队伍承担。"
        actions.give_opinion(opinion, by=speaker(world, opinion.body), at=world.at(), stance=stance, points=points)


def consulted(
    world: World, *, stances: dict[str, str] | None = None, by: str = "dept", **options: object
) -> Application:
    """Asked and answered."""
    application = drafted(world, by=by, **options)
    application = actions.open_consultation(application, by=world.actors[by], at=world.at())
    answer_all(world, application, stances)
    return application


def screening(
    world: World, *, stances: dict[str, str] | None = None, by: str = "dept", **options: object
) -> Application:
    """Submitted, accepted, with the office."""
    application = consulted(world, stances=stances, by=by, **options)
    application = actions.submit(application, by=world.actors[by], at=world.at())
    application = actions.accept(application, by=world.actors["office"], at=world.at())
    return actions.begin_screening(application, by=world.actors["office"], at=world.at())


def coordinating(world: World, **options: object) -> Application:
    """One street objects; the point goes to the meeting."""
    options.setdefault("stances", {world.streets[1].code: "objection"})
    application = screening(world, **options)
    office = world.actors["office"]
    application = actions.begin_coordination(application, by=office, at=world.at(), findings=FINDINGS)
    actions.record_contact(
        application,
        by=office,
        at=world.at(),
        department=world.units["legal"],
        held_on=date(2026, 11, 2),
        summary="同意。",
    )
    for point in application.coordination.points.all():
        actions.handle_point(point, by=office, at=world.at(), result="to_meeting", reason="双方未能一致。")
    return application


def planned() -> set[int]:
    """Every meeting there is: tests plan several at one time, in one room."""
    return set(Meeting.objects.values_list("pk", flat=True))


def scheduled(world: World, **options: object) -> tuple[Application, Meeting]:
    """On the agenda of a meeting."""
    application = coordinating(world, **options)
    office = world.actors["office"]
    when = world.soon()
    meeting = actions.plan_meeting(
        by=office, at=when, planned_at=when, place="三楼会议室", chair="deputy", beside=planned()
    )
    return actions.schedule_meeting(application, by=office, at=world.at(), meeting=meeting), meeting


def respond_all(world: World, application: Application) -> None:
    """The applicant says what becomes of each condition and objection."""
    unit = application.applicant_id
    who = next(actor for actor in world.actors.values() if actor.unit_id == unit and actor.role in APPLICANTS)
    for opinion in Opinion.objects.to_respond([application]).select_related("round__application"):
        actions.respond_to_opinion(opinion, by=who, at=world.at(), fate="partly", reason="改由专业队伍检测。")


def deliberated(
    world: World,
    *,
    conclusion: str = "admit",
    said: str = "经费要到位。",
    responded: bool = True,
    **options: object,
) -> Application:
    """Objections responded to, heard, concluded, minutes closed."""
    application, meeting = scheduled(world, **options)
    if responded:
        respond_all(world, application)
    hold(world, meeting, conclusion=conclusion, said=said)
    return Application.objects.get(pk=application.pk)


def hold(world: World, meeting: Meeting, *, conclusion: str = "admit", said: str = "经费要到位。") -> None:
    """Hold a meeting with everybody present and close its minutes."""
    heard = [
        actions.Heard(item, "专题汇报。", conclusion, "结论说明。", [{"speaker": "编办", "text": said}] if said else [])
        for item in AgendaItem.objects.filter(meeting=meeting)
    ]
    present = {world.units[key]: "副局长" for key in ("org", "host", "staffing", "legal")}
    actions.record_meeting(
        meeting, by=world.actors["office"], at=world.at(), present=present, heard=heard, minutes="会议纪要。"
    )
    actions.close_minutes(meeting, by=world.actors["deputy"], at=world.at())


def awaiting(world: World, *, by: str = "dept", **options: object) -> Application:
    """The ordinary procedure up to the approval."""
    application = deliberated(world, by=by, **options)
    for item in application.agenda_items.all():
        for opinion in item.opinions.filter(answered_at__isnull=True):
            actions.answer_meeting_opinion(
                opinion, by=world.actors[by], at=world.at(), fate="adopted", answer="已列入预算。"
            )
    return actions.request_approval(application, by=world.actors["office"], at=world.at())


def awaiting_simple(world: World, **options: object) -> Application:
    """The simple procedure up to the approval, the members' window over."""
    application = screening(world, **options)
    application = actions.propose_simple(application, by=world.actors["office"], at=world.at(), findings=FINDINGS)
    world.jump(days=7)
    return application


def approved(world: World, **options: object) -> Application:
    """Approved by the deputy."""
    return actions.approve(awaiting(world, **options), by=world.actors["deputy"], at=world.at(), text="同意准入。")


def noticed(world: World, **options: object) -> Application:
    """The notice is out and the list has changed."""
    application = approved(world, **options)
    actions.issue_notice(application, by=world.actors["office"], at=world.at())
    return Application.objects.get(pk=application.pk)


def filed(world: World, **options: object) -> Application:
    """Closed."""
    application = noticed(world, **options)
    actions.file_application(application, by=world.actors["office"], at=world.at())
    return Application.objects.get(pk=application.pk)


def withdrawn(world: World, **options: object) -> Application:
    """Taken back during consultation."""
    application = consulted(world, **options)
    return actions.withdraw(application, by=world.actors["dept"], at=world.at(), reason="改由部门自己做。")


def returned(world: World, **options: object) -> Application:
    """Sent back for correction."""
    application = consulted(world, **options)
    application = actions.submit(application, by=world.actors["dept"], at=world.at())
    defects = [{"part": "经费", "what": "写明拨付到哪个账户。"}]
    return actions.return_for_correction(application, by=world.actors["office"], at=world.at(), defects=defects)


def carry_through(world: World, application: Application) -> Application:
    """A finished draft through the simple procedure to its notice."""
    dept, office = world.actors["dept"], world.actors["office"]
    application = actions.open_consultation(application, by=dept, at=world.at())
    answer_all(world, application)
    application = actions.submit(application, by=dept, at=world.at())
    application = actions.accept(application, by=office, at=world.at())
    application = actions.begin_screening(application, by=office, at=world.at())
    application = actions.propose_simple(application, by=office, at=world.at(), findings=FINDINGS)
    world.jump(days=7)
    application = actions.approve(application, by=world.actors["deputy"], at=world.at(), text="同意。")
    actions.issue_notice(application, by=office, at=world.at())
    return Application.objects.get(pk=application.pk)


def screening_by_substitute(world: World) -> Application:
    """The host of the office applies; the organisation department does the office's work (A-9)."""
    application = consulted(world, by="host", stances={world.streets[1].code: "objection"})
    application = actions.submit(application, by=world.actors["host"], at=world.at())
    application = actions.accept(application, by=world.actors["member"], at=world.at())
    return actions.begin_screening(application, by=world.actors["member"], at=world.at())


def plan_by_substitute(world: World, application: Application) -> Meeting:
    """The substitute coordinates and puts it on the agenda."""
    stand_in = world.actors["member"]
    application = actions.begin_coordination(application, by=stand_in, at=world.at(), findings=FINDINGS)
    actions.record_contact(
        application,
        by=stand_in,
        at=world.at(),
        department=world.units["legal"],
        held_on=date(2026, 11, 2),
        summary="同意。",
    )
    for point in application.coordination.points.all():
        actions.handle_point(point, by=stand_in, at=world.at(), result="to_meeting", reason="未能一致。")
    when = world.soon()
    meeting = actions.plan_meeting(
        by=stand_in, at=when, planned_at=when, place="三楼", chair="director", beside=planned()
    )
    actions.schedule_meeting(application, by=stand_in, at=world.at(), meeting=meeting)
    return meeting


WAYS: dict[State, Callable[[World], Application]] = {
    State.DRAFT: drafted,
    State.PRE_CONSULTATION: consulted,
    State.SUBMITTED: lambda world: actions.submit(consulted(world), by=world.actors["dept"], at=world.at()),
    State.RETURNED: returned,
    State.ACCEPTED: lambda world: actions.accept(
        actions.submit(consulted(world), by=world.actors["dept"], at=world.at()),
        by=world.actors["office"],
        at=world.at(),
    ),
    State.SCREENING: screening,
    State.COORDINATION: coordinating,
    State.MEETING_SCHEDULED: lambda world: scheduled(world)[0],
    State.DELIBERATED: deliberated,
    State.DEFERRED: lambda world: deliberated(world, conclusion="defer"),
    State.AWAITING_APPROVAL: awaiting,
    State.APPROVED: approved,
    State.REJECTED: lambda world: actions.reject(
        awaiting(world, conclusion="refuse"), by=world.actors["deputy"], at=world.at(), text="不宜由社区承担。"
    ),
    State.NOTICE_ISSUED: noticed,
    State.FILED: filed,
    State.WITHDRAWN: withdrawn,
}
"""A way to every state."""
