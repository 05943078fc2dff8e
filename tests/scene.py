"""One county with something in every state and an account for every role, beside a county where nothing is theirs.

For the tests that go over every page: who may open it, what it says, how many queries it takes, how it looks.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import time_machine
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from admission import actions
from admission.models import Application, Meeting, Opinion
from admission.procedure import Kind, State
from base import files
from base.models import User
from communities import actions as communities
from communities.models import Community, Department, Division, ImportRun
from communities.roles import Actor, Role, system
from tests.admission.world import (
    FIELDS,
    PLAN,
    WAYS,
    World,
    awaiting_simple,
    consulted,
    coordinating,
    deliberated,
    drafted,
    filed,
    make_world,
)
from tests.admission.world import screening_by_substitute as recused
from tests.base.made import PDF, upload
from tests.factories import PASSWORD, admitted, city_edition, content, county_draft, county_edition, row
from worklists import actions as worklists
from worklists import registers, rows
from worklists.models import ItemList, RegisterRule
from worklists.receiving import actions as receiving
from worklists.receiving import supervising
from worklists.receiving.refusing import Asked, refuse

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
"""The day of the tests that open pages: after everything that `make_world` and its ways have done."""
SINCE = date(2026, 1, 1)
HERE, ABROAD = "430211", "430204"
REPORTER = "嵩山1社区"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

VISITOR, NOBODY, ROOT = "visitor", "nobody", "root"
"""Not signed in; signed in without a post; the same, but a superuser of Django's tables."""
# who: role, territory, unit
POSTS: dict[str, tuple[Role, str, str]] = {
    "dept": (Role.APPLICANT, HERE, "应急管理局"),
    "other_dept": (Role.APPLICANT, HERE, "教育局"),
    "host": (Role.APPLICANT, HERE, "民政局"),
    "office": (Role.OFFICE, HERE, "民政局"),
    "director": (Role.DIRECTOR, HERE, ""),
    "deputy": (Role.DEPUTY, HERE, ""),
    "member": (Role.MEMBER, HERE, "组织部"),
    "alternate": (Role.ALTERNATE, HERE, "编办"),
    "street": (Role.STREET, "430211001", "嵩山路街道办事处"),
    "other_street": (Role.STREET, "430211002", "泰山路街道办事处"),
    "third_street": (Role.STREET, "430211003", "栗雨街道办事处"),
    "community": (Role.COMMUNITY, "430211001001", ""),
    "other_community": (Role.COMMUNITY, "430211002001", ""),
    "third_community": (Role.COMMUNITY, "430211003001", ""),
    "city": (Role.CITY, "4302", ""),
    "auditor": (Role.AUDITOR, HERE, ""),
    "admin": (Role.ADMIN, HERE, ""),
    "hr": (Role.HR, HERE, ""),
    "worker": (Role.WORKER, "430211001001", ""),
    "foreign_dept": (Role.APPLICANT, ABROAD, "公安局"),
    "foreign_office": (Role.OFFICE, ABROAD, "石峰民政局"),
    "foreign_director": (Role.DIRECTOR, ABROAD, ""),
    "foreign_member": (Role.MEMBER, ABROAD, "石峰组织部"),
    "foreign_street": (Role.STREET, "430204001", "田心街道办事处"),
    "foreign_community": (Role.COMMUNITY, "430204001001", ""),
    "foreign_auditor": (Role.AUDITOR, ABROAD, ""),
    "foreign_admin": (Role.ADMIN, ABROAD, ""),
    "foreign_city": (Role.CITY, "4301", ""),
}
EVERYBODY = (VISITOR, NOBODY, ROOT, *POSTS)


@dataclass
class Scene:
    """Everything that pages can be about, by a name."""

    world: World
    cases: dict[str, Application]
    whole: bool = False
    size: int = 1
    accounts: dict[str, User] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)

    def sign_in(self) -> None:
        """A browser for everybody."""
        for who in EVERYBODY:
            self.clients[who] = Client()
            if who != VISITOR:
                self.clients[who].force_login(self.accounts[who], backend=BACKEND)


@contextmanager
def now() -> Iterator[None]:
    """The clock of the doorways stands at `NOW` and goes on."""
    with time_machine.travel(NOW):
        yield


def make_scene(states: Sequence[State] = tuple(State), *, size: int = 1) -> Scene:
    """The county, its neighbour, the cases (in the states named), lists, files, accounts; `size` times as much of all
    that pages count."""
    world = make_county()
    enlarge(world, size)
    scene = Scene(world, {}, whole=set(states) == set(State), size=size)
    scene.things["edition"] = publish_list(world)
    scene.things["guidance"] = scene.things["edition"].based_on
    make_rules(scene)
    make_receipts_of_work(scene)
    make_cases(scene, states)
    make_drafts_of_lists(scene)
    scene.cases["foreign"] = make_neighbour(scene)
    make_accounts(scene)
    scene.sign_in()
    return scene


def title_of(name: str) -> str:
    """The title of a case: it occurs nowhere else, so that a page which shows it has shown this case."""
    return f"〔{name}〕{FIELDS['title']}"


def place(code: str, name: str, kind: str) -> Division:
    """A division; a community with its facts."""
    made = Division.objects.create(code=code, name=name, kind=kind)
    if kind == Division.Kind.COMMUNITY:
        Community.objects.create(division=made, kind="urban", changed_at=NOW)
    return made


def make_county() -> World:
    """With a third street, which is in no scope, and a department that applies for nothing."""
    world = make_world()
    third = place("430211003", "栗雨街道", "street")
    place("430211003001", "栗雨1社区", "community")
    Department.objects.create(division=world.county, name="栗雨街道办事处", kind="street_office", street=third)
    Department.objects.create(division=world.county, name="教育局")
    return world


def enlarge(world: World, size: int) -> None:
    """More streets in every scope, more communities in every street, more units, more rows in every form."""
    world.rows = size
    for n in range(4, 3 + size):
        street = place(f"43021100{n}", f"第{n}街道", "street")
        unit = Department.objects.create(
            division=world.county, name=f"第{n}街道办事处", kind="street_office", street=street
        )
        world.streets.append(street)
        world.actors[street.code] = Actor(None, None, Role.STREET, street.code, unit.pk, unit.name)
    for street in world.streets:
        for n in range(3, 2 * size + 1):
            made = place(f"{street.code}{n:03}", f"{street.name[:2]}{n}社区", "community")
            world.actors[made.code] = Actor(None, None, Role.COMMUNITY, made.code, None, made.name)
    for n in range(1, size):
        Department.objects.create(division=world.county, name=f"第{n}局")


def publish_list(world: World) -> ItemList:
    """The city's list and the county's own."""
    titles = ("维护社会稳定", "出租房屋登记", "燃气安全宣传", *(f"第{n}项工作" for n in range(1, 5 * (world.rows - 1))))
    listed = [row(n, title, department="应急管理局") for n, title in enumerate(titles, start=1)]
    guidance = city_edition(Division.objects.get(code="4302"), rows=listed, starts_on=date(2019, 1, 1), at=world.at())
    return county_edition(guidance, world.county, starts_on=date(2019, 6, 1), at=world.at())


def make_cases(scene: Scene, states: Sequence[State]) -> None:
    """One case for each state and each way of applying; each with its own title and a file."""
    world = scene.world
    ways = {state.value: WAYS[state] for state in states}
    ways |= {
        "simple": awaiting_simple,
        "own": lambda world: consulted(world, by="street0"),
        "on_behalf": lambda world: drafted(world, by="street0", applicant=world.units["dept"]),
        "recused": recused,
        "withdrawn_draft": lambda world: actions.withdraw(
            drafted(world), by=world.actors["dept"], at=world.at(), reason="不办了。"
        ),
    }
    if scene.size > 1:
        ways |= {
            name: partial(way, stances={street.code: "objection" for street in world.streets})
            for name, way in {"coordination": coordinating, "deliberated": deliberated, "filed": filed}.items()
            if name in ways
        }
    for name, way in ways.items():
        for n in range(scene.size):
            world.title = title_of(name if n == 0 else f"{name}#{n}")
            case = way(world)
            scene.cases.setdefault(name, case)
        for _again in range(scene.size):
            attach(scene, name)
    if scene.size > 1:
        ask_again(scene, scene.cases[State.PRE_CONSULTATION])
    planned = [case for name, case in scene.cases.items() if name == State.MEETING_SCHEDULED]
    if planned:
        scene.things["meeting"] = planned[0].agenda_items.get().meeting
        share_a_meeting(scene, scene.things["meeting"])
    for seq, kind in enumerate((Kind.CHANGE, Kind.EXIT), start=1):
        listed = scene.things["edition"].entries.get(seq=seq).item
        world.title = title_of(kind.value)
        scene.cases[kind.value] = consulted(world, kind=kind, item=listed)
        attach(scene, kind.value)


def ask_again(scene: Scene, case: Application) -> None:
    """A second version of the plan goes to everybody who was asked about the first."""
    world, dept = scene.world, scene.world.actors["dept"]
    rows = actions.DraftRows(plan={"powers": "社区只登记。"})
    actions.save_draft(case, by=dept, at=world.at(), rows=rows)
    bodies = [opinion.body for opinion in Opinion.objects.current(case).select_related("body")]
    actions.reopen_consultation(case, by=dept, at=world.at(), bodies=bodies)


def attach(scene: Scene, name: str) -> None:
    """A file on an application that is still open."""
    case = scene.cases[name]
    if case.is_closed:
        return
    by = applicant_of(scene, case)
    kept = files.keep(upload(f"{name}.pdf", PDF), by=by, at=scene.world.at(), county=case.county.code)
    actions.add_file(case, by=by, at=scene.world.at(), attachment=kept, purpose="plan")


def applicant_of(scene: Scene, case: Application) -> Actor:
    """Who filed it."""
    filer = case.prepared_by_id or case.applicant_id
    return next(actor for actor in scene.world.actors.values() if actor.unit_id == filer and actor.role in APPLIES)


APPLIES = {Role.APPLICANT, Role.STREET}


def share_a_meeting(scene: Scene, meeting: Meeting) -> None:
    """A street's own application is heard at the same meeting as the department's."""
    world, office = scene.world, scene.world.actors["office"]
    world.title = title_of("shared")
    case = coordinating(world, by="street0", stances={world.streets[1].code: "objection"})
    Meeting.objects.filter(pk=meeting.pk).update(planned_at=world.soon())  # put off, so that the case still gets on
    scene.cases["shared"] = actions.schedule_meeting(case, by=office, at=world.at(), meeting=meeting)
    attach(scene, "shared")


def make_receipts_of_work(scene: Scene) -> None:
    """Work that nobody approved, reported and passed on; an item that ended, filed and commented on."""
    world, at = scene.world, scene.world.at
    dept, community = world.actors["dept"], world.actors["community0"]
    handed = receiving.Handed(
        department_text="应急管理局", department=world.units["dept"], what="沿街商铺门前三包登记",
        details=f"在“{REPORTER}工作群”里要求一周内报表。", channel="group_chat", happened_on=date(2026, 10, 30),
        done="waiting",
    )  # fmt: skip
    for n in range(scene.size):
        report = receiving.report_work(handed, uploads=[upload(f"截图{n}.pdf", PDF)], by=community, at=at())
    asked = world.units["dept"]
    scene.things["report"] = receiving.pass_on(report, department=asked, by=world.actors["office"], at=at())
    refused = Asked(
        what="每天在群里打卡", department=asked, department_text="", channel="group_chat",
        happened_on=date(2026, 10, 30), wrong="unapproved",
    )  # fmt: skip
    for _n in range(scene.size):
        scene.things["refusal"] = refuse(refused, picked=None, by=community, at=at())
    of_host = replace(handed, department_text="民政局", department=world.units["host"], what="高龄老人逐户拍照认证")
    for n in range(scene.size):
        scene.things["report of host"] = receiving.report_work(
            of_host, uploads=[upload(f"通知{n}.pdf", PDF)], by=community, at=at()
        )
    make_supervision(scene, replace(handed, what="商铺台账每周更新", wrongs=("ledger", "unfunded")))
    said = content("健康体检组织发动", department_id=asked.pk, department_text=asked.name)
    for name in ("item", "ended"):
        scene.things[name] = admitted(
            world.county, said=replace(said, title=f"健康体检组织发动（{name}）"), scope=[HERE],
            starts_on=date(2026, 9, 1), ends_on=date(2027, 6, 30), at=at(),
        )  # fmt: skip
    scene.things["filing"] = worklists.file_completion(
        scene.things["ended"], kind="completed", ended_on=date(2026, 10, 30), reason="任务完成", results="查了 300 人",
        unfinished="", handover="", by=dept, at=at(),
    )  # fmt: skip
    for _again in range(scene.size):
        worklists.comment_filing(scene.things["filing"], text="没有未了的事。", by=community, at=at())


def make_rules(scene: Scene) -> None:
    """What the portal carries, and what the county forbids besides."""
    since = DateRange(date(2026, 1, 1), None)
    own = [
        RegisterRule(
            owner_code=HERE, subject_type="proof", stance="forbidden", is_binding=True, title=f"证明{n}",
            basis=f"文件{n}", in_force=since,
        )
        for n in range(scene.size)
    ]  # fmt: skip
    worklists.enter_rules([*registers.carried(), *own], by=system(), at=scene.world.at())


def make_supervision(scene: Scene, handed: receiving.Handed) -> None:
    """A report that became a case, with answers and files; a case of the city's own."""
    world, at = scene.world, scene.world.at
    dept, office = world.actors["dept"], world.actors["office"]
    charge = supervising.Charge(
        unit=world.units["dept"], matter="商铺台账每周更新", basis="《指导意见》第四条", demand="停止，退还台账。"
    )
    for n in range(scene.size):
        report = receiving.report_work(handed, by=world.actors["community0"], at=at())
        case = supervising.supervise_report(report, charge, by=office, at=at())
        for again in range(scene.size):
            file = upload(f"答复{n}{again}.pdf", PDF)
            supervising.answer_case(case, text="已停止。", uploads=[file], by=dept, at=at())
        city = supervising.open_case(
            replace(charge, unit=Department.objects.get(name="教育局"), matter="抽调社区工作人员"),
            by=Actor(None, None, Role.CITY, "4302", None, "株洲市"), at=at(),
        )  # fmt: skip
    scene.things |= {"supervised report": report, "case": case, "case of city": city}


def make_drafts_of_lists(scene: Scene) -> None:
    """A draft edition and a file that was read but not confirmed, both of the county's office."""
    world, office = scene.world, scene.world.actors["office"]
    guidance = ItemList.objects.get(owner__code="4302")
    draft = county_draft(guidance, world.county, starts_on=date(2027, 7, 1), at=world.at())
    scene.things["edition_draft"] = draft
    reading = rows.read("list.csv", "部门,类别,事项\n公安局,协助,预览中的事项\n公安局,协助,\n".encode())
    head = worklists.Head(title="预览中的清单", issue_number="", issued_on=None, starts_on=date(2027, 8, 1))
    scene.things["preview"] = worklists.preview_edition(
        world.county, head=head, reading=reading, by=office, at=world.at()
    )
    scene.things["import"] = ImportRun.objects.create(
        what="divisions", county=HERE, rows=1, started_by="平台", started_at=world.at(), state="preview",
        report={"new": 0, "changed": 0, "same": 1, "bad": 0, "refusals": [], "changes": []},
    )  # fmt: skip


def make_neighbour(scene: Scene) -> Application:
    """The county next door with one application of its own."""
    county = place(ABROAD, "石峰区", "county")
    street = place("430204001", "田心街道", "street")
    place("430204001001", "田心1社区", "community")
    place("4301", "长沙市", "city")
    dept = Department.objects.create(division=county, name="公安局")
    Department.objects.create(division=county, name="石峰民政局", hosts_office=True)
    Department.objects.create(division=county, name="石峰组织部")
    Department.objects.create(division=county, name="田心街道办事处", kind="street_office", street=street)
    by = Actor(None, None, Role.APPLICANT, ABROAD, dept.pk, dept.name)
    at = scene.world.at
    case = actions.draft_application(by=by, at=at(), kind=Kind.ADMISSION)
    case = actions.save_draft(
        case, by=by, at=at(), fields={**FIELDS, "title": title_of("foreign")},
        rows=actions.DraftRows(bases=[], prior_contacts=[], scope=[street], plan=PLAN),
    )  # fmt: skip
    return actions.open_consultation(case, by=by, at=at())


def make_accounts(scene: Scene) -> None:
    """An account with one post for each role, one without any; the administrators may enter Django's tables."""
    scene.accounts[NOBODY] = User.objects.create_user(NOBODY, password=PASSWORD)
    scene.accounts[ROOT] = User.objects.create_superuser(ROOT, password=PASSWORD)
    for who in POSTS:
        account(scene, who)
    for n in range(1, 5 * scene.size):
        scene.accounts[f"auditor{n}"] = User.objects.create_user(f"auditor{n}")
        communities.appoint(
            scene.accounts[f"auditor{n}"], role=Role.AUDITOR, division=scene.world.county, starts_on=SINCE,
            by=system(), at=scene.world.at(),
        )  # fmt: skip


def account(scene: Scene, who: str) -> None:
    """One account with its post."""
    role, code, unit = POSTS[who]
    user = User.objects.create_user(who, password=PASSWORD, is_staff=role is Role.ADMIN)
    scene.accounts[who] = user
    scene.things[f"post of {who}"] = communities.appoint(
        user, role=role, division=Division.objects.get(code=code),
        unit=Department.objects.get(name=unit) if unit else None, starts_on=SINCE, by=system(), at=scene.world.at(),
    )  # fmt: skip
